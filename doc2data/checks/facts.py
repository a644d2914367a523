"""The facts of a text that must not change between a source and what is said of it: dates, codes, numbers, names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from doc2data.checks.numerals import with_digits
from doc2data.checks.quantities import Quantity, quantities, units_named
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import carries_content, is_ideographic, stemmer, words

_LIST_MARK = re.compile(
    r"(?mi)^\s*(?:(?:step|schritt|étape)\s+\d{1,2}\s*[.:)]|第?[\d一二三四五六七八九十]{1,3}步?[.、):：]|\d{1,2}[.)]|(?-i:[a-z])[.)])\s"
)
_ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>()\"'，。]+|[\w.+-]+@[\w-]+\.[\w.-]+\w")
_CODE = re.compile(
    r"(?<![\w-])(?:[A-Za-z]{1,6}[-_/]?\d[\w]*(?:[-_./][A-Za-z0-9]+)*|\d+[A-Za-z][\w]*(?:[-_./][A-Za-z0-9]+)+"
    r"|\d{3,}(?:-\d{2,})+|\d+(?:\.\d+){2,}|[A-Z]{2,}(?:[-_/][A-Z0-9]+)+|[a-z]+(?:_[a-z0-9]+)+|\d{1,4}[A-Z]\d+\w*|0x[0-9A-Fa-f]+)(?![\w])",
    re.ASCII,
)
_NOT_A_CODE = re.compile(r"^(?:\d+(?:st|nd|rd|th)|[a-z]{1,3}[23](?:/[a-z]+)?|[a-z]+/[a-z]+)$", re.IGNORECASE)
_MONTH_DAY = re.compile(r"(?P<m>[^\W\d_]{3,9})\.?\s+(?P<d>\d{1,2})(?:st|nd|rd|th)?(?!\d)(?:,?\s+(?P<y>\d{4}))?")
_DAY_MONTH = re.compile(
    r"(?P<d>\d{1,2})(?:st|nd|rd|th|er|\.)?\s+(?:of\s+)?(?P<m>[^\W\d_]{3,9})\.?(?:,?\s+(?P<y>\d{4}))?"
)
_MONTH_YEAR = re.compile(r"(?P<m>[^\W\d_]{3,9})\.?,?\s+(?:of\s+)?(?P<y>\d{4})")
_ISO = re.compile(r"(?<!\d)(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})(?!\d)")
_CHINESE = re.compile(r"(?:(?P<y>\d{4})年)?(?P<m>\d{1,2})月(?:(?P<d>\d{1,2})[日号號])?")
_NUMERIC = re.compile(r"(?<![\d.])(?P<a>\d{1,2})(?P<sep>[./])(?P<b>\d{1,2})(?P=sep)(?P<y>\d{4}|\d{2})(?![\d.])")
_NAME_WORD = re.compile(r"[^\W\d_\u3040-\u9fff](?:[^\W\u3040-\u9fff]|['’&]|-(?=\w))*")


@dataclass(frozen=True, slots=True)
class Date:
    """A calendar date as far as a text gives it."""

    written: str
    year: int | None
    month: int
    day: int | None

    def within(self, other: Date) -> bool:
        """Whether everything that this date says, the other one says too."""
        mine, theirs = (self.year, self.month, self.day), (other.year, other.month, other.day)
        return all(a is None or a == b for a, b in zip(mine, theirs, strict=True))


@dataclass(frozen=True, slots=True)
class Facts:
    """What a text states that can be compared to the letter or the value."""

    dates: tuple[Date, ...]
    codes: tuple[str, ...]
    quantities: tuple[Quantity, ...]
    names: tuple[str, ...]
    units: frozenset[str]
    """Units named without a number."""
    rest: str
    """The text without its dates, codes and quantities."""

    @property
    def count(self) -> int:
        """Facts that are no words; names are words as well."""
        return len(self.dates) + len(self.codes) + len(self.quantities)


@lru_cache(maxsize=2048)
def facts_of(text: str, language: str) -> Facts:
    """Read the facts of a text; the numbers that mark a list's items are none."""
    plain = without_list_marks(unicodedata.normalize("NFKC", text).replace("−", "-") + "\n")
    digits = with_digits(plain, language)
    digits, dates = _taken(digits, language)
    digits, codes = _codes(digits)
    found = tuple(quantities(digits, language))
    rest = digits
    for quantity in found:
        rest = rest[: quantity.start] + " " * (quantity.end - quantity.start) + rest[quantity.end :]
    return Facts(
        tuple(dates), tuple(codes), found, tuple(_names(rest, language)), frozenset(units_named(plain, language)), rest
    )


