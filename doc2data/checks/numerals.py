"""Numbers written as words, made digits, so that one reading of digits serves all."""

from __future__ import annotations

import re
from functools import cache

from doc2data.checks.units import known_unit
from doc2data.checks.vocabulary import vocabulary

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "兩": 2}
_UNITS = {"十": 10, "百": 100, "千": 1000}
_BIG = {"万": 10_000, "萬": 10_000, "亿": 10**8, "億": 10**8}
CHINESE_NUMERALS = "零〇一二两兩三四五六七八九十百千万萬亿億"
_MEASURE = (
    "毫?秒|分[钟鐘]|小[时時]|[天周年月日号號次个個台臺人名章节節条條项項步倍岁歲件位只隻种種层層度页頁张張元米克升吨噸届屆集部座所家支篇场場]|"
    "公[里斤尺分]|毫米|厘米|千[米克瓦帕]|兆帕|世[纪紀]"
)
_CHINESE = re.compile(rf"第?([{CHINESE_NUMERALS}]{{2,}}|[二两兩三四五六七八九十百](?=\s?(?:{_MEASURE})))(?=.?)")
_SCALED = re.compile(
    r"(?i)(\d[\d.,]*\s+(?:hundred|thousand|millions?|billion|trillion|tausend|millionen|milliarden?|mille|milliards?)\b|\n)"
)
"""A number in digits with a word for its scale, which stays as it is; lines are read one by one."""
_WORD_LANGUAGES = frozenset({"en", "fr", "es", "pt", "de", "it", "nl"})


def with_digits(text: str, language: str) -> str:
    """The text with spelled-out numbers as digits: "three hours" becomes "3 hours", 十二台 becomes 12台."""
    if language in ("zh", "ja"):
        return _CHINESE.sub(_chinese, text)
    if language in _WORD_LANGUAGES:
        from text_to_num import alpha2digit  # type: ignore[import-untyped]

        parts = _SCALED.split(_with_small(text, language))
        return "".join(part if i % 2 else str(alpha2digit(part, language)) for i, part in enumerate(parts))
    return text


def _with_small(text: str, language: str) -> str:
    """The text with the words for one and two as digits where a unit follows; elsewhere they may be no numbers."""
    small = vocabulary(language).small_numbers

    def digit(found: re.Match[str]) -> str:
        return f"{small[found['word'].lower()]} " if known_unit(found["unit"], language) else found.group()

    return before_unit(tuple(small)).sub(digit, text) if small else text


@cache
def before_unit(words: tuple[str, ...]) -> re.Pattern[str]:
    """One of some words, and in `unit` the word that follows."""
    return re.compile(rf"\b(?P<word>{'|'.join(words)})\s+(?=(?P<unit>[^\W\d_]+))", re.IGNORECASE)


def _chinese(found: re.Match[str]) -> str:
    numeral = found.group(1)
    value = chinese_value(numeral)
    return found.group() if value is None else found.group().replace(numeral, str(value))


def chinese_value(numeral: str) -> int | None:
    """The value of a Chinese numeral, read by place (三十二) or digit by digit (二〇一六); None where it is neither."""
    if all(c in _DIGITS for c in numeral):
        return int("".join(str(_DIGITS[c]) for c in numeral))
    total, section, digit = 0, 0, 0
    for c in numeral:
        if c in _DIGITS:
            digit = _DIGITS[c]
        elif c in _UNITS:
            section += (digit or 1) * _UNITS[c]
            digit = 0
        else:
            total = (total + section + digit) * _BIG[c]
            section = digit = 0
    return total + section + digit or None
