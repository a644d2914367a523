"""Which text of a Word document its readers can see.

They do not see what is marked as hidden, set in letters that are too small to read, or in the colour of its ground,
which highlights, shading and tables tell. Where something else may be painted behind the text, a picture or a box,
letters of any colour count as seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.docx.names import VAL, WP, V, W
from parsers.docx.styles import Styles, is_on, is_set

Color = tuple[int, int, int]
WHITE: Color = (255, 255, 255)
FAINT = 24
"""Difference in red, green or blue, of 255, below which nobody tells letters from their ground."""
MANY = 10_000
"""Pairs of colours that are compared before every run is looked at."""
TINY = 4
"""Font size in half points below which nobody reads a page."""
_HIGHLIGHTS: dict[str, Color] = {"white": WHITE, "black": (0, 0, 0)}
_TELLING = frozenset(f"{W}{name}" for name in ("vanish", "sz", "color", "rStyle"))
"""Properties of a run that may hide it."""
_HIDING = tuple(f"{W}{name}" for name in ("vanish", "sz", "color", "shd", "highlight"))
_HEX = frozenset("0123456789abcdefABCDEF")


@dataclass(slots=True)
class Sight:
    """Tells hidden runs from others."""

    styles: Styles
    backdrop: Callable[[], bool]
    """Whether the document paints anything behind its text; asked once, and only where it matters."""
    needed: bool = True
    """Whether anything in the document may hide text: see `may_hide`."""
    _backed: bool | None = None
    _styled: dict[str | None, tuple[Color | None, bool]] = field(default_factory=dict)
    """Looks of runs that say nothing of their own, by their paragraphs' styles."""

    def hides(self, run: Element, properties: Element | None, style_id: str | None) -> bool:
        """Whether nobody sees a run's text.

        Args:
            run: the `w:r`.
            properties: its `w:rPr`.
            style_id: its paragraph's style.
        """
        if not self.needed:
            return False
        own = properties is not None and not _TELLING.isdisjoint(child.tag for child in properties)
        if own:
            ink, unseen = self._look(properties, style_id)
        else:
            if style_id not in self._styled:
                self._styled[style_id] = self._look(None, style_id)
            ink, unseen = self._styled[style_id]
        if unseen or ink is None:
            return unseen
        return _alike(ink, self._ground(run, properties, style_id))

    def _look(self, properties: Element | None, style_id: str | None) -> tuple[Color | None, bool]:
        """The colour of letters, None where they have the usual one, and whether they are hidden or tiny anyhow."""
        size = self.styles.of_run(properties, style_id, "sz")
        tiny = size is not None and _is_tiny(size)
        unseen = tiny or is_set(self.styles.of_run(properties, style_id, "vanish"))
        color = self.styles.of_run(properties, style_id, "color")
        return _color(color.get(VAL)) if color is not None else None, unseen

    def _ground(self, run: Element, properties: Element | None, style_id: str | None) -> Color | None:
        """The colour behind a run, None where it is not known."""
        mark = self.styles.of_run(properties, style_id, "highlight")
        if mark is not None and mark.get(VAL) != "none":
            return _HIGHLIGHTS.get(mark.get(VAL, ""))
        for shading in self._shadings(run, properties, style_id):
            if shading.get(VAL, "clear") not in ("clear", "nil"):
                return None
            if shading.get(VAL) != "nil" and shading.get(f"{W}fill", "auto") != "auto":
                return _color(shading.get(f"{W}fill"))
        if any(self._is_unknown(ancestor) for ancestor in run.iterancestors(f"{W}tbl", f"{W}txbxContent")):
            return None
        if self._backed is None:
            self._backed = self.backdrop()
        return None if self._backed else WHITE

    def _shadings(self, run: Element, properties: Element | None, style_id: str | None) -> Iterator[Element]:
        """What may shade a run, the nearest first."""
        found = [self.styles.of_run(properties, style_id, "shd")]
        paragraph = next(run.iterancestors(f"{W}p"), None)
        found += [paragraph.find(f"{W}pPr/{W}shd")] if paragraph is not None else []
        found.append(self.styles.paragraph_property(style_id, "shd"))
        for holder in run.iterancestors(f"{W}tc", f"{W}tbl"):
            found.append(holder.find(f"{W}tcPr/{W}shd") if holder.tag == f"{W}tc" else holder.find(f"{W}tblPr/{W}shd"))
        return (shading for shading in found if shading is not None)

    def _is_unknown(self, holder: Element) -> bool:
        """Whether a table's style, or a box, may lay a ground of its own behind the text in it."""
        if holder.tag != f"{W}tbl":
            return True
        style = holder.find(f"{W}tblPr/{W}tblStyle")
        chain = self.styles.chain(style.get(VAL)) if style is not None else ()
        return any(next(style.element.iter(f"{W}shd"), None) is not None for style in chain)


def may_hide(roots: Iterable[Element | None]) -> bool:
    """Whether parts hold any property that hides text, or a colour of letters that is like one of a ground."""
    inks: set[Color | None] = set()
    grounds: set[Color | None] = {WHITE}
    for element in (element for root in roots if root is not None for element in root.iter(*_HIDING)):
        if element.tag == f"{W}vanish" or (element.tag == f"{W}sz" and _is_tiny(element)):
            return True
        if element.tag == f"{W}color":
            inks.add(_color(element.get(VAL)))
        elif element.tag == f"{W}shd":
            grounds.add(_color(element.get(f"{W}fill")))
        elif element.tag == f"{W}highlight":
            grounds.add(_HIGHLIGHTS.get(element.get(VAL, "")))
    many = len(inks) * len(grounds) > MANY
    return many or any(_alike(ink, ground) for ink in inks for ground in grounds)


def _is_tiny(size: Element) -> bool:
    halves = size.get(VAL, "")[:6]
    return halves.isdecimal() and int(halves) < TINY


def _alike(ink: Color | None, ground: Color | None) -> bool:
    return ink is not None and ground is not None and all(abs(a - b) < FAINT for a, b in zip(ink, ground, strict=True))


def has_backdrop(root: Element) -> bool:
    """Whether a part paints a page's ground, or something that lies behind its text."""
    if root.find(f"{W}background") is not None:
        return True
    if any(is_on(anchor.get("behindDoc"), missing=False) for anchor in root.iter(f"{WP}anchor")):
        return True
    return any("z-index:-" in (shape.get("style") or "").replace(" ", "") for shape in root.iter(f"{V}*"))


def _color(value: str | None) -> Color | None:
    if value is None or len(value) != 6 or not _HEX.issuperset(value):
        return None
    return (int(value[:2], 16), int(value[2:4], 16), int(value[4:], 16))
