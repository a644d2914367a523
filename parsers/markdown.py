"""A Document as Markdown, as plain text, and as the JSON that `doc2data parse` prints."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from parsers.document import Block, Document, Table

MAX_HEADING = 6
IMAGE_TEXT = ("/@alt", "/@descr")
"""Ends of the paths of captions that are pictures' alternative texts, in HTML and in Office files."""

_LINE_START = re.compile(
    r"^([^\S\n]*)(#{1,6}(?=\s|$)|[-+*](?=\s|$)|>|={3,}\s*$|-{3,}\s*$|~{3,}|(?:\d{1,9})(?=[.)](?:\s|$)))", re.MULTILINE
)
_INLINE = re.compile(r"([\\`*]|\[(?=[^\]\n]{0,200}\]\()|!(?=\[)|<(?=[A-Za-z/!?])|&(?=#?\w+;)|(?<!\w)_|_(?!\w))")
_CLOSING = re.compile(r"(^|\s)(#+)$")
"""Number signs that Markdown takes for the end of a heading's line."""
_LETTERED = re.compile(r"\(?[A-Za-z]{1,5}[.)]")
"""Markers like "b)" and "iv.", for which Markdown has no list: such items are paragraphs that begin with them."""
_NUMBER = re.compile(r"\d{1,9}[.)]")
_BULLET_IN_CELL = re.compile(r"(?:^|(?<=\s))[•◦▪]\s")
_FENCE = re.compile(r"^[ \t]*(`{3,})", re.MULTILINE)


def to_markdown(document: Document) -> str:
    """Render every block as CommonMark with pipe tables; text that would read as markup is escaped."""
    writer = _Writer()
    for block in document.blocks:
        writer.add(block)
    return writer.text()


def to_text(document: Document) -> str:
    """The document's whole text, to which all offsets count."""
    return document.text


def to_json(document: Document) -> str:
    """One JSON object with the document's fields and every block with its place."""
    return json.dumps(as_dict(document), ensure_ascii=False, indent=2)


def as_dict(document: Document) -> dict[str, Any]:
    """The document as plain dictionaries and lists, ready for JSON."""
    return {
        "source": document.source,
        "sha256": document.sha256,
        "type": document.type,
        "title": document.title,
        "language": document.language,
        "pages": document.pages,
        "text": document.text,
        "blocks": [_block_dict(block) for block in document.blocks],
        "warnings": list(document.warnings),
    }


def _block_dict(block: Block) -> dict[str, Any]:
    record: dict[str, Any] = {
        "kind": block.kind,
        "text": block.text,
        "start": block.start,
        "end": block.end,
        "section": list(block.section),
        "level": block.level,
        "marker": block.marker,
        "page": block.page,
        "bbox": _rounded(block.box) if block.box else None,
        "path": block.path,
    }
    if block.parts:
        record["parts"] = [
            {"start": part.start, "end": part.end, "page": part.page, "bbox": _rounded(part.box)}
            for part in block.parts
        ]
    if block.table is not None:
        record["table"] = {
            "header": [list(row) for row in block.table.header],
            "rows": [list(row) for row in block.table.rows],
            "continued": sorted(list(place) for place in block.table.continued),
        }
    if block.ocr_confidence is not None:
        record["ocr_confidence"] = round(block.ocr_confidence, 4)
    return record


def _rounded(box: tuple[float, float, float, float]) -> list[float]:
    return [round(edge, 2) for edge in box]


@dataclass(slots=True)
class _Writer:
    """Joins rendered blocks; knows how far the open list items are indented."""

    lines: list[str] = field(default_factory=list)
    indents: list[int] = field(default_factory=list)
    """Columns at which the text of each open list level begins."""

    def add(self, block: Block) -> None:
        if block.kind == "list_item":
            self._list_item(block)
            return
        self.indents.clear()
        self._append(_render(block))

    def text(self) -> str:
        return "".join(self.lines).rstrip("\n") + "\n"

    def _list_item(self, block: Block) -> None:
        level = max(1, block.level or 1)
        tight = bool(self.indents)
        del self.indents[level - 1 :]
        indent = self.indents[-1] if self.indents else 0
        if block.marker and _LETTERED.fullmatch(block.marker):
            self.indents.append(indent)
            self._append(" " * indent + f"{block.marker} {_one_line(_escaped(block.text))}")
            return
        bullet, shown = _bullet(block.marker)
        self.indents.append(indent + len(bullet) + 1)
        body = _one_line(_escaped(f"{shown} {block.text}" if shown else block.text))
        self._append(" " * indent + f"{bullet} {body}", tight=tight)

    def _append(self, text: str, *, tight: bool = False) -> None:
        if self.lines:
            self.lines.append("\n" if tight else "\n\n")
        self.lines.append(text)


