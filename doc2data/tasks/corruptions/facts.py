"""A number, unit, identifier or name exchanged for one that could stand there."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from doc2data.tasks.corruptions.ground import Ground, Wrong, exchanged

_NUMBER = re.compile(
    r"(?<![\w.,/-])\d[\d,.]*(?<![.,])(?![\w/-])"
    r"|(?<![\w.,/-])\d[\d,.]*(?<![.,])(?=[a-zµμΩ°%]{1,3}\b)"
    r"|(?<=[\u4e00-\u9fff])\d[\d,.]*(?<![.,])(?=[\u4e00-\u9fff])"
)
_LIST_NUMBER = re.compile(r"(?m)^\s*\d{1,2}[.)]\s")
_UNITS = (
    ("mm", "cm"), ("cm", "mm"), ("m", "cm"), ("km", "m"), ("µm", "mm"), ("μm", "mm"), ("kg", "g"), ("g", "kg"),
    ("mg", "g"), ("t", "kg"), ("mL", "L"), ("ml", "l"), ("L", "mL"), ("l", "ml"), ("litres", "millilitres"),
    ("liters", "milliliters"), ("seconds", "minutes"), ("second", "minute"), ("minutes", "hours"), ("minute", "hour"),
    ("hours", "days"), ("hour", "day"), ("days", "weeks"), ("day", "week"), ("weeks", "months"), ("week", "month"),
    ("months", "weeks"), ("month", "week"), ("years", "months"), ("year", "month"), ("s", "min"), ("min", "h"),
    ("h", "min"), ("bar", "mbar"), ("mbar", "bar"), ("kPa", "MPa"), ("MPa", "kPa"), ("Pa", "kPa"), ("°C", "°F"),
    ("°F", "°C"), ("V", "mV"), ("mV", "V"), ("A", "mA"), ("mA", "A"), ("kW", "W"), ("W", "kW"), ("Hz", "kHz"),
    ("kHz", "MHz"), ("MHz", "kHz"), ("N·m", "kN·m"), ("Nm", "kNm"), ("percent", "per mille"), ("miles", "feet"),
    ("feet", "inches"), ("MB", "GB"), ("GB", "MB"), ("mg/L", "g/L"), ("L/h", "L/min"), ("mL/min", "L/min"),
    ("公里", "米"), ("毫米", "厘米"), ("厘米", "毫米"), ("米", "厘米"), ("公斤", "克"), ("千克", "克"), ("毫升", "升"),
    ("升", "毫升"), ("小时", "天"), ("小時", "天"), ("分钟", "小时"), ("分鐘", "小時"), ("秒", "分钟"), ("天", "周"),
    ("个月", "周"), ("年", "个月"), ("吨", "公斤"), ("噸", "公斤"),
)  # fmt: skip
"""Each unit with another of its dimension, by which it is easily mistaken."""
_LONGEST_FIRST = "|".join(sorted((re.escape(unit) for unit, _ in _UNITS), key=len, reverse=True))
_UNIT = re.compile(rf"(?<=\d)(\s?)({_LONGEST_FIRST})(?![A-Za-z/·²³\d])")
_CODE = re.compile(r"\b(?:[A-Z]{1,5}-?\d+[A-Za-z0-9-]*|\d{3,}(?:-\d{2,})+)\b", re.ASCII)
"""E-07, PX-7, 4100-331."""
_SERIES = re.compile(r"[A-Z]+-?|\d+-")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_WHOLE_NAME = re.compile(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_HAN_NAME = re.compile(r"[\u4e00-\u9fff·]{2,8}")
_MONTHS = frozenset(
    "January February March April May June July August September October November December".split()  # noqa: SIM905
)
_PROPOSALS = 6


def number(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A number as another passage has it with the same unit, or one of the same shape."""
    marks = {match.start() for match in _LIST_NUMBER.finditer(ground.answer)}
    places = [m for m in _NUMBER.finditer(ground.answer) if m.start() not in marks]
    for match in draw.sample(places, len(places))[:_PROPOSALS]:
        behind = ground.answer[match.end() :]
        known = {_plain(m.group()) for m in _NUMBER.finditer(f"{ground.evidence}\n{ground.question}")}
        for other in [*_same_unit(behind, ground), *_misread(match.group(), draw)]:
            if _plain(other) not in known:
                yield exchanged(ground, match.start(), match.end(), other)
                break


