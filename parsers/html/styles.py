"""What an element's own `style` says of whether its text can be seen."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType

Color = tuple[int, int, int]

FAINT = 24
"""Difference in red, green or blue, of 255, below which nobody tells letters from their ground."""
TINY = 2.0
"""Size of letters, in pixels, below which nobody reads them."""
FAR = -100.0
"""Pixels, or percent of the page, by which text is moved out of it."""
_PIXELS = {"": 1.0, "px": 1.0, "pt": 4 / 3, "em": 16.0, "rem": 16.0, "ex": 8.0, "%": 0.16}
_LENGTH = re.compile(r"([-+]?\d{0,9}\.?\d{1,9})([a-z%]{0,3})")
_NUMBER = re.compile(r"\d{1,9}(?:\.\d{1,9})?%?")
_HEX = re.compile(r"#(?:[0-9a-f]{3,4}|[0-9a-f]{6}|[0-9a-f]{8})")
_NAMED: dict[str, Color] = {
    "white": (255, 255, 255), "snow": (255, 250, 250), "ivory": (255, 255, 240), "ghostwhite": (248, 248, 255),
    "whitesmoke": (245, 245, 245), "floralwhite": (255, 250, 240), "mintcream": (245, 255, 250),
    "azure": (240, 255, 255), "aliceblue": (240, 248, 255), "seashell": (255, 245, 238), "black": (0, 0, 0),
}  # fmt: skip
_MOVING = ("transform", "transition", "animation", "will-change")
"""Text that is about to appear as the page is scrolled."""


@lru_cache(maxsize=4096)
def declarations(style: str) -> Mapping[str, str]:
    """The properties of a `style` attribute in lower case, of several of one name the last."""
    pairs = (part.partition(":") for part in style.lower().split(";"))
    return MappingProxyType(
        {name.strip(): " ".join(value.replace("!important", " ").split()) for name, _, value in pairs if value.strip()}
    )


@lru_cache(maxsize=4096)
def hides(style: str) -> bool:
    """Whether a `style` attribute makes its element's text one that nobody sees."""
    said = declarations(style)
    return (
        said.get("display", "").startswith("none")
        or said.get("visibility") in ("hidden", "collapse")
        or _length(said.get("font-size", "")) < TINY
        or any(_far(said.get(name, "")) for name in ("left", "top", "text-indent"))
        or (_faded(said.get("opacity", "")) and not any(name.startswith(_MOVING) for name in said))
        or _cut_away(said)
    )


def _length(value: str) -> float:
    """A length in pixels of a page of usual size; infinite where it is none, or one that depends on other things."""
    found = _LENGTH.fullmatch(value)
    if not found or found.group(2) not in _PIXELS:
        return float("inf")
    return float(found.group(1)) * _PIXELS[found.group(2)]


def _far(value: str) -> bool:
    found = _LENGTH.fullmatch(value)
    return found is not None and float(found.group(1)) <= FAR


def _faded(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None and float(value.rstrip("%")) * (1 if "%" in value else 100) < 5


def _cut_away(said: Mapping[str, str]) -> bool:
    """Whether the element's box is cut down to nothing, as is done with text for screen readers."""
    numbers = _NUMBER.findall(said.get("clip", ""))
    if said.get("clip", "").startswith("rect(") and len(numbers) == 4 and len(set(numbers)) == 1:
        return True
    if said.get("clip-path") in ("inset(50%)", "inset(100%)", "circle(0)") or said.get("transform") == "scale(0)":
        return True
    small = all(_length(said.get(name, "")) <= 1 for name in ("width", "height"))
    return small and said.get("overflow") in ("hidden", "clip")


def color(value: str) -> Color | None:
    """An opaque colour as written in a style sheet or an attribute; None for what says none that is known here."""
    text = value.strip().lower()
    if _HEX.fullmatch(text):
        digits = text[1:] if len(text) > 5 else "".join(digit * 2 for digit in text[1:])
        red, green, blue = (int(digits[at : at + 2], 16) for at in (0, 2, 4))
        return None if digits[6:] not in ("", "ff") else (red, green, blue)
    if text.startswith("rgb("):
        parts = [float(part.rstrip("%")) * (2.55 if "%" in part else 1) for part in _NUMBER.findall(text)]
        return (round(parts[0]), round(parts[1]), round(parts[2])) if len(parts) == 3 else None
    return _NAMED.get(text)


def alike(one: Color, two: Color) -> bool:
    """Whether letters of one colour cannot be told from a ground of the other."""
    return all(abs(a - b) < FAINT for a, b in zip(one, two, strict=True))
