"""A walk over the page's tree that turns what it meets into blocks, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parsers.document import BlockKind, DocumentBuilder
from parsers.html.tables import build_table, is_data_table
from parsers.html.tree import DROPPED_TAGS, Element, is_hidden

HEADINGS = {f"h{level}": level for level in range(1, 7)}
_BLOCK_NAMES = (
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure "
    "footer form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav ol optgroup p section summary "
    "table tbody td tfoot th thead tr ul caption pre listing xmp"
)
BLOCK_TAGS = frozenset(_BLOCK_NAMES.split())
CODE_TAGS = frozenset(("pre", "listing", "xmp"))
LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
BULLETS = ("•", "◦", "▪")

_BREAK = "\n"
_SPACES = re.compile(r"[^\S\n]+")
_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_GAP = re.compile(r"\n[\s]*\n")


def collapse(text: str) -> str:
    """White space as a browser shows it: one space, and line breaks only where the page asks for them."""
    lines = (" ".join(line.split()) for line in _INVISIBLE.sub("", text).split(_BREAK))
    return _BREAK.join(lines).strip()


@dataclass(slots=True)
class _List:
    tag: str
    next_number: int = 1


@dataclass(slots=True)
class BlockWalk:
    """Collects inline text until a block element begins or ends, then adds it as a block."""

    builder: DocumentBuilder
    tree: etree._ElementTree
    left_out: set[Element]
    _pieces: list[str] = field(default_factory=list)
    _lists: list[_List] = field(default_factory=list)
    _marker: str | None = None
    _item: bool = False
    """Whether the next text opens a list item."""

    def run(self, root: Element) -> None:
        """Walk the whole subtree of `root`."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "end":
                self._leave(element)
            elif not isinstance(element.tag, str) or self._enter(element):
                walk.skip_subtree()
        self._flush(root)

    def _enter(self, element: Element) -> bool:
        """Handle an element's start; True when its subtree is dealt with."""
        tag = element.tag
        if tag in DROPPED_TAGS or element in self.left_out or is_hidden(element):
            return True
        if tag == "br":
            self._pieces.append(_BREAK)
        if tag in BLOCK_TAGS:
            self._flush(element.getparent())
        if tag in CODE_TAGS:
            self._code(element)
            return True
        if tag == "table" and is_data_table(element):
            self._table(element)
            return True
        if tag in LISTS:
            self._lists.append(_List(tag, _start_number(element)))
        elif tag in {"li", "dt", "dd"}:
            self._open_item(element)
        if element.text:
            self._pieces.append(_flat(element.text))
        return False

    def _leave(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCK_TAGS:
            self._flush(element)
        if tag in LISTS and self._lists:
            self._lists.pop()
        if tag in {"li", "dt", "dd"}:
            self._item = False
        if tag in {"td", "th"}:
            self._pieces.append(" ")
        if element.tail:
            self._pieces.append(_flat(element.tail))

    def _open_item(self, element: Element) -> None:
        self._item = True
        self._marker = None
        current = self._lists[-1] if self._lists else None
        if current is not None and current.tag == "ol":
            value = element.get("value") or ""
            number = int(value) if value.isdecimal() and len(value) < 7 else current.next_number
            current.next_number = number + 1
            self._marker = f"{number}."
        elif element.tag == "li":
            self._marker = BULLETS[min(len(self._lists), len(BULLETS)) - 1]

    def _flush(self, owner: Element | None) -> None:
        """Add the collected inline text as a block of `owner`."""
        if not self._pieces:
            return
        text = _INVISIBLE.sub("", "".join(self._pieces))
        self._pieces.clear()
        if not text.strip() or owner is None:
            return
        for part in _GAP.split(text):
            self._add(owner, collapse(part))

    def _add(self, owner: Element, text: str) -> None:
        if not text:
            return
        path = self.tree.getpath(owner)
        kind, level = self._kind(owner)
        if kind == "heading":
            text = " ".join(text.split())
        marker = self._marker if kind == "list_item" else None
        self._item = False
        self.builder.add(kind, text, level=level, marker=marker, path=path)

    def _kind(self, owner: Element) -> tuple[BlockKind, int | None]:
        if owner.tag in HEADINGS:
            return "heading", HEADINGS[owner.tag]
        if owner.tag in {"figcaption", "caption"}:
            return "caption", None
        if self._item:
            deeper = 1 if owner.tag == "dd" else 0
            return "list_item", max(1, len(self._lists)) + deeper
        return "paragraph", None

    def _code(self, element: Element) -> None:
        self._item = False
        self.builder.add("code", code_text(element).strip("\n"), path=self.tree.getpath(element))

    def _table(self, element: Element) -> None:
        for caption in element.iterchildren("caption"):
            self.builder.add("caption", cell_text(caption), path=self.tree.getpath(caption))
        table = build_table(element, cell_text)
        if table is not None:
            self._item = False
            self.builder.add("table", "", table=table, path=self.tree.getpath(element))


def _start_number(element: Element) -> int:
    start = element.get("start") or ""
    return int(start) if start.isdecimal() and len(start) < 7 else 1


def _flat(text: str) -> str:
    return " ".join(text.split("\n")) if "\n" in text else text


def code_text(element: Element) -> str:
    """The text of a code element, verbatim, with `br` as line ends."""
    pieces = [element.text or ""]
    for node in element.iterdescendants():
        if node.tag == "br":
            pieces.append("\n")
        elif isinstance(node.tag, str):
            pieces.append(node.text or "")
        pieces.append(node.tail or "")
    return "".join(pieces).replace("\r", "")


def cell_text(cell: Element) -> str:
    """A cell's visible text on one line; words of neighbouring block elements are kept apart."""
    pieces: list[str] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        tag = element.tag
        if event == "start":
            if not isinstance(tag, str) or tag in DROPPED_TAGS or is_hidden(element):
                walk.skip_subtree()
                continue
            pieces.append((" " if tag in BLOCK_TAGS or tag == "br" else "") + (element.text or ""))
        elif element is not cell:
            pieces.append((" " if tag in BLOCK_TAGS else "") + (element.tail or ""))
    return " ".join(_INVISIBLE.sub("", "".join(pieces)).split())
