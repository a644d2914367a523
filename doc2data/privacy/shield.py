"""Samples and texts as an export may show them: personal data flagged, masked or left out.

The project keeps every quote verbatim. Masking happens on the way out, in every text of a sample alike, so what is
masked in a quote is masked in the answer too; offsets stay those of the document as it was read.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from doc2data.privacy.finding import KINDS, Finding, Kind, apart
from doc2data.privacy.ledger import Ledger
from doc2data.privacy.scanner import Scanner
from doc2data.records import Hit, Judged, Passage, from_canonical, to_canonical

Action = Literal["off", "flag", "mask", "drop"]
MASKED = "masked"
"""Under this name a masked sample's recipe.params tell which kinds were masked in it."""
_NOT_TEXT = frozenset(("id", "kind", "language", "parent", "clues", "made_by", "status", "check", "role", "name"))
"""Keys of the canonical form whose values are names of ours, not words of documents or models."""
_DIGITS = re.compile(r"(?<![\w+])\+?\(?\d(?:[\s().\-/]{0,3}\d){5,24}(?!\w)")
_OFTEN_BARE: tuple[Kind, ...] = ("phone", "id")
"""Kinds whose numbers need a word before them to be told, and are written without one where it is clear already."""
LEAST_DIGITS = 7
"""A number as short says nothing of a person where nothing says what it is."""


@dataclass(slots=True)
class Summary:
    """What an export did about personal data."""

    actions: Mapping[Kind, Action]
    found: Counter[Kind] = field(default_factory=Counter)
    """Accepted samples with findings, by kind."""
    flagged: int = 0
    """Accepted samples that hold personal data and are exported as they are."""
    masked: int = 0
    dropped: int = 0


class Shield:
    """Stands between a project and its exports."""

    def __init__(self, scanner: Scanner, ledger: Ledger, actions: Mapping[Kind, Action]) -> None:
        self._scanner = scanner
        self._ledger = ledger
        self._actions = actions
        self._seen: Counter[Kind] = Counter()
        self._known: dict[str, tuple[Kind, str]] = {}
        self._hidden = frozenset(kind for kind, action in actions.items() if action in ("mask", "drop"))
        self._dropped = frozenset(kind for kind, action in actions.items() if action == "drop")

    @property
    def hides(self) -> bool:
        """Whether anything is masked or left out, so that texts differ from the documents'."""
        return bool(self._hidden)

    def findings(self, text: str) -> list[Finding]:
        """What stands in a text, also where only the rest of the corpus tells that a number is one."""
        found = self._scanner.find(text)
        known = list(self._known_numbers(text))
        return apart([*found, *known]) if known else found

    def text(self, text: str) -> str:
        """A text with placeholders for what is masked or left out."""
        if not self._hidden:
            return text
        parts, at = [], 0
        for finding in self.findings(text):
            if finding.kind in self._hidden:
                parts += [text[at : finding.start], self._ledger.placeholder(finding)]
                at = finding.end
        return "".join(parts) + text[at:]

    def passage(self, passage: Passage) -> Passage:
        """A passage with placeholders; its offsets are those of the text as it was read."""
        if not self._hidden:
            return passage
        section = tuple(map(self.text, passage.section))
        return replace(passage, document=self.text(passage.document), section=section, text=self.text(passage.text))

    def hit(self, hit: Hit) -> Hit:
        """What retrieval brought back, with placeholders."""
        return replace(hit, passage=self.passage(hit.passage))

    def judged(self, samples: Iterable[Judged]) -> Iterator[Judged]:
        """Samples as they may go out; those with what is to be dropped are left out."""
        for judged in samples:
            shown = self.shown(judged)
            if shown is not None:
                yield shown

    def shown(self, judged: Judged) -> Judged | None:
        """A sample as it may go out, or None."""
        if not self._hidden:
            return judged
        row = to_canonical(judged)
        kinds = {finding.kind for text in _texts(row) for finding in self.findings(text)}
        if kinds & self._dropped:
            return None
        if not kinds & self._hidden:
            return judged
        masked = self._masked(row)
        masked["recipe"]["params"] = {**masked["recipe"]["params"], MASKED: sorted(kinds & self._hidden)}
        return from_canonical(masked)

    def count(self, samples: Iterable[Judged]) -> Summary:
        """Look through the accepted samples, and note in the ledger which of them hold what."""
        summary = Summary(self._actions)
        self._ledger.samples.clear()
        for judged in samples:
            found = Counter(finding.kind for text in _texts(to_canonical(judged)) for finding in self._noted(text))
            if found:
                self._ledger.samples[judged.sample.id] = {kind: found[kind] for kind in KINDS if found[kind]}
                summary.found.update(found.keys())
                summary.dropped += bool(found.keys() & self._dropped)
                summary.masked += not found.keys() & self._dropped and bool(found.keys() & self._hidden)
                summary.flagged += not found.keys() & self._hidden
        return summary

    def _noted(self, text: str) -> list[Finding]:
        found = self.findings(text)
        for finding in found:
            self._ledger.placeholder(finding)
        return found

    def _masked(self, value: Any) -> Any:
        """A canonical value with placeholders in all its texts, whatever holds them."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, list):
            return [self._masked(item) for item in value]
        if isinstance(value, dict):
            return {key: item if key in _NOT_TEXT else self._masked(item) for key, item in value.items()}
        return value

    def _known_numbers(self, text: str) -> Iterator[Finding]:
        """Numbers that stand elsewhere with a word that tells what they are, and here without."""
        known = self._digits() if _DIGITS.search(text) else {}
        for match in _DIGITS.finditer(text) if known else ():
            digits = re.sub(r"\D", "", match.group())
            if len(digits) >= LEAST_DIGITS and digits in known:
                kind, value = known[digits]
                yield Finding(kind, match.start(), match.end(), value)

    def _digits(self) -> dict[str, tuple[Kind, str]]:
        """Digits of phone and ID numbers as they may be written, to the number."""
        for kind in _OFTEN_BARE:
            if self._actions[kind] != "off":
                for value in self._ledger.values_after(kind, self._seen[kind]):
                    self._seen[kind] += 1
                    for digits in _spellings(value):
                        self._known.setdefault(digits, (kind, value))
        return self._known


def _spellings(number: str) -> Iterator[str]:
    """The digits of a number from abroad and, for a phone number, at home, with and without a leading zero."""
    import phonenumbers

    yield re.sub(r"\D", "", number)
    if number.startswith("+"):
        parsed = phonenumbers.parse(number)
        home = phonenumbers.national_significant_number(parsed)
        yield home
        yield f"0{home}"


def _texts(value: Any) -> Iterator[str]:
    """All texts of a canonical value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, dict):
        for key, item in value.items():
            if key not in _NOT_TEXT:
                yield from _texts(item)
