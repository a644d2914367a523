"""A walk over the page's tree that turns what it meets into blocks, in reading order."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from lxml import etree

from parsers.document import BlockKind, DocumentBuilder
from parsers.html.inline import (
    BULLETS,
    alternative_text,
    cell_text,
    code_text,
    collapse,
    flat,
    special_text,
    start_number,
    visible,
)
from parsers.html.tables import build_table, is_data_table
from parsers.html.tree import BLOCK_TAGS, Element
from parsers.html.visibility import is_skipped

HEADINGS = {f"h{level}": level for level in range(1, 7)}
CODE_TAGS = frozenset(("pre", "listing", "xmp"))
LISTS = frozenset(("ul", "ol", "menu", "dir", "dl"))
CAPTIONS = frozenset(("figcaption", "caption"))
ITEMS = frozenset(("li", "dt", "dd"))
MIN_ALTERNATIVE = 15
"""Characters; shorter alternative texts are names of icons more often than descriptions."""

_GAP = re.compile(r"\n\s*\n")
_PLAIN_TAG = re.compile(r"[A-Za-z_][\w.-]*")
_ONLY_ONE = frozenset(("html", "body"))


@dataclass(slots=True)
class _List:
    element: Element
    next_number: int = 1


@dataclass(slots=True)
class _Step:
    """One element on the way down, with how many children of each tag have been met."""

    step: str
    seen: dict[str, int] = field(default_factory=dict)

    def child(self, tag: str) -> _Step:
        """The step to the next child of that tag, in XPath."""
        self.seen["*"] = self.seen.get("*", 0) + 1
        self.seen[tag] = self.seen.get(tag, 0) + 1
        if tag in _ONLY_ONE:
            return _Step(tag)
        if _PLAIN_TAG.fullmatch(tag):
            return _Step(f"{tag}[{self.seen[tag]}]")
        return _Step(f"*[{self.seen['*']}]")


@dataclass(slots=True)
class BlockWalk:
    """Collects inline text until a block element begins or ends, then adds it as a block."""

    builder: DocumentBuilder
    left_out: set[Element] = field(default_factory=set)
    prefix: str = ""
    """Put before every path: the part of a file that holds several pages."""
    _steps: list[_Step] = field(default_factory=list)
    _open: list[tuple[Element, int]] = field(default_factory=list)
    """Open block elements with their depth; text belongs to the innermost of them."""
    _pieces: list[str] = field(default_factory=list)
    _pictures: list[tuple[str, str]] = field(default_factory=list)
    """Alternative texts and paths of images since the last block."""
    _lists: list[_List] = field(default_factory=list)
    _marker: str | None = None
    _item: bool = False
    """Whether the next text opens a list item."""
    _depth: int = 1
    """How deep that item stands; a definition stands below its term."""

    def run(self, root: Element) -> None:
        """Walk the whole subtree of `root`."""
        self._steps = [_Step(self.prefix + _path_of(root))]
        self._open = [(root, 1)]
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if element is root:
                skip = event == "start" and self._enter(element)
            elif event == "start":
                self._steps.append(self._steps[-1].child(str(element.tag)))
                skip = self._begin(element)
            else:
                self._end(element)
                skip = False
            if skip:
                walk.skip_subtree()
        self._flush()
        self._lists.clear()
        self._item = False

    def _path(self) -> str:
        return "/".join(step.step for step in self._steps)

    def _begin(self, element: Element) -> bool:
        """Handle an element's start; True when its subtree is dealt with."""
        if element.tag in BLOCK_TAGS:
            self._flush()
            self._open.append((element, len(self._steps)))
        return self._enter(element)

    def _end(self, element: Element) -> None:
        tag = element.tag
        if tag in BLOCK_TAGS:
            self._flush()
            self._open.pop()
        if tag in LISTS and self._lists and self._lists[-1].element is element:
            self._lists.pop()
        if tag in ITEMS:
            self._item = False
        self._steps.pop()
        if element.tail:
            self._pieces.append(flat(element.tail))

    def _enter(self, element: Element) -> bool:
        """Take what an element itself says; True when its subtree is dealt with."""
        special = special_text(element)
        if special is not None:
            self._pieces.append(special)
            return True
        if element in self.left_out or is_skipped(element):
            return True
        if element.tag in BLOCK_TAGS:
            return self._enter_block(element)
        if element.tag == "img":
            self._picture(element)
        if element.text:
            self._pieces.append(flat(element.text))
        return False

    def _enter_block(self, element: Element) -> bool:
        tag = element.tag
        if tag in CODE_TAGS or _is_code_line(element):
            self._code(element)
            return True
        if tag == "table" and is_data_table(element):
            self._table(element)
            return True
        if tag in LISTS:
            self._lists.append(_List(element, start_number(element)))
        elif tag in ITEMS:
            self._open_item(element)
        if element.text:
            self._pieces.append(flat(element.text))
        return False

    def _open_item(self, element: Element) -> None:
        self._item = True
        self._depth = max(1, len(self._lists)) + (1 if element.tag == "dd" else 0)
        self._marker = None
        current = self._lists[-1] if self._lists else None
        if current is not None and current.element.tag == "ol":
            value = element.get("value") or ""
            number = int(value) if value.isdecimal() and len(value) < 8 else current.next_number
            current.next_number = number + 1
            self._marker = f"{number}."
        elif element.tag == "li":
            self._marker = BULLETS[min(max(1, len(self._lists)), len(BULLETS)) - 1]

    def _flush(self) -> None:
        """Add the collected inline text as a block of the innermost open block element."""
        if not self._pieces and not self._pictures:
            return
        text = visible("".join(self._pieces))
        self._pieces.clear()
        if text.strip():
            owner, depth = self._open[-1]
            path = "/".join(step.step for step in self._steps[:depth])
            for part in _GAP.split(text):
                self._add(owner, collapse(part), path)
        self._flush_pictures(alone=not text.strip())

    def _add(self, owner: Element, text: str, path: str) -> None:
        if not text:
            return
        kind, level = self._kind(owner)
        if kind == "heading":
            text = " ".join(text.split())
        marker = self._marker if kind == "list_item" else None
        self._item = False
        self.builder.add(kind, text, level=level, marker=marker, path=path)

    def _kind(self, owner: Element) -> tuple[BlockKind, int | None]:
        for tag in _lineage(owner):
            if tag in HEADINGS:
                return "heading", HEADINGS[tag]
            if tag in CAPTIONS:
                return "caption", None
        if self._item:
            return "list_item", self._depth
        return "paragraph", None

    def _picture(self, element: Element) -> None:
        text = alternative_text(element)
        if len(text) >= MIN_ALTERNATIVE:
            self._pictures.append((text, f"{self._path()}/@alt"))

    def _flush_pictures(self, *, alone: bool) -> None:
        """Images in a line of text decorate it; images that stand alone are described by their captions."""
        for text, path in self._pictures if alone else ():
            self.builder.add("caption", text, path=path)
        self._pictures.clear()

    def _code(self, element: Element) -> None:
        self._item = False
        self.builder.add("code", code_text(element), path=self._path())

    def _table(self, element: Element) -> None:
        for number, caption in enumerate(element.iterchildren("caption"), 1):
            self.builder.add("caption", cell_text(caption), path=f"{self._path()}/caption[{number}]")
        table = build_table(element, cell_text)
        if table is not None:
            self._item = False
            self.builder.add("table", "", table=table, path=self._path())


def _path_of(element: Element) -> str:
    """The path from the root of the page, every step numbered as the walk numbers it."""
    steps: list[str] = []
    for node in (element, *element.iterancestors()):
        parent = _Step("")
        for sibling in reversed(list(node.itersiblings(preceding=True))):
            parent.child(str(sibling.tag))
        steps.append(parent.child(str(node.tag)).step)
    return "/" + "/".join(reversed(steps))


def _lineage(owner: Element) -> tuple[str, ...]:
    """Tags of the element and the two above it: headings and captions may wrap their text in one more block."""
    parent = owner.getparent()
    above = parent.getparent() if parent is not None else None
    return tuple(str(element.tag) for element in (owner, parent, above) if element is not None)


def _is_code_line(element: Element) -> bool:
    """A paragraph with nothing in it but one code element is a block of code."""
    if element.tag not in {"p", "div"} or len(element) != 1 or (element.text or "").strip():
        return False
    child = element[0]
    return child.tag == "code" and not (child.tail or "").strip()
