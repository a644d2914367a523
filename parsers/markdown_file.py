"""Markdown files: CommonMark with pipe tables, through markdown-it-py; a block's path names its first source line."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.document import BlockKind, Document, DocumentBuilder, Table
from parsers.encoding import decode
from parsers.language import language_of
from parsers.options import ParseOptions

if TYPE_CHECKING:
    from markdown_it.token import Token

_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TITLE = re.compile(r"^title:[ \t]*[\"']?(.*?)[\"']?[ \t]*$", re.MULTILINE)
_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
BULLETS = ("•", "◦", "▪")


def read(path: Path, options: ParseOptions, sha256: str) -> Document:
    """Read a Markdown file; a block's path is `line[first]`, counted from 1."""
    from markdown_it import MarkdownIt

    text = decode(path.read_bytes()).replace("\r\n", "\n").replace("\r", "\n")
    front = _FRONT_MATTER.match(text)
    title = _TITLE.search(front.group(1)) if front else None
    if front:
        text = "\n" * front.group().count("\n") + text[front.end() :]
    builder = DocumentBuilder()
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(text)
    _Walk(builder).run(tokens)
    name = title.group(1) if title else ""
    language = language_of("\n".join(block.text for block in builder.blocks))
    return builder.build(source=str(path), sha256=sha256, type="markdown", title=name, language=language, pages=None)


@dataclass(slots=True)
class _Open:
    ordered: bool
    number: int
    delimiter: str = "."


@dataclass(slots=True)
class _Walk:
    builder: DocumentBuilder
    lists: list[_Open] = field(default_factory=list)
    item: bool = False
    marker: str | None = None
    heading: int | None = None
    line: int = 0
    rows: list[list[str]] = field(default_factory=list)
    head: int = 0
    table_line: int = 0

    def run(self, tokens: list[Token]) -> None:
        for token in tokens:
            if token.map:
                self.line = token.map[0] + 1
            handler = getattr(self, f"_{token.type}", None)
            if handler is not None:
                handler(token)

    def _add(self, kind: BlockKind, text: str, level: int | None = None, table: Table | None = None) -> None:
        marker = self.marker if kind == "list_item" else None
        self.builder.add(kind, text, level=level, marker=marker, path=f"line[{self.line}]", table=table)
        self.item = False

    def _heading_open(self, token: Token) -> None:
        self.heading = int(token.tag[1])

    def _heading_close(self, _: Token) -> None:
        self.heading = None

    def _inline(self, token: Token) -> None:
        text = inline_text(token)
        if self.rows:
            self.rows[-1].append(" ".join(text.split()))
        elif self.heading:
            self._add("heading", " ".join(text.split()), self.heading)
        elif self.item:
            self._add("list_item", text, len(self.lists))
        else:
            self._add("paragraph", text)

    def _fence(self, token: Token) -> None:
        self._add("code", token.content.rstrip("\n"))

    def _code_block(self, token: Token) -> None:
        self._add("code", token.content.rstrip("\n"))

    def _html_block(self, token: Token) -> None:
        """HTML among the Markdown, block by block; all of them stand at its first line."""
        from parsers.html.blocks import BlockWalk
        from parsers.html.hidden import conceal
        from parsers.html.tree import parse_tree

        inside = DocumentBuilder()
        root = parse_tree(token.content)
        self.builder.hide(sum(conceal(root).values()))
        BlockWalk(inside).run(root)
        for block in inside.blocks:
            self.builder.add(
                block.kind,
                block.text,
                level=block.level,
                marker=block.marker,
                path=f"line[{self.line}]",
                table=block.table,
            )

    def _bullet_list_open(self, _: Token) -> None:
        self.lists.append(_Open(False, 0))

    def _ordered_list_open(self, token: Token) -> None:
        start = token.attrGet("start")
        self.lists.append(_Open(True, int(start) if start is not None else 1, token.markup or "."))

    def _bullet_list_close(self, _: Token) -> None:
        self.lists.pop()

    def _ordered_list_close(self, _: Token) -> None:
        self.lists.pop()

    def _list_item_open(self, _: Token) -> None:
        current = self.lists[-1]
        self.item = True
        if current.ordered:
            self.marker = f"{current.number}{current.delimiter}"
            current.number += 1
        else:
            self.marker = BULLETS[min(len(self.lists), len(BULLETS)) - 1]

    def _table_open(self, _: Token) -> None:
        self.table_line = self.line

    def _tr_open(self, _: Token) -> None:
        self.rows.append([])

    def _thead_close(self, _: Token) -> None:
        self.head = len(self.rows)

    def _table_close(self, _: Token) -> None:
        rows = tuple(tuple(row) for row in self.rows)
        top = self.head if any(map(any, rows[: self.head])) else 0
        table = Table(rows[:top], rows[top if top else self.head :])
        self.rows, self.head = [], 0
        self.line = self.table_line
        self._add("table", "", table=table)


def inline_text(token: Token) -> str:
    """The text of an inline token as a reader sees it: no emphasis marks, links as their text, images as theirs."""
    pieces: list[str] = []
    for child in token.children or ():
        if child.type in {"text", "code_inline"}:
            pieces.append(child.content)
        elif child.type == "softbreak":
            pieces.append(" ")
        elif child.type == "hardbreak" or (child.type == "html_inline" and _BREAK.fullmatch(child.content)):
            pieces.append("\n")
        elif child.type == "image":
            pieces.append(child.content)
    return "".join(pieces)
