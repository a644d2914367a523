"""Numbers with their units, read from cells and headers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

_QUANTITY = re.compile(
    r"^(?P<number>[+−-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?|[+−-]?\d+(?:\.\d+)?)\s*(?P<unit>[^\d\s][^\d,;]{0,15}?[²³]?)?\.?$"
)
_UNIT_IN_HEADER = re.compile(r"^(?P<name>.*?)\s*[\[(（](?P<unit>[^\[\]()（）]{1,12})[\])）]\s*$")
_UNIT_IN_CAPTION = re.compile(r"^(?P<name>.+) in (?P<unit>[a-z]+)$")
_UNIT_NAMES = """
s sec second seconds min minute minutes h hr hour hours d day days week weeks month months year years ms
mm cm m km µm g kg mg t mL ml L l W kW mW V mV kV A mA Hz kHz MHz bar mbar Pa kPa MPa psi N Nm N·m Ω kΩ MΩ
% ℃ °C °F K L/h l/h L/min mL/min m/s km/h mm² m² m³ cm³ mol/L mg/L µg/L mg/l NTU rpm dB MB GB KB kB bytes bits
mAh Ah Wh kWh lb lbs oz ft in mi miles feet inches gal gallons acres USD EUR $ € watts volts amperes grams
kilograms litres liters metres meters 元 个 天 小时 分钟 秒 个月 年 度
"""
UNITS = frozenset(_UNIT_NAMES.split())
"""Units that count as such; other words behind a number are part of the text."""


@dataclass(frozen=True, slots=True)
class Quantity:
    """An exact number with its unit, "" where it has none."""

    number: Decimal
    unit: str


def read(text: str, unit: str = "") -> Quantity | None:
    """The quantity that a whole cell states; None for ranges, tolerances and text.

    Args:
        text: the cell.
        unit: of the column, for cells that are bare numbers.
    """
    match = _QUANTITY.match(" ".join(text.replace("−", "-").split()))
    if match is None:
        return None
    own = (match["unit"] or "").strip()
    if own and own not in UNITS:
        return None
    return Quantity(Decimal(match["number"].replace(",", "")), own or unit)


def split_header(header: str) -> tuple[str, str]:
    """A column's header without its unit, and the unit: "Shelf life (months)" gives ("Shelf life", "months")."""
    match = _UNIT_IN_HEADER.match(header.strip())
    if match is None or match["unit"].strip() not in UNITS:
        return header.strip(), ""
    return match["name"], match["unit"].strip()


def split_caption(caption: str) -> tuple[str, str]:
    """A table's caption without its unit, and the unit: "Power demand in watts" gives ("Power demand", "watts")."""
    match = _UNIT_IN_CAPTION.match(caption.strip())
    if match is None or match["unit"] not in UNITS:
        return split_header(caption)
    return match["name"], match["unit"]


def written(number: Decimal) -> str:
    """The number in plain digits, without needless zeros."""
    text = format(number.normalize(), "f")
    return "0" if text in ("-0", "") else text
