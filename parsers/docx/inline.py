"""The text of one paragraph as Word shows it with every change accepted.

Deleted and moved-away runs, text that nobody sees, field codes and comment marks are left out; text boxes, pictures'
texts and notes are reported beside the text, because they stand elsewhere on the page.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache

from parsers.archive import Element
from parsers.docx.math import math_text
from parsers.docx.names import DGM, MC, VAL, A, C, M, R, W
from parsers.docx.sight import Sight
from parsers.docx.styles import Styles, is_set
from parsers.docx.symbols import symbol

_PRIVATE_USE = re.compile("[\uf000-\uf0ff]")
_MONOSPACED = ("courier", "consolas", "mono", "menlo", "lucida console", "source code", "fixedsys", "terminal")


@dataclass(slots=True)
class Fields:
    """Complex fields that are open at some point of the text; they may run over paragraphs."""

    codes: list[str] = field(default_factory=list)
    results: list[bool] = field(default_factory=list)
    """For each open field, whether its result has begun."""

    def begin(self) -> None:
        """A field begins with its code."""
        self.codes.append("")
        self.results.append(False)

    def separate(self) -> None:
        """The innermost field's result begins."""
        if self.results:
            self.results[-1] = True

    def end(self) -> None:
        """The innermost field ends."""
        if self.results:
            self.codes.pop()
            self.results.pop()

    def add_code(self, text: str) -> None:
        """Add to the innermost field's code."""
        if self.codes and not self.results[-1]:
            self.codes[-1] += text

    @property
    def visible(self) -> bool:
        """Whether text is shown here: no open field is still in its code."""
        return all(self.results)

    @property
    def in_contents(self) -> bool:
        """Whether a table of contents is open here."""
        return any(code.split()[:1] == ["TOC"] for code in self.codes)


@dataclass(slots=True)
class Inline:
    """What a paragraph holds."""

    pieces: list[str] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    """("footnote" or "endnote", id) in the order of their marks."""
    boxes: list[Element] = field(default_factory=list)
    """`w:txbxContent` of text boxes anchored here."""
    drawings: list[str] = field(default_factory=list)
    """Relationship ids of SmartArt data and charts."""
    shapes: list[Element] = field(default_factory=list)
    """Drawings with DrawingML text of their own."""
    described: list[Element] = field(default_factory=list)
    """Elements that carry a picture's alternative text."""
    bold: int = 0
    monospaced: int = 0
    letters: int = 0
    sizes: dict[int, int] = field(default_factory=dict)
    """Characters by font size in half points, where a run or its style names one."""

    @property
    def text(self) -> str:
        """All text of the paragraph, in order."""
        return "".join(self.pieces)


@dataclass(slots=True)
class InlineReader:
    """Reads paragraphs one after another; fields stay open between them."""

    styles: Styles
    sight: Sight
    fields: Fields = field(default_factory=Fields)
    hidden: int = 0
    """Characters left out so far because nobody sees them, without spaces."""

    def read(self, paragraph: Element, style_id: str | None) -> Inline:
        """The content of one `w:p`."""
        found = Inline()
        self._walk(paragraph, found, style_id)
        return found

    def _walk(self, parent: Element, found: Inline, style_id: str | None) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}r":
                self._run(child, found, style_id)
            elif tag in _CONTAINERS:
                self._walk(child, found, style_id)
            elif tag in {f"{M}oMath", f"{M}oMathPara"} and self.fields.visible:
                _add_math(child, found)
            elif tag == f"{MC}AlternateContent":
                self._walk(_chosen(child), found, style_id)

    def _run(self, run: Element, found: Inline, style_id: str | None) -> None:
        properties = run.find(f"{W}rPr")
        if properties is not None and properties.find(f"{W}del") is not None:
            return
        before = len(found.pieces)
        self._run_content(run, found, _font(properties))
        if len(found.pieces) > before and self.sight.hides(run, properties, style_id):
            self.hidden += len("".join("".join(found.pieces[before:]).split()))
            del found.pieces[before:]
        elif len(found.pieces) > before:
            self._measure(found, before, properties, style_id)

    def _run_content(self, run: Element, found: Inline, font: str) -> None:
        for child in run:
            tag = child.tag
            if tag == f"{W}fldChar":
                self._field_mark(child, found)
            elif tag == f"{W}instrText":
                self.fields.add_code(child.text or "")
            elif tag in _READ_ALWAYS:
                _READ_ALWAYS[tag](child, found)
            elif tag == f"{MC}AlternateContent":
                self._run_content(_chosen(child), found, font)
            elif self.fields.visible:
                self._shown(child, found, font)

    def _shown(self, element: Element, found: Inline, font: str) -> None:
        """Add one element of a run that shows as text."""
        tag = element.tag
        if tag == f"{W}t":
            found.pieces.append(_from_symbol_font(element.text or "", font))
        elif tag in _CHARACTERS:
            found.pieces.append(_CHARACTERS[tag])
        elif tag == f"{W}sym":
            found.pieces.append(_symbol_element(element))
        elif tag == f"{W}ruby":
            for base in element.iterchildren(f"{W}rubyBase"):
                self._walk(base, found, None)

    def _field_mark(self, mark: Element, found: Inline) -> None:
        kind = mark.get(f"{W}fldCharType")
        if kind == "begin":
            box = mark.find(f"{W}ffData/{W}checkBox")
            if box is not None and self.fields.visible:
                checked = box.find(f"{W}checked")
                found.pieces.append("☒" if is_set(checked if checked is not None else box.find(f"{W}default")) else "☐")
            self.fields.begin()
        elif kind == "separate":
            self.fields.separate()
        elif kind == "end":
            self.fields.end()

    def _measure(self, found: Inline, before: int, properties: Element | None, style_id: str | None) -> None:
        """Note how the run's text is set, for what is told only by its looks."""
        count = sum(len(piece.strip()) for piece in found.pieces[before:])
        if not count:
            return
        found.letters += count
        if self._is_bold(properties, style_id):
            found.bold += count
        if _is_monospaced(self._font_name(properties, style_id)):
            found.monospaced += count
        size = self.styles.of_run(properties, style_id, "sz")
        value = size.get(VAL, "") if size is not None else ""
        if value.isdecimal():
            found.sizes[int(value)] = found.sizes.get(int(value), 0) + count

    def _is_bold(self, properties: Element | None, style_id: str | None) -> bool:
        return is_set(self.styles.of_run(properties, style_id, "b"))

    def _font_name(self, properties: Element | None, style_id: str | None) -> str:
        fonts = self.styles.of_run(properties, style_id, "rFonts")
        return fonts.get(f"{W}ascii", "").lower() if fonts is not None else ""


