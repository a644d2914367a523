"""Reads the small Markdown dialect in which the sample documents are written.

Chunks are parted by blank lines. `#` marks a heading (`#*` one without a number), `-`, `1.` and `a.` list items,
`!WARNING Title` a box, `~~~table` and `~~~facts` tables, `[^key]:` a footnote, `@key value` document properties and
a backslash a command to the typesetter. Inside a line, `**bold**`, `*italic*`, `[^key]`, `{++inserted++}` and
`{--deleted--}` are understood.
"""

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_INLINE = re.compile(
    r"\{--(?P<deleted>.+?)--\}|\{\+\+(?P<inserted>.+?)\+\+\}|\[\^(?P<note>\w+)\]"
    r"|\*\*(?P<bold>.+?)\*\*|\*(?P<italic>.+?)\*"
)
_ITEM = re.compile(r"(?P<indent> *)(?P<marker>-|\d+\.|[a-z]\.) (?P<text>.+)")
_LONE_LINE = ("#", "\\", "@")


@dataclass(frozen=True, slots=True)
class Run:
    """A piece of text in one style; `style` is "", bold, italic, note, inserted or deleted."""

    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of level 1 to 3."""

    level: int
    text: str
    numbered: bool


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """A list item; `marker` is `-`, `1.`, `a.` and so on, `level` counts from 0."""

    text: str
    marker: str
    level: int


@dataclass(frozen=True, slots=True)
class Box:
    """A warning or a note set off from the text."""

    signal: str
    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row is its header; `style` is ruled, plain or facts (label and value, no header)."""

    rows: list[list[str]]
    style: str = "ruled"
    caption: str = ""
    align: str = ""
    widths: list[float] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Footnote:
    """The text of a footnote that a `[^key]` points to."""

    key: str
    text: str


@dataclass(frozen=True, slots=True)
class Property:
    """A property of the whole document, such as its title."""

    key: str
    value: str


@dataclass(frozen=True, slots=True)
class Command:
    """An order to the typesetter, such as a page break."""

    name: str
    argument: str


Block = Heading | Paragraph | Item | Box | Table | Footnote | Property | Command


def read(path: Path) -> list[Block]:
    """Reads a source file into its blocks, in order."""
    return [block for chunk in _chunks(path.read_text(encoding="utf-8")) for block in _blocks(chunk)]


def properties(blocks: list[Block]) -> dict[str, str]:
    """Collects the document properties."""
    return {block.key: block.value for block in blocks if isinstance(block, Property)}


def runs(text: str) -> list[Run]:
    """Splits a line at its inline marks."""
    found: list[Run] = []
    position = 0
    for match in _INLINE.finditer(text):
        if match.start() > position:
            found.append(Run(text[position : match.start()]))
        style = str(match.lastgroup)
        found.append(Run(match.group(style), style))
        position = match.end()
    if position < len(text):
        found.append(Run(text[position:]))
    return found


def _chunks(text: str) -> Iterator[list[str]]:
    chunk: list[str] = []
    for line in [*text.splitlines(), ""]:
        lone = line.startswith(_LONE_LINE)
        if chunk and (lone or not line.strip()):
            yield chunk
            chunk = []
        if lone:
            yield [line]
        elif line.strip():
            chunk.append(line)


def _blocks(chunk: list[str]) -> list[Block]:
    first = chunk[0]
    if first.startswith("~~~"):
        return [_table(chunk)]
    if first.startswith("!"):
        signal, _, title = first[1:].partition(" ")
        return [Box(signal, title, " ".join(chunk[1:]))]
    if first.startswith("[^"):
        key, _, text = first[2:].partition("]:")
        return [Footnote(key, text.strip())]
    if first.startswith(_LONE_LINE):
        return [_lone(first)]
    if _ITEM.fullmatch(first):
        return [_item(line) for line in chunk]
    return [Paragraph(" ".join(chunk))]


def _lone(line: str) -> Block:
    if line.startswith("#"):
        marks, _, text = line.partition(" ")
        return Heading(marks.count("#"), text, numbered=not marks.endswith("*"))
    name, _, argument = line[1:].partition(" ")
    return Property(name, argument) if line.startswith("@") else Command(name, argument)


def _item(line: str) -> Item:
    match = _ITEM.fullmatch(line)
    if match is None:
        raise ValueError(f"not a list item: {line!r}")
    return Item(match["text"], match["marker"], level=1 if match["indent"] else 0)


def _table(chunk: list[str]) -> Table:
    kind, *options = shlex.split(chunk[0].removeprefix("~~~"))
    body = [line for line in chunk[1:] if line != "~~~"]
    if kind == "facts":
        return Table([line.split(": ", 1) for line in body], style="facts")
    chosen = dict(option.split("=", 1) for option in options)
    return Table(
        rows=[[cell.strip() for cell in line.split("|")] for line in body],
        style=chosen.get("style", "ruled"),
        caption=chosen.get("caption", ""),
        align=chosen.get("align", ""),
        widths=[float(width) for width in chosen.get("widths", "").split(",") if width],
    )
