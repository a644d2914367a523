"""Numbers written as words, made digits, so that one reading of digits serves all."""

from __future__ import annotations

import re

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

        parts = _SCALED.split(text)
        return "".join(part if i % 2 else str(alpha2digit(part, language)) for i, part in enumerate(parts))
    return text


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
