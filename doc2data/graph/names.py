"""Surface forms: what makes two spellings the same name, and where names stand in a text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

CODE = re.compile(
    r"(?<![A-Za-z0-9.\-])(?:[A-Z][A-Za-z]{0,9}-\d+(?:[./-]?[A-Za-z0-9]+)*|[A-Z]{1,6}\d+[A-Z0-9]*(?:-[A-Za-z0-9]+)*"
    r"|\d{3,}-\d{2,}(?:-\d+)*|[A-Z]{2,6}-[A-Z]{1,4}\d*)(?![A-Za-z0-9]|-[A-Za-z0-9])"
)
"""Codes and part numbers, also inside Chinese text: FS-11, 4100-331, KB-2043."""
_DASHES = re.compile(r"[‐‑‒–—−]")
_CODE_JOINT = re.compile(r"(?<=[A-Za-z])[\s-]+(?=\d)")
_HAN = re.compile(r"[㐀-鿿]")
_PLURAL_KEPT = ("ss", "us", "is", "series")


def key(name: str) -> str:
    """What spellings of one name share: width, dashes, case, plural, and the joint of a code."""
    plain = _DASHES.sub("-", unicodedata.normalize("NFKC", name)).strip()
    plain = re.sub(r"(?:'|’)s?$", "", " ".join(plain.split()))
    if CODE.fullmatch(plain) or re.fullmatch(r"[A-Z]{1,6} \d{1,4}", plain):
        return _CODE_JOINT.sub("", plain).casefold()
    return _singular(plain.casefold())


def _singular(name: str) -> str:
    if len(name) < 4 or not name.endswith("s") or name.endswith(_PLURAL_KEPT):
        return name
    if name.endswith("ies"):
        return name[:-3] + "y"
    return name[:-2] if name.endswith(("ches", "shes", "xes", "sses")) else name[:-1]


def same(one: str, other: str) -> bool:
    """Whether two spellings name the same thing as far as their letters tell."""
    return key(one) == key(other)


class Finder:
    """Finds many names in a text at once, the longest at each place."""

    def __init__(self, forms: Iterable[str]) -> None:
        """`forms` are the spellings to look for; case counts only where a form has capitals or digits."""
        self._forms: dict[str, list[str]] = {}
        for form in sorted(set(forms), key=lambda f: (-len(f), f)):
            self._forms.setdefault(_first(form), []).append(form)

    def find(self, text: str) -> Iterator[tuple[int, int, str]]:
        """(start, end, form) of every place, left to right, without overlaps."""
        lowered = text.lower()
        at = 0
        for word in re.finditer(r"[A-Za-z0-9]+|[㐀-鿿]", text):
            if word.start() < at:
                continue
            first = word.group().lower()
            for form in (*self._forms.get(first, ()), *self._forms.get(first.removesuffix("s"), ())):
                end = word.start() + len(form)
                if _stands_here(form, text, lowered, word.start(), end):
                    yield word.start(), end, form
                    at = end
                    break


def _first(form: str) -> str:
    match = re.search(r"[A-Za-z0-9]+|[㐀-鿿]", form)
    return match.group().lower() if match else form[:1].lower()


def _stands_here(form: str, text: str, lowered: str, start: int, end: int) -> bool:
    there = text[start:end] if form != form.lower() else lowered[start:end]
    if there != form:
        return False
    if _HAN.match(form[-1]):
        return True
    after = text[end : end + 2]
    plural = after[:1] == "s" and not after[1:2].isalnum()
    inside = start > 0 and text[start - 1] == "_"  # of an identifier: OS in OS_MAX_PATH_LEN is no name
    return not inside and (plural or not re.match(r"[A-Za-z0-9_]|-[A-Za-z0-9]", after))
