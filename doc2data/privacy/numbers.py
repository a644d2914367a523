"""Phone numbers, payment cards and bank accounts, by the rules of their issuers (phonenumbers, python-stdnum)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

import phonenumbers
from stdnum import iban, luhn
from stdnum.exceptions import ValidationError

from doc2data.privacy.finding import Finding, is_called

_ABROAD = re.compile(r"(?<![\w+*/=<>.-])\+\s?\(?[1-9]\d{0,3}[\s().\-/]{0,3}\d")
_CALLED = re.compile(
    r"\b(?:tel|phone|telephone|fax|mobile|cell|hotline|telefon|mobil|handy|téléphone|portable|teléfono|móvil|telefono"
    r"|cellulare|telefoon|telefone|celular|whatsapp)\b|电话|手机|传真|热线|联系方式|座机|電話|携帯|전화",
    re.IGNORECASE,
)
_AT_HOME = re.compile(r"(?<![\w+.])\(?\d(?:[\s().\-/]{0,3}\d){5,15}(?![\w]|[.,]\d)")
_CHINESE_MOBILE = re.compile(r"(?<![\w.+-])1[3-9]\d(?:\d{8}|[ -]\d{4}[ -]\d{4})(?![\w-]|\.\d)", re.ASCII)
_HAN = re.compile(r"[\u4e00-\u9fff]")
WINDOW = 40
"""Characters around a number: no phone number is longer, and the script it stands in shows within them."""
_CARD = re.compile(r"(?<![\w.,+/-])\d{4}(?:(?:[ -]\d{4}){3}|[ -]\d{6}[ -]\d{5}|\d{10,12})(?![\w/-]|[.,]\d)", re.ASCII)
_ISSUERS = re.compile(
    r"4\d{15}|(?:5[1-5]\d\d|222[1-9]|22[3-9]\d|2[3-6]\d\d|27[01]\d|2720)\d{12}|3[47]\d{13}|6(?:011|5\d\d|4[4-9]\d)\d{12}"
    r"|35(?:2[89]|[3-8]\d)\d{12}|62\d{14}|3(?:0[0-5]|[68]\d)\d{11}"
)
"""Visa, Mastercard, American Express, Discover, JCB, UnionPay, Diners Club: first digits and length."""
_IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]){11,30}(?![a-z0-9])")


def phones(text: str, countries: Sequence[str]) -> Iterator[Finding]:
    """Phone numbers: with a plus from everywhere; national ones of these countries behind a word such as "Tel."."""
    for match in _ABROAD.finditer(text):
        yield from _phone(text, match.start(), None)
    for match in _AT_HOME.finditer(text):
        if is_called(text, match.start(), _CALLED):
            found = _at_home(_window(text, match.start()), tuple(countries))
            if found is not None:
                start, end, number = found
                yield Finding("phone", match.start() + start, match.start() + end, number)
    if "CN" in countries:
        for match in _CHINESE_MOBILE.finditer(text):
            if _HAN.search(text, max(0, match.start() - WINDOW), match.end() + WINDOW):
                yield from _phone(text, match.start(), "CN")


def _window(text: str, start: int) -> str:
    return text[start : start + WINDOW].partition("\n")[0]


@lru_cache(maxsize=4096)
def _at_home(window: str, countries: tuple[str, ...]) -> tuple[int, int, str] | None:
    """A national number, of the first country that writes its numbers so, else of the first that gives it out."""
    for leniency in (phonenumbers.Leniency.STRICT_GROUPING, phonenumbers.Leniency.VALID):
        for country in countries:
            found = _number(window, country, leniency)
            if found is not None:
                return found
    return None


def _phone(text: str, start: int, country: str | None) -> Iterator[Finding]:
    found = _number(_window(text, start), country, phonenumbers.Leniency.VALID)
    if found is not None:
        yield Finding("phone", start + found[0], start + found[1], found[2])


def _number(window: str, country: str | None, leniency: int) -> tuple[int, int, str] | None:
    """Start, end and international form of the number that a text begins with, if it is one that is given out there."""
    for match in phonenumbers.PhoneNumberMatcher(window, country, leniency, max_tries=8):
        number = phonenumbers.format_number(match.number, phonenumbers.PhoneNumberFormat.E164)
        return (match.start, match.end, number) if match.start <= 1 else None
    return None


def cards(text: str) -> Iterator[Finding]:
    """Numbers of payment cards with an issuer's first digits and a right check digit."""
    for match in _CARD.finditer(text):
        digits = re.sub(r"\D", "", match.group())
        if _ISSUERS.fullmatch(digits) and luhn.is_valid(digits) and len(set(digits)) > 1:
            yield Finding("card", match.start(), match.end(), digits)


def ibans(text: str) -> Iterator[Finding]:
    """Bank accounts with their country's length and right check digits."""
    for match in _IBAN.finditer(text):
        written = match.group()
        ends = [at for at in range(len(written), 14, -1) if at == len(written) or not written[at].isalnum()]
        for end in ends:
            number = _iban(written[:end])
            if number:
                yield Finding("iban", match.start(), match.start() + end, number)
                break


def _iban(text: str) -> str:
    try:
        return str(iban.validate(text))
    except ValidationError:
        return ""