def _bullet(marker: str | None) -> tuple[str, str]:
    """The Markdown bullet for a marker, and the marker itself where Markdown has no such bullet ("1.2.")."""
    if marker is None or not any(character.isalnum() for character in marker):
        return "-", ""
    if _NUMBER.fullmatch(marker):
        return marker, ""
    return "-", marker


def _one_line(text: str) -> str:
    return text.replace("\n", "<br>")


def _render(block: Block) -> str:
    if block.kind == "heading":
        words = [block.marker or "", *block.text.split()]
        title = _CLOSING.sub(r"\1\\\2", _inline(" ".join(filter(None, words))))
        return "#" * min(block.level or 1, MAX_HEADING) + " " + title
    if block.kind == "caption" and (block.path or "").endswith(IMAGE_TEXT):
        return f"![{_inline(' '.join(block.text.split()))}]()"
    if block.kind == "code":
        return _fenced(block.text)
    if block.table is not None:
        return _pipe_table(block.table)
    if block.kind == "footnote":
        return "> " + _escaped(block.text).replace("\n", "\n> ")
    return _escaped(block.text)


def _fenced(code: str) -> str:
    longest = max((len(run) for run in _FENCE.findall(code)), default=2)
    fence = "`" * max(3, longest + 1)
    return f"{fence}\n{code}\n{fence}"


def _escaped(text: str) -> str:
    return _LINE_START.sub(_escape_start, _inline(text))


def _escape_start(match: re.Match[str]) -> str:
    space, mark = match.groups()
    return f"{space}{mark}\\" if mark.isdigit() else f"{space}\\{mark}"


def _inline(text: str) -> str:
    return _INLINE.sub(r"\\\1", text)


def _pipe_table(table: Table) -> str:
    grid = [list(row) for row in table.grid()]
    width = max(len(row) for row in grid)
    if not table.header:
        grid.insert(0, [""] * width)
    lines = [_pipe_row(row, width) for row in grid]
    lines.insert(1, "|" + " --- |" * width)
    return "\n".join(lines)


def _pipe_row(row: list[str], width: int) -> str:
    cells = [_cell(cell) for cell in row]
    return "| " + " | ".join(cells + [""] * (width - len(cells))) + " |"


def _cell(text: str) -> str:
    """A cell on one line; a list inside it, which pipe tables cannot hold, as HTML."""
    if text.isalnum() or not text:
        return text
    for tag, items in (("ul", _bulleted(text)), ("ol", _numbered(text))):
        if items:
            inside = "".join(f"<li>{_cell_text(item)}</li>" for item in items[1:])
            return f"{_cell_text(items[0])}<{tag}>{inside}</{tag}>"
    return _cell_text(text)


def _cell_text(text: str) -> str:
    return _inline(text.strip()).replace("|", "\\|").replace("\n", "<br>")


def _bulleted(text: str) -> list[str]:
    """What stands before the first bullet, then each item; nothing where there is no list."""
    parts = _BULLET_IN_CELL.split(text)
    return parts if len(parts) > 1 else []


def _numbered(text: str) -> list[str]:
    """The same for numbers that count up from 1."""
    if "1" not in text:
        return []
    parts: list[str] = []
    rest = text
    while match := re.search(rf"(?:^|(?<=\s)){len(parts) + 1}[.)]\s", rest):
        parts.append(rest[: match.start()])
        rest = rest[match.end() :]
    return [*parts, rest] if len(parts) > 1 else []
