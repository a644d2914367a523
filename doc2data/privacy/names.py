"""Names of persons, from the user's own list."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from doc2data.errors import SettingsError
from doc2data.privacy.finding import Finding

Person = tuple[str, ...]
"""Spellings of one person's name, the first of them the one that stands for all."""


def read_names(path: Path) -> tuple[Person, ...]:
    """A list of names: a person a line, other spellings of the name behind bars ("Anna Weber | A. Weber | 安娜").

    Raises:
        SettingsError: the file cannot be read.
    """
    try:
        lines = path.read_text(encoding="utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"Cannot read the list of names {str(path)!r}: {error}.") from error
    people = (tuple(" ".join(part.split()) for part in line.split("|") if part.strip()) for line in lines)
    return tuple(person for person in people if person and not person[0].startswith("#"))


class Names:
    """Finds the names of a list."""

    def __init__(self, people: Sequence[Person]) -> None:
        self._person = {form: person[0] for person in reversed(people) for form in _forms(person)}
        longest_first = sorted(self._person, key=lambda form: (-len(form), form))
        self._pattern = re.compile("|".join(map(_pattern, longest_first))) if longest_first else None

    def find(self, text: str) -> Iterator[Finding]:
        """Every name as a whole, over the end of a line too, as written in the list or in capitals."""
        for match in self._pattern.finditer(text) if self._pattern else ():
            yield Finding("name", match.start(), match.end(), self._person[" ".join(match.group().split())])


def _forms(person: Person) -> Iterator[str]:
    for form in person:
        yield form
        yield form.upper()


def _pattern(form: str) -> str:
    """A name with any white space between its parts, and no letter at its ends where its script has gaps."""
    words = r"\s+".join(map(re.escape, form.split()))
    before = r"(?<![^\W_])" if not _is_han(form[0]) else ""
    behind = r"(?![^\W_])" if not _is_han(form[-1]) else ""
    return before + words + behind


def _is_han(character: str) -> bool:
    return "\u3040" <= character <= "\u9fff" or "\uac00" <= character <= "\ud7af"
