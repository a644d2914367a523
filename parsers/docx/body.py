"""A walk over the body that turns paragraphs and tables into blocks, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.document import BlockKind, DocumentBuilder
from parsers.docx.chunks import add_chunk
from parsers.docx.drawings import alternative_text, chart_table, chart_title, paragraphs
from parsers.docx.headings import Look, Looks, learn_looks, look_of, styled_level
from parsers.docx.inline import Inline, InlineReader, mostly_monospaced
from parsers.docx.names import VAL, R, W
from parsers.docx.numbering import Numbering
from parsers.docx.numerals import roman
from parsers.docx.package import Package, Relationship
from parsers.docx.paths import Paths
from parsers.docx.sight import Sight
from parsers.docx.styles import Styles, outline_level
from parsers.docx.tables import build_table, cells_of, rows_of

_TYPED_BULLET = re.compile(r"\s*([•▪◦‣●○■])\s+(?=\S)")
_CONTENTS_GALLERY = "table of contents"
_WRAPPERS = frozenset(f"{W}{name}" for name in ("sdtContent", "ins", "moveTo", "customXml", "smartTag"))


@dataclass(frozen=True, slots=True)
class Parts:
    """What the walk needs of a package."""

    package: Package
    body: Element
    styles: Styles
    sight: Sight
    numbering: Numbering
    footnotes: dict[str, Element]
    endnotes: dict[str, Element]
    related: dict[str, Relationship]


def _looks(parts: Parts) -> Looks:
    """How headings look in a document whose styles mark none."""
    reader = InlineReader(parts.styles, parts.sight)
    looks: list[Look] = []
    for element in parts.body.iterchildren(f"{W}p"):
        properties = element.find(f"{W}pPr")
        style = _style_id(properties) or parts.styles.default_paragraph
        outlined = properties is not None and properties.find(f"{W}outlineLvl") is not None
        if outlined or parts.styles.heading_level(style) is not None:
            return Looks()
        content = reader.read(element, style)
        if content.letters and (properties is None or properties.find(f"{W}numPr") is None):
            looks.append(look_of(content, content.text))
    return learn_looks(looks)


@dataclass(slots=True)
class _Paragraph:
    """A paragraph, or several whose marks between them were deleted."""

    element: Element
    style: str | None
    content: Inline
    text: str


@dataclass(slots=True)
class BodyWalk:
    """Adds a block for each paragraph and table."""

    builder: DocumentBuilder
    parts: Parts
    inline: InlineReader = field(init=False)
    title: str = ""
    """Text of the first paragraph in the style of a document's title."""
    _code: list[tuple[str, str]] = field(default_factory=list)
    """Text and path of neighbouring code paragraphs not yet added."""
    _joined: Inline | None = None
    """Content of a paragraph whose end mark was deleted; it continues in the next one."""
    _endnotes: list[Element] = field(default_factory=list)
    _note_numbers: dict[str, int] = field(default_factory=dict)
    _paths: Paths = field(default_factory=Paths)
    _looks: Looks = field(default_factory=Looks)
    _fonts_tell: bool = True
    """Whether a typewriter's font marks code in this document."""

    def __post_init__(self) -> None:
        self.inline = InlineReader(self.parts.styles, self.parts.sight)
        self._fonts_tell = not mostly_monospaced(self.parts.body, self.parts.styles)

    def run(self) -> None:
        """Walk the body, then the endnotes."""
        self._looks = _looks(self.parts)
        self._walk(self.parts.body)
        self._flush_code()
        for note in self._endnotes:
            self._note("endnote", note)
        self.builder.hide(self.inline.hidden)

    def _walk(self, parent: Element) -> None:
        for child in parent:
            tag = child.tag
            if tag == f"{W}p":
                self._paragraph(child)
            elif tag == f"{W}tbl":
                self._flush_code()
                self._table(child)
            elif tag == f"{W}sdt":
                if not _is_contents(child):
                    self._walk(child)
            elif tag in _WRAPPERS:
                self._walk(child)
            elif tag == f"{W}altChunk":
                self._import(child)

    def _import(self, chunk: Element) -> None:
        self._flush_code()
        target = self.parts.related.get(chunk.get(f"{R}id", ""))
        data = self.parts.package.archive.data(target.target) if target and not target.external else None
        if target is not None and data is not None:
            add_chunk(target.target, data, self.builder)

    # paragraphs

    def _paragraph(self, element: Element) -> None:
        paragraph = self._read(element)
        if paragraph is None:
            return
        code = self._is_code(paragraph)
        if not code:
            self._flush_code()
        if code:
            self._code.append((paragraph.text, self._paths.of(element)))
        elif paragraph.text.strip():
            self._add(paragraph)
        self._attached(paragraph.content)

    def _read(self, element: Element) -> _Paragraph | None:
        """The paragraph, or None while it runs on into the next one or belongs to a table of contents."""
        properties = element.find(f"{W}pPr")
        style = _style_id(properties) or self.parts.styles.default_paragraph
        in_contents = self.inline.fields.in_contents
        content = self.inline.read(element, style)
        if in_contents or self.inline.fields.in_contents or self.parts.styles.is_contents(style):
            return None
        if self._joined is not None:
            content = _concatenated(self._joined, content)
            self._joined = None
        if properties is not None and _runs_on(properties) and _next_is_paragraph(element):
            self._joined = content
            return None
        return _Paragraph(element, style, content, _tidy(content.text))

    def _add(self, paragraph: _Paragraph) -> None:
        marker, depth = self._marker(paragraph)
        level = self._heading_level(paragraph, marker)
        typed = _TYPED_BULLET.match(paragraph.text) if marker is None and level is None else None
        if typed is not None:
            marker, depth, paragraph.text = typed.group(1), 1, paragraph.text[typed.end() :]
        kind: BlockKind = "paragraph"
        if level is not None:
            kind = "heading"
        elif marker:
            kind, level = "list_item", depth
        elif self.parts.styles.name(paragraph.style).startswith("caption"):
            kind = "caption"
        text = " ".join(paragraph.text.split()) if kind == "heading" else paragraph.text
        if not self.title and self.parts.styles.is_title(paragraph.style):
            self.title = text
        self.builder.add(kind, text, level=level, marker=marker, path=self._paths.of(paragraph.element))

    def _heading_level(self, paragraph: _Paragraph, marker: str | None) -> int | None:
        outline = paragraph.element.find(f"{W}pPr/{W}outlineLvl")
        if outline is not None:
            return outline_level(outline)
        level = styled_level(self.parts.styles, paragraph.style)
        if level is None and marker is None:
            level = self._looks.level(paragraph.content, paragraph.text)
        return level

    def _marker(self, paragraph: _Paragraph) -> tuple[str | None, int]:
        """The number or bullet before the paragraph, and its depth from 1."""
        number = self._number(paragraph)
        if number is None:
            return None, 0
        return self.parts.numbering.next_marker(*number), number[1] + 1

    def _number(self, paragraph: _Paragraph) -> tuple[str, int] | None:
        """The list instance and level that the paragraph or its style names."""
        own = paragraph.element.find(f"{W}pPr/{W}numPr")
        styled = self.parts.styles.paragraph_property(paragraph.style, "numPr")
        number_id = _child_value(own, "numId") or _child_value(styled, "numId")
        if not number_id or number_id == "0":
            return None
        index = _child_value(own, "ilvl")
        if index is None and _child_value(own, "numId") is None:
            index = _child_value(styled, "ilvl")
        if index is None or not index.isdecimal():
            return number_id, self.parts.numbering.level_of_style(number_id, paragraph.style)
        return number_id, int(index)

    def _is_code(self, paragraph: _Paragraph) -> bool:
        content = paragraph.content
        if self.parts.styles.is_code(paragraph.style):
            return True
        if not paragraph.text.strip():
            return bool(self._code)
        if self._number(paragraph) is not None:
            return False
        return self._fonts_tell and content.letters > 0 and content.monospaced == content.letters

    def _flush_code(self) -> None:
        if not self._code:
            return
        text = "\n".join(line for line, _ in self._code).strip("\n")
        self.builder.add("code", text, path=self._code[0][1])
        self._code.clear()

    # what hangs on a paragraph

    def _attached(self, content: Inline) -> None:
        for box in content.boxes:
            self._flush_code()
            self._walk(box)
        for relation in content.drawings:
            self._drawing(relation)
        for shape in content.shapes:
            self._shape(shape)
        for properties in content.described:
            text = alternative_text(properties)
            self.builder.add("caption", text, path=f"{self._paths.of(properties)}/@descr")
        for kind, note_id in content.notes:
            self._referred(kind, note_id)

    def _referred(self, kind: str, note_id: str) -> None:
        notes = self.parts.footnotes if kind == "footnote" else self.parts.endnotes
        note = notes.get(note_id)
        if note is None:
            return
        if kind == "endnote":
            self._endnotes.append(note)
            return
        self._flush_code()
        self._note(kind, note)

    def _note(self, kind: str, note: Element) -> None:
        number = self._note_numbers[kind] = self._note_numbers.get(kind, 0) + 1
        texts = []
        for paragraph in note.iter(f"{W}p"):
            content = self.inline.read(paragraph, _style_id(paragraph.find(f"{W}pPr")))
            texts.append(_tidy(content.text))
        text = "\n".join(text for text in texts if text.strip())
        self.builder.add(
            "footnote", text, marker=roman(number) if kind == "endnote" else str(number), path=self._paths.of(note)
        )

    def _drawing(self, relation: str) -> None:
        target = self.parts.related.get(relation)
        root = self.parts.package.side(target.target) if target and not target.external else None
        if target is None or root is None:
            return
        self._flush_code()
        if target.kind != "chart":
            self._shape(root)
            return
        self.builder.add("caption", chart_title(root), path=self._paths.of(root))
        table = chart_table(root)
        if table is not None:
            self.builder.add("table", "", table=table, path=self._paths.of(root))

    def _shape(self, root: Element) -> None:
        self._flush_code()
        for text, paragraph in paragraphs(root):
            self.builder.add("paragraph", text, path=self._paths.of(paragraph))

    # tables

    def _table(self, element: Element) -> None:
        rows = rows_of(element)
        if len(rows) == 1 and len(cells_of(rows[0])) == 1:
            self._walk(cells_of(rows[0])[0])
            return
        attached: list[Inline] = []
        table = build_table(element, lambda cell: self._cell_text(cell, attached))
        if table is not None:
            self.builder.add("table", "", table=table, path=self._paths.of(element))
        for content in attached:
            self._attached(content)

    def _cell_text(self, cell: Element, attached: list[Inline]) -> str:
        texts: list[str] = []
        for element in cell.iter(f"{W}p"):
            if _inside_box(element, cell):
                continue
            paragraph = self._read(element)
            if paragraph is None:
                continue
            marker, _ = self._marker(paragraph) if paragraph.text.strip() else (None, 0)
            texts.append(f"{marker} {paragraph.text}" if marker else paragraph.text)
            attached.append(paragraph.content)
        return " ".join(" ".join(texts).split())


