"""All findings of a text, none of them inside another."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence

from doc2data.privacy.addresses import emails, ip_addresses
from doc2data.privacy.credentials import secrets
from doc2data.privacy.finding import KINDS, Finding, Kind, apart
from doc2data.privacy.identities import identities
from doc2data.privacy.names import Names, Person
from doc2data.privacy.numbers import cards, ibans, phones
from doc2data.records import content_id

VERSION = 1
"""Raised when the same text would give other findings: documents are then scanned again."""
_NUMBERED = re.compile(
    r"\d(?:[^\w\n]{0,3}\d){6}|\d:[0-9A-Fa-f]|\d\.\d{1,3}\.\d|[A-Z]{6}\d|[A-Z]\d{7}|[A-Z]{2}\d\d[ A-Z\d]"
)
"""A text without it holds no number of any kind looked for."""


class Scanner:
    """Finds personal data in texts. Scans by form alone: the same text gives the same findings everywhere."""

    def __init__(self, kinds: Collection[Kind], countries: Sequence[str], people: Sequence[Person] = ()) -> None:
        """Make a scanner.

        Args:
            kinds: what to look for.
            countries: two letters each, of those whose national phone and ID numbers are looked for.
            people: names of persons.
        """
        self._kinds = tuple(kind for kind in KINDS if kind in kinds)
        self._countries = tuple(country.upper() for country in countries)
        self._names = Names(people if "name" in kinds else ())
        self.fingerprint = content_id("scanner", VERSION, self._kinds, self._countries, people)

    def find(self, text: str) -> list[Finding]:
        """Findings in the order of the text; where some overlap, the longer one."""
        return apart(self._all(text))

    def _all(self, text: str) -> Iterator[Finding]:
        yield from self._names.find(text)
        if "email" in self._kinds:
            yield from emails(text)
        if "secret" in self._kinds:
            yield from secrets(text)
        if _NUMBERED.search(text):
            yield from self._numbers(text)

    def _numbers(self, text: str) -> Iterator[Finding]:
        if "phone" in self._kinds:
            yield from phones(text, self._countries)
        if "id" in self._kinds:
            yield from identities(text, self._countries)
        if "card" in self._kinds:
            yield from cards(text)
        if "iban" in self._kinds:
            yield from ibans(text)
        if "ip" in self._kinds:
            yield from ip_addresses(text)