def _chosen(alternate: Element) -> Element:
    """The branch of alternate content that holds text this reader knows; the first one by default."""
    branches = [child for child in alternate if child.tag in {f"{MC}Choice", f"{MC}Fallback"}]
    for branch in branches:
        if next(branch.iter(f"{W}t", f"{W}txbxContent"), None) is not None:
            return branch
    return branches[0] if branches else alternate


def _add_math(element: Element, found: Inline) -> None:
    text = math_text(element)
    found.pieces.append(text)
    found.letters += len(text)


def mostly_monospaced(body: Element, styles: Styles) -> bool:
    """Whether a document is typed in a typewriter's font throughout, which then tells nothing about code."""
    default = styles.run_property(styles.default_paragraph, "rFonts")
    if default is not None and _is_monospaced(default.get(f"{W}ascii", "").lower()):
        return True
    letters = monospaced = 0
    for run in body.iter(f"{W}r"):
        count = sum(len(text.text or "") for text in run.iterchildren(f"{W}t"))
        letters += count
        monospaced += count if _is_monospaced(_font(run.find(f"{W}rPr")).lower()) else 0
    return monospaced * 2 > letters


@cache
def _is_monospaced(font: str) -> bool:
    return any(name in font for name in _MONOSPACED)


def _font(properties: Element | None) -> str:
    fonts = properties.find(f"{W}rFonts") if properties is not None else None
    return fonts.get(f"{W}ascii", "") if fonts is not None else ""


def _from_symbol_font(text: str, font: str) -> str:
    """Text typed in a symbol font; private characters are translated whatever the font says."""
    return _PRIVATE_USE.sub(lambda match: symbol(match.group(), font), text)


def _symbol_element(element: Element) -> str:
    try:
        character = chr(int(element.get(f"{W}char", ""), 16))
    except (ValueError, OverflowError):
        return ""
    return symbol(character, element.get(f"{W}font", ""))


def _note(kind: str) -> Callable[[Element, Inline], None]:
    def read(mark: Element, found: Inline) -> None:
        found.notes.append((kind, mark.get(f"{W}id", "")))

    return read


def _drawing(element: Element, found: Inline) -> None:
    """Collect the texts that a drawing carries: boxes, SmartArt, alternative text."""
    found.boxes += _outermost_boxes(element)
    found.drawings += [diagram.get(f"{R}dm", "") for diagram in element.iter(f"{DGM}relIds")]
    found.drawings += [chart.get(f"{R}id", "") for chart in element.iter(f"{C}chart")]
    if next(element.iter(f"{A}t"), None) is not None:
        found.shapes.append(element)
    found.described += [properties for properties in element.iter(_DOC_PROPERTIES) if properties.get("descr")]


def _outermost_boxes(element: Element) -> list[Element]:
    boxes: list[Element] = []
    for box in element.iter(f"{W}txbxContent"):
        ancestors = set(box.iterancestors())
        in_fallback = any(a.tag == f"{MC}Fallback" and _has_choice_box(a) for a in ancestors)
        if not in_fallback and not any(other in ancestors for other in boxes):
            boxes.append(box)
    return boxes


def _has_choice_box(fallback: Element) -> bool:
    choice = fallback.getprevious()
    return choice is not None and next(choice.iter(f"{W}txbxContent"), None) is not None


_DOC_PROPERTIES = "{http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing}docPr"
_CONTAINERS = frozenset(
    f"{W}{name}"
    for name in (
        "hyperlink", "ins", "moveTo", "smartTag", "sdt", "sdtContent", "fldSimple", "dir", "bdo", "customXml", "rt",
    )
)  # fmt: skip
_CHARACTERS = {
    f"{W}tab": "\t",
    f"{W}ptab": "\t",
    f"{W}br": "\n",
    f"{W}cr": "\n",
    f"{W}noBreakHyphen": "-",
}
_READ_ALWAYS: dict[str, Callable[[Element, Inline], None]] = {
    f"{W}footnoteReference": _note("footnote"),
    f"{W}endnoteReference": _note("endnote"),
    f"{W}drawing": _drawing,
    f"{W}pict": _drawing,
    f"{W}object": _drawing,
}