def _runs_on(properties: Element) -> bool:
    """Whether the paragraph is one with the next: its end mark is deleted, or it is a large initial letter."""
    if properties.find(f"{W}rPr/{W}del") is not None or properties.find(f"{W}rPr/{W}moveFrom") is not None:
        return True
    frame = properties.find(f"{W}framePr")
    return frame is not None and frame.get(f"{W}dropCap", "none") != "none"


def _next_is_paragraph(element: Element) -> bool:
    following = next(element.itersiblings(f"{W}p", f"{W}tbl", f"{W}sdt"), None)
    return following is not None and following.tag == f"{W}p"


def _inside_box(element: Element, cell: Element) -> bool:
    for ancestor in element.iterancestors():
        if ancestor is cell:
            return False
        if ancestor.tag == f"{W}txbxContent":
            return True
    return False


def _is_contents(sdt: Element) -> bool:
    gallery = sdt.find(f"{W}sdtPr/{W}docPartObj/{W}docPartGallery")
    return gallery is not None and gallery.get(VAL, "").lower() == _CONTENTS_GALLERY


def _style_id(properties: Element | None) -> str | None:
    style = properties.find(f"{W}pStyle") if properties is not None else None
    return style.get(VAL) if style is not None else None


def _child_value(parent: Element | None, name: str) -> str | None:
    child = parent.find(f"{W}{name}") if parent is not None else None
    return child.get(VAL) if child is not None else None


def _concatenated(first: Inline, second: Inline) -> Inline:
    second.pieces[:0] = first.pieces
    second.notes[:0] = first.notes
    second.boxes[:0] = first.boxes
    second.letters += first.letters
    second.monospaced += first.monospaced
    second.bold += first.bold
    return second


def _tidy(text: str) -> str:
    """A paragraph's text without soft hyphens and with spaces trimmed at line ends."""
    text = text.replace("\u00ad", "").replace("\u200b", "").replace("\ufeff", "")
    return "\n".join(line.rstrip() for line in text.split("\n"))