def without_list_marks(text: str) -> str:
    """The text without the numbers that lead its items."""
    return _LIST_MARK.sub(" ", text)


def folded_code(code: str) -> str:
    """A code without what people write differently: case, blanks and the kind of dash."""
    return re.sub(r"[\s_\-‐‑–—./]", "", code).casefold()


def series_of(code: str) -> str:
    """A code with its digits alike, by which those of one series are told: RM-410 and RM-420."""
    return re.sub(r"\d", "0", folded_code(code))


def _taken(text: str, language: str) -> tuple[str, list[Date]]:
    """The text with its dates blanked out, and the dates."""
    dates: list[Date] = []
    months = vocabulary(language).months or vocabulary("en").months
    for pattern in (_ISO, _NUMERIC, _CHINESE, _DAY_MONTH, _MONTH_DAY, _MONTH_YEAR):
        for match in list(pattern.finditer(text)):
            found = list(_dates(match, months))
            if found:
                dates += found
                text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text, dates


def _dates(match: re.Match[str], months: dict[str, int] | object) -> Iterator[Date]:
    groups = match.groupdict()
    year = int(groups["y"]) if groups.get("y") else None
    if "a" in groups:
        yield from _numeric_dates(match.group(), year, int(groups["a"]), int(groups["b"]))
        return
    name = groups["m"]
    if name.isdigit():
        month = int(name)
    else:
        assert isinstance(months, dict)
        # Only a capital tells May from may and March from march.
        month = months.get(name.lower(), 0) if name[0].isupper() or len(name) > 5 else 0
    day = int(groups["d"]) if groups.get("d") else None
    if 1 <= month <= 12 and (day is None or 1 <= day <= 31):
        yield Date(match.group().strip(), year, month, day)


def _numeric_dates(written: str, year: int | None, a: int, b: int) -> Iterator[Date]:
    """Both readings of 1/3/2016, where the calendar allows both."""
    full = year + 2000 if year is not None and year < 50 else (year + 1900 if year is not None and year < 100 else year)
    for day, month in {(a, b), (b, a)}:
        if 1 <= month <= 12 and 1 <= day <= 31:
            yield Date(written, full, month, day)


def _codes(text: str) -> tuple[str, list[str]]:
    """The text with its addresses, identifiers and version numbers blanked out, and those."""
    codes: list[str] = []
    for pattern in (_ADDRESS, _CODE):
        for match in list(pattern.finditer(text)):
            if not (_NOT_A_CODE.match(match.group()) or _is_quantity(match.group()) or _is_range(match.group())):
                codes.append(match.group().rstrip(".,"))
                text = text[: match.start()] + " " * len(match.group()) + text[match.end() :]
    return text, codes


def _is_range(word: str) -> bool:
    """Whether numbers with a dash between go from less to more, as 100-240 and 1990-95 do and 4100-331 does not."""
    found = re.fullmatch(r"(\d{3,})-(\d{2,})", word)
    if found is None:
        return False
    first, last = found.groups()
    return int(first) < int(last) or re.fullmatch(r"(?:1\d|20)\d\d-\d\d", word) is not None


def _is_quantity(word: str) -> bool:
    found = list(quantities(word, "en"))
    return len(found) == 1 and found[0].start == 0 and found[0].end == len(word)


def _names(text: str, language: str) -> Iterator[str]:
    """Words that are names by their capitals: inside a sentence, or in capitals throughout."""
    if is_ideographic(text):
        yield from (m.group() for m in re.finditer(r"[A-Z][^\W\d_\u3040-\u9fff]+", text))
        return
    nouns_have_capitals = language == "de"
    for match in _NAME_WORD.finditer(text):
        word = match.group()
        if not carries_content(word, language) or word.lower() in vocabulary(language).answers:
            continue
        if (
            (len(word) > 1 and word.isupper())
            or any(c.isupper() for c in word[1:])
            or (word[0].isupper() and not nouns_have_capitals and not _starts_sentence(text, match.start()))
        ):
            yield word


def _starts_sentence(text: str, position: int) -> bool:
    before = text[:position].rstrip(" \t\"'“‘(*_-–•·")
    return not before or before[-1] in ".!?:;\n。！？：；|"


def name_is_known(name: str, ground: str, ground_stems: frozenset[str], language: str) -> bool:
    """Whether a name stands in a text: its words in any form, or as the first letters of words there."""
    stem = stemmer(language)
    if all(stem(word) in ground_stems for word in words(name) if carries_content(word, language)):
        return True
    if name.isupper() and len(name) > 1:
        initials = "".join(word[0] for word in words(ground))
        return name.casefold() in initials
    return False
