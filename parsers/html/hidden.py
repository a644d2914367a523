"""Text that a page holds and none of its readers sees: hidden by its style sheet, by an attribute, or by its colour.

Letters of the colour of their ground are known as such only where the page itself says what the ground is, or has no
style sheet that could paint one.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from parsers.html.styles import Color, alike, color, declarations
from parsers.html.stylesheets import hidden_names, is_hidden_by, may_paint
from parsers.html.tree import Element
from parsers.html.visibility import DROPPED_TAGS, is_concealed

WHITE: Color = (255, 255, 255)
MANY = 10_000
"""Pairs of colours that are compared before every element is looked at."""
_GROUNDS = ("background-color", "background", "background-image")
_GROUND_ATTRIBUTES = ("bgcolor", "background")
_COLORED = frozenset(("style", "color", *_GROUND_ATTRIBUTES))
_AS_AROUND = frozenset(("", "inherit", "initial", "unset", "none"))
_PICTURES = frozenset(("img", "image", "picture", "svg", "video", "canvas"))


def conceal(root: Element) -> dict[Element, int]:
    """Take the text out of what a page's style sheet and its colours hide.

    Returns:
        The outermost hidden elements, those that say so of themselves too, with the characters that each held.
    """
    names = hidden_names(root)
    painted = _faint(root) | ({e for e in root.iter("*") if is_hidden_by(e, names)} if names else set())
    found = painted | {e for e in root.iterfind(".//*[@style]") if is_concealed(e)}
    found |= {e for e in root.iterfind(".//*[@hidden]") if is_concealed(e)}
    hidden: dict[Element, int] = {}
    for element in _outermost(root, found):
        hidden[element] = len("".join("".join(map(str, element.itertext())).split()))
        if element in painted:
            element.text = None
            del element[:]
    return hidden


def held(kept: Iterable[Element], hidden: Mapping[Element, int]) -> int:
    """Characters that are hidden inside some elements."""
    return sum(hidden.get(element, 0) for top in kept for element in top.iter("*")) if hidden else 0


def _outermost(root: Element, found: AbstractSet[Element]) -> list[Element]:
    """Those of the elements that are not inside others, nor inside what holds no text of the page."""
    outermost: list[Element] = []
    stack = [root] if found else []
    while stack:
        element = stack.pop()
        if element in found:
            outermost.append(element)
        elif element.tag not in DROPPED_TAGS:
            stack.extend(element)
    return outermost


@dataclass(frozen=True, slots=True)
class _Paint:
    """Colours in which an element's own text stands; None for a colour that the page does not tell."""

    ink: Color | None = (0, 0, 0)
    ground: Color | None = WHITE

    @property
    def faint(self) -> bool:
        return self.ink is not None and self.ground is not None and alike(self.ink, self.ground)

    def inside(self, element: Element) -> _Paint:
        """The colours in an element that stands in these."""
        if element.tag != "a" and _COLORED.isdisjoint(element.keys()):
            return self
        said = declarations(element.get("style") or "")
        inks = [said.get("color", ""), element.get("color") or "", "of links" if element.tag == "a" else ""]
        grounds = [said.get(name, "") for name in _GROUNDS] + [element.get(name) or "" for name in _GROUND_ATTRIBUTES]
        ink = next((ink for ink in inks if ink not in _AS_AROUND), None)
        laid = [ground for ground in grounds if ground not in _AS_AROUND]
        ground = self.ground if not laid else color(laid[0]) if len(laid) == 1 else None
        if ink == "transparent" and not any(name.endswith("background-clip") for name in said):
            return _Paint(ground, ground)
        return _Paint(self.ink if ink is None else color(ink), ground)


def _faint(root: Element) -> set[Element]:
    """Elements all of whose text has the colour of its ground."""
    colored = [element for name in _COLORED for element in root.iterfind(f".//*[@{name}]")]
    if not _may_be_faint([_Paint(), *(_Paint().inside(element) for element in colored)]):
        return set()
    paints: dict[Element, _Paint] = {}
    plain = _Paint(ground=None if may_paint(root) else WHITE)
    for element in root.iter("*"):
        parent = element.getparent()
        paints[element] = paints.get(parent, plain).inside(element) if parent is not None else plain.inside(element)
    shown: set[Element] = set()
    faint: set[Element] = set()
    for element in reversed(paints):
        own = "".join((element.text or "", *(child.tail or "" for child in element)))
        seen = element.tag in _PICTURES or (own.strip() and not paints[element].faint)
        if seen or not shown.isdisjoint(element):
            shown.add(element)
        elif paints[element].faint:
            faint.add(element)
    return faint


def _may_be_faint(said: Sequence[_Paint]) -> bool:
    """Whether any colour of letters on a page is like any colour of a ground; taken for granted where it has many."""
    inks, grounds = {paint.ink for paint in said}, {paint.ground for paint in said}
    if len(inks) * len(grounds) > MANY:
        return True
    return any(_Paint(ink, ground).faint for ink in inks for ground in grounds)
