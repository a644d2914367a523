"""Numbers that states give to persons, by the checks of python-stdnum.

Where the form is rare and the check strong, the number speaks for itself; else a word before it, or at the head of its
column, has to say what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from importlib import import_module

from doc2data.privacy.finding import Finding, is_called


@dataclass(frozen=True, slots=True)
class _Identity:
    """One country's number."""

    country: str
    module: str
    """Under `stdnum`."""
    form: re.Pattern[str]
    cue: re.Pattern[str] | None = None
    """What has to stand before it; None where the number speaks for itself."""

    def is_valid(self, text: str) -> bool:
        valid = import_module(f"stdnum.{self.module}").is_valid(text)
        return bool(valid)


def _identity(country: str, module: str, form: str, cue: str = "") -> _Identity:
    bounded = re.compile(rf"(?<![A-Za-z0-9.+-])(?:{form})(?![A-Za-z0-9]|[-.]\d)", re.ASCII)
    return _Identity(country, module, bounded, re.compile(cue, re.IGNORECASE) if cue else None)


_IDENTITIES = (
    _identity("AU", "au.tfn", r"\d{3}[ -]?\d{3}[ -]?\d{2,3}", r"\bTFN\b|tax file"),
    _identity("BR", "br.cpf", r"\d{3}\.\d{3}\.\d{3}-\d{2}"),
    _identity("CA", "ca.sin", r"\d{3}[ -]?\d{3}[ -]?\d{3}", r"\bSIN\b|social insurance"),
    _identity("CH", "ch.ssn", r"756\.\d{4}\.\d{4}\.\d{2}"),
    _identity("CN", "cn.ric", r"\d{17}[\dXx]"),
    _identity("DE", "de.idnr", r"\d{2} ?\d{3} ?\d{3} ?\d{3}", r"steuer|\bIdNr\b|identifikationsnummer|tax id"),
    _identity("ES", "es.dni", r"\d{8}-?[A-Z]", r"\bDNI\b|\bNIF\b|identidad"),
    _identity("ES", "es.nie", r"[XYZ]-?\d{7}-?[A-Z]", r"\bNIE\b|\bNIF\b|extranjero"),
    _identity("FI", "fi.hetu", r"\d{6}[-+A]\d{3}[0-9A-Z]", r"hetu|henkilötunnus|personal identity"),
    _identity("FR", "fr.nir", r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?\d[\dAB] ?\d{3} ?\d{3} ?\d\d"),
    _identity("GB", "gb.nhs", r"\d{3}[ -]?\d{3}[ -]?\d{4}", r"\bNHS\b"),
    _identity("IN", "in_.aadhaar", r"\d{4} ?\d{4} ?\d{4}", r"aadhaar|aadhar|\bUID\b|आधार"),
    _identity("IN", "in_.pan", r"[A-Z]{5}\d{4}[A-Z]", r"\bPAN\b|permanent account"),
    _identity("IT", "it.codicefiscale", r"[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]"),
    _identity("KR", "kr.rrn", r"\d{6}-[1-4]\d{6}"),
    _identity("NL", "nl.bsn", r"\d{8,9}", r"\bBSN\b|burgerservice|sofinummer"),
    _identity("PL", "pl.pesel", r"\d{11}", r"PESEL"),
    _identity("SE", "se.personnummer", r"\d{6}(?:\d\d)?[-+]\d{4}", r"person(?:nummer|al number)"),
    _identity("US", "us.ssn", r"\d{3}-\d{2}-\d{4}", r"\bSSN\b|social security"),
)


def identities(text: str, countries: Sequence[str]) -> Iterator[Finding]:
    """ID numbers of these countries' states."""
    for identity in _IDENTITIES:
        if identity.country in countries:
            for match in identity.form.finditer(text):
                called = identity.cue is None or is_called(text, match.start(), identity.cue)
                if called and identity.is_valid(match.group()):
                    yield Finding("id", match.start(), match.end(), re.sub(r"[\s.+-]", "", match.group()).upper())