def unit(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A unit of the same dimension, so that the quantity is off by a factor."""
    other = dict(_UNITS)
    places = list(_UNIT.finditer(ground.answer))
    for match in draw.sample(places, len(places))[:_PROPOSALS]:
        yield exchanged(ground, match.start(2), match.end(2), other[match.group(2)])


def identifier(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A code of the same series as another passage has it, or with a digit misread."""
    found = list(dict.fromkeys(_CODE.findall(ground.answer)))
    series = {code for text in ground.elsewhere.texts for code in _CODE.findall(text)}
    for code in draw.sample(found, len(found))[:_PROPOSALS]:
        prefix = _SERIES.match(code)
        alike = sorted(other for other in series if prefix and other.startswith(prefix[0]) and len(other) == len(code))
        own = [other for other in alike if not ground.holds(other)]
        other = draw.choice(own) if own else _digit_misread(code, draw)
        if not ground.holds(other):
            yield Wrong(re.sub(rf"\b{re.escape(code)}\b", other, ground.answer), code, other)


def entity(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A name that another passage is about in the place of this one's."""
    names = [name for name in ground.named if _stands(name, ground.answer)]
    if ground.language != "zh":
        whole = _WHOLE_NAME.fullmatch(ground.answer)
        names += [m.group() for m in _NAME.finditer(ground.answer)] or ([whole.group()] if whole else [])
    names = [name for name in dict.fromkeys(names) if name not in _MONTHS]
    for name in draw.sample(names, len(names))[:_PROPOSALS]:
        others = [other for other in ground.elsewhere.names if _fits(other, name, ground)]
        if others:
            start = ground.answer.index(name)
            yield exchanged(ground, start, start + len(name), draw.choice(others))


def _stands(name: str, answer: str) -> bool:
    """Whether an answer names a thing so: a single word that only opens a sentence may be no name."""
    if any(c.isdigit() for c in name) or not re.search(rf"(?<!\w){re.escape(name)}(?!\w)|[\u4e00-\u9fff]", answer):
        return False
    plain = " " not in name and name[1:].islower()
    return name in answer and not (plain and re.search(rf"(?:^|[.!?:] |\n){re.escape(name)}", answer))


def _form(name: str) -> tuple[bool, bool, bool]:
    """What two names have in common that can stand in each other's place."""
    return name[0].isupper(), name.isupper(), any(c.isdigit() for c in name)


def _fits(other: str, name: str, ground: Ground) -> bool:
    """Whether a name could stand where another does: of the same script and form, and nothing that is told here."""
    if _HAN_NAME.fullmatch(name):
        return bool(_HAN_NAME.fullmatch(other)) and not ground.holds(other)
    told = any(ground.holds(word[:5]) for word in other.split())
    alike = _HAN_NAME.search(other) is None and _form(name) == _form(other)
    return alike and not told and (" " in name) == (" " in other) and abs(len(name.split()) - len(other.split())) <= 1


def _same_unit(behind: str, ground: Ground) -> list[str]:
    """Numbers of other passages before the same unit."""
    match = re.match(r"[ \u00a0]?([^\W\d_]{1,8}|°C|%)(?![^\W\d_])", behind)
    if match is None:
        return []
    pattern = re.compile(rf"(?<![\w.,/-])(\d[\d,.]*)(?<![.,])[ \u00a0]?{re.escape(match[1])}(?![^\W\d_])")
    found = [number for text in ground.elsewhere.texts for number in pattern.findall(text)]
    return [number for number in found if number.strip("0.,")][:_PROPOSALS]


def _misread(written: str, draw: random.Random) -> list[str]:
    """Numbers of the same shape: the first digit that counts one off, or the last one a little more."""
    digits = [i for i, c in enumerate(written) if c.isdigit()]
    last = digits[-1]
    first = next((i for i in digits if written[i] != "0"), last)
    year = re.fullmatch(r"(?:19|20)\d\d", written) is not None
    near = [(last if year else first, step) for step in draw.sample([1, -1], 2)]
    return [_with_digit(written, at, step) for at, step in [*near, (last, draw.choice([2, 3])), (last, 4)]]


def _with_digit(written: str, at: int, step: int) -> str:
    """One digit changed; a digit that would become 0 or pass 9 goes the other way."""
    digit = int(written[at])
    digit = digit + step if 0 < digit + step < 10 else digit - step
    return f"{written[:at]}{digit % 10}{written[at + 1 :]}"


def _digit_misread(code: str, draw: random.Random) -> str:
    """One digit exchanged, of those that tell the code apart in its series."""
    behind = code.find("-") + 1
    at = draw.choice([i for i, c in enumerate(code) if c.isdigit() and i >= behind] or [len(code) - 1])
    return code[:at] + str((int(code[at]) + draw.randint(1, 8)) % 10) + code[at + 1 :]


def _plain(written: str) -> str:
    return re.sub(r"\D", "", written)
