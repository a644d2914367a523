"""Numbers as values: digits and words, thousands and decimal marks, units made one by their dimension.

0.5 MPa is 500 kPa, "three hours" is 3 h, 三万 is 30000.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from doc2data.checks.vocabulary import vocabulary

if TYPE_CHECKING:
    import pint

TOLERANCE = 1e-3
"""Relative difference up to which two converted values are one."""

_SYMBOLS = """
ns us µs μs ms s sec secs second seconds min mins minute minutes h hr hrs hour hours d day days week weeks month months
year years nm um µm μm mm cm dm m km inch inches ft foot feet yd yard yards mile miles mi meter meters metre metres
millimeter millimeters millimetre millimetres centimeter centimeters centimetre centimetres kilometer kilometers
kilometre kilometres micrometer micrometers mg g kg t lb lbs oz gram grams kilogram kilograms tonne tonnes ton tons
pound pounds ounce ounces ml mL cl dl l L liter liters litre litres gal gallon gallons m2 m3 cm2 cm3 mm2 mm3 km2 ft2
ft3 m² m³ cm² cm³ mm² km² Pa hPa kPa MPa GPa bar mbar psi atm °C °F ℃ ℉ degC degF K celsius fahrenheit kelvin V mV kV
volt volts A mA µA μA kA amp amps ampere amperes W mW kW MW GW watt watts kilowatt kilowatts megawatt megawatts kWh Wh
MWh J kJ MJ cal kcal N kN Nm N·m N*m Hz kHz MHz GHz hertz rpm Ω ohm ohms kΩ MΩ F µF μF nF pF dB bit bits byte bytes
kB KB MB GB TB KiB MiB GiB TiB kbit Mbit Gbit kbps Mbps Gbps bps l/min L/min l/h L/h m/s m/s² km/h mph m3/h m³/h m3/s
m³/s kg/m3 kg/m³ g/l g/L mg/l mg/L mg/kg ppm ppb ha hectare hectares acre acres ° degree degrees rad mol mmol lx lm cd
rev/min 1/min W/m² W/m2 Nl/min
""".split()  # noqa: SIM905 - a list this long reads better as text

_PINT_NAMES = {
    "Nm": "N*m", "N·m": "N*m", "°C": "degC", "°F": "degF", "℃": "degC", "℉": "degF", "celsius": "degC",
    "fahrenheit": "degF", "l/min": "L/min", "l/h": "L/h", "mi": "mile", "t": "tonne", "t.": "tonne", "ton": "tonne",
    "tons": "tonne", "KB": "kB", "kbps": "kilobit/s", "Mbps": "megabit/s", "Gbps": "gigabit/s", "bps": "bit/s",
    "°": "degree", "1/min": "rpm", "rev/min": "rpm", "gal": "gallon", "mins": "minute", "secs": "second", "sec": "second",
    "hrs": "hour", "cal": "calorie", "kcal": "kilocalorie", "lx": "lux", "lm": "lumen", "cd": "candela", "ha": "hectare",
    "amp": "ampere", "amps": "ampere", "Nl/min": "L/min", "mph": "mile/hour", "um": "µm", "lbs": "lb",
}  # fmt: skip

_LABELS = {
    "%": "%", "percent": "%", "per cent": "%", "prozent": "%", "pour cent": "%", "‰": "‰", "$": "$", "us$": "$",
    "usd": "$", "dollar": "$", "dollars": "$", "美元": "$", "€": "€", "eur": "€", "euro": "€", "euros": "€", "欧元": "€",
    "£": "£", "gbp": "£", "¥": "¥", "rmb": "¥", "元": "¥", "人民币": "¥",
}  # fmt: skip
"""Units without a dimension, each to one name."""

_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "millions": 1e6, "billion": 1e9, "trillion": 1e12, "tausend": 1e3,
    "millionen": 1e6, "milliarde": 1e9, "milliarden": 1e9, "mille": 1e3, "milliard": 1e9, "milliards": 1e9, "百万": 1e6,
    "百萬": 1e6, "万": 1e4, "萬": 1e4, "亿": 1e8, "億": 1e8, "千": 1e3, "兆": 1e12,
}  # fmt: skip

_DECIMAL_COMMA = frozenset({"de", "fr", "es", "it", "nl", "pt", "da", "sv", "no", "fi", "ru", "pl", "cs"})

_BEFORE = r"(?<![A-Za-z\d_])(?<!\d[.,])"
_NUMBER = re.compile(rf"(?:(?<![\w.])[-−–+±]\s?|{_BEFORE})\d+(?:[.,' ]\d+)*")
_ORDINAL = re.compile(r"(?:st|nd|rd|th)\b")
_SIGN = re.compile(r"^[-−–]\s?")
_GROUPED = {mark: re.compile(rf"^\d{{1,3}}(?:{re.escape(mark)}\d{{3}})+$") for mark in ",.' "}


@dataclass(frozen=True, slots=True)
class Quantity:
    """One number of a text."""

    written: str
    start: int
    end: int
    values: frozenset[float]
    """What it may mean: "1.000" is one or a thousand where the decimal mark is a comma."""
    unit: str = ""
    """A unit as the registry knows it, a label such as % or $, or empty."""

    def equals(self, other: Quantity) -> bool:
        """Whether both say the same; a number without a unit equals that number with any."""
        if not self.unit or not other.unit or self.unit == other.unit:
            return _close(self.values, other.values)
        return _close(_base(self), _base(other)) and dimension(self.unit) == dimension(other.unit)


def quantities(text: str, language: str) -> Iterator[Quantity]:
    """The numbers of a text in NFKC form, with their units, in order."""
    for found in _NUMBER.finditer(text):
        written = found.group().strip()
        end = found.end()
        if " " in written and not _GROUPED[" "].match(_SIGN.sub("", written).lstrip("+±")):
            yield from _apart(found, text, language)
            continue
        yield _quantity(written, (found.start(), end), text, language)


def dimension(unit: str) -> str:
    """The physical dimension of a unit; the unit itself where it has none."""
    if unit in _LABELS.values():
        return unit
    return str(registry().Quantity(1, unit).dimensionality) + (unit if unit in ("dB", "ppm", "ppb") else "")


def units_named(text: str, language: str) -> set[str]:
    """Units that a text names without a number, as column headers do: `Pressure (MPa)`."""
    found = set()
    for word in re.findall(r"[\[(（/,]\s?([^\s()\[\]（）,;]{1,12})\s?[\])）]", text):
        if unit := _known_unit(word, language):
            found.add(unit)
    return found


@cache
def registry() -> pint.UnitRegistry[float]:
    """The registry of units; made once, since that takes half a second."""
    import pint

    return pint.UnitRegistry(autoconvert_offset_to_baseunit=True)


def _apart(found: re.Match[str], text: str, language: str) -> Iterator[Quantity]:
    """Numbers with blanks between that are no groups of three: each its own."""
    for part in re.finditer(r"[-−–+±]?\d+(?:[.,']\d+)*", found.group()):
        start = found.start() + part.start()
        yield _quantity(part.group(), (start, found.start() + part.end()), text, language)


def _quantity(written: str, span: tuple[int, int], text: str, language: str) -> Quantity:
    values = {_signed(written, value) for value in _values(_SIGN.sub("", written).lstrip("+± "), language)}
    factor, end = _scale(text, span[1])
    unit, unit_end = _unit_after(text, end, language)
    if ordinal := _ORDINAL.match(text, span[1]):
        return Quantity(text[span[0] : ordinal.end()], span[0], ordinal.end(), frozenset(values))
    if not unit:
        unit = _LABELS.get(text[max(0, span[0] - 1) : span[0]], "")
        unit_end = end
    scaled = frozenset(value * factor for value in values)
    return Quantity(text[span[0] : unit_end].strip(), span[0], unit_end, scaled, unit)


def _signed(written: str, value: float) -> float:
    return -value if _SIGN.match(written) else value


def _values(digits: str, language: str) -> set[float]:
    found = set()
    for mark, decimal in ((",", "."), (".", ","), ("'", "."), (" ", ".")):
        whole, _, fraction = digits.partition(decimal)
        if _GROUPED[mark].match(whole) and fraction.isdigit() | (not fraction):
            if mark != "." or language in _DECIMAL_COMMA:
                found.add(float(f"{whole.replace(mark, '')}.{fraction or 0}"))
    plain = digits.replace(",", ".") if language in _DECIMAL_COMMA or digits.count(",") == 1 else digits
    if plain.count(".") <= 1 and not (found and language not in _DECIMAL_COMMA):
        try:
            found.add(float(plain))
        except ValueError:
            pass
    return found or {float(re.sub(r"\D", "", digits) or 0)}


def _scale(text: str, end: int) -> tuple[float, int]:
    """The factor that follows a number in words, and where it ends."""
    if found := re.match(
        r"\s?(百万|百萬|万|萬|亿|億|千(?![瓦克米帕伏赫])|兆(?![帕赫瓦]))|\s([A-Za-z]+)\b", text[end : end + 14]
    ):
        word = (found.group(1) or found.group(2)).lower()
        if word in _SCALES:
            return _SCALES[word], end + found.end()
    return 1.0, end


def _unit_after(text: str, end: int, language: str) -> tuple[str, int]:
    """The longest unit right behind a number, and where it ends."""
    found = re.match(r"[\s-]?\s?", text[end : end + 2])
    start = end + (found.end() if found else 0)
    for size in range(min(16, len(text) - start), 0, -1):
        candidate = text[start : start + size]
        after = text[start + size : start + size + 1]
        if candidate[-1].isascii() and candidate[-1].isalnum() and after.isascii() and after.isalnum():
            continue
        if unit := _known_unit(candidate, language):
            return unit, start + size
    return _unit_behind_word(text, start, language) or ("", end)


def _unit_behind_word(text: str, start: int, language: str) -> tuple[str, int] | None:
    """A unit written out behind one more word: 4000 operating hours."""
    found = re.match(r"[^\W\d_]{3,}\s([^\W\d_]{4,})\b", text[start : start + 40])
    unit = _known_unit(found.group(1), language) if found else ""
    return (unit, start + found.end()) if found and unit else None


@lru_cache(maxsize=20_000)
def _known_unit(word: str, language: str) -> str:
    if label := _LABELS.get(word.lower()):
        return label
    own: Mapping[str, str] = vocabulary(language).units
    name = own.get(word) or own.get(word.lower()) or _symbols().get(word) or (
        _symbols().get(word.lower(), "") if len(word) > 3 else ""
    )  # fmt: skip
    return _canonical(name) if name else ""


@cache
def _symbols() -> Mapping[str, str]:
    powers = {symbol: re.sub(r"(?<=[mt])([23²³])", _power, symbol) for symbol in _SYMBOLS}
    return {symbol: _PINT_NAMES.get(symbol, powers[symbol]) for symbol in _SYMBOLS}


def _power(found: re.Match[str]) -> str:
    return {"2": "**2", "3": "**3", "²": "**2", "³": "**3"}[found.group()]


@cache
def _canonical(name: str) -> str:
    """One name for all spellings of a unit."""
    return str(registry().Unit(name))


def _base(quantity: Quantity) -> frozenset[float]:
    if quantity.unit in _LABELS.values():
        return quantity.values
    found = registry().Quantity
    return frozenset(float(found(value, quantity.unit).to_base_units().magnitude) for value in quantity.values)


def _close(a: frozenset[float], b: frozenset[float]) -> bool:
    return any(math.isclose(x, y, rel_tol=TOLERANCE if x != int(x) or y != int(y) else 1e-9) for x in a for y in b)
