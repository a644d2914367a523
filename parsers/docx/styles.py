"""Paragraph and character styles with what they inherit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from parsers.archive import Element
from parsers.docx.names import VAL, W

_HEADING_NAME = re.compile(r"heading\s*([1-9])(?![0-9])", re.IGNORECASE)
_CODE_NAME = re.compile(
    r"(?:^|[\s_-])(?:source ?code|code(?: ?block| ?listing| ?sample)?|html preformatted|preformatted(?: text)?|listing"
    r"|macro ?text|verbatim|console|terminal)(?:$|[\s_-])",
    re.IGNORECASE,
)
_OFF = frozenset(("0", "false", "off"))


@dataclass(frozen=True, slots=True)
class Style:
    """One style of the document."""

    id: str
    name: str
    kind: str
    """"paragraph", "character", "table" or "numbering"."""
    parent: str | None
    element: Element


@dataclass(slots=True)
class Styles:
    """All styles; questions about one are answered along its chain of parents."""

    by_id: dict[str, Style] = field(default_factory=dict)
    default_paragraph: str | None = None
    _found: dict[tuple[str | None, str, str], Element | None] = field(default_factory=dict)

    def chain(self, style_id: str | None) -> Iterator[Style]:
        """The style and its parents, nearest first."""
        seen: set[str] = set()
        while style_id and style_id in self.by_id and style_id not in seen:
            seen.add(style_id)
            style = self.by_id[style_id]
            yield style
            style_id = style.parent

    def name(self, style_id: str | None) -> str:
        """The style's name as Word knows it in every language, in lower case."""
        style = self.by_id.get(style_id or "")
        return style.name.lower() if style else (style_id or "").lower()

    def paragraph_property(self, style_id: str | None, name: str) -> Element | None:
        """The nearest `w:pPr` child of that name along the chain."""
        return self._property(style_id, "pPr", name)

    def run_property(self, style_id: str | None, name: str) -> Element | None:
        """The nearest `w:rPr` child of that name along the chain."""
        return self._property(style_id, "rPr", name)

    def of_run(self, properties: Element | None, style_id: str | None, name: str) -> Element | None:
        """A run's property of that name: its own, its character style's, its paragraph style's.

        Args:
            properties: the run's `w:rPr`.
            style_id: the paragraph's style.
            name: of the property, such as "sz".
        """
        if properties is not None:
            own = properties.find(f"{W}{name}")
            if own is not None:
                return own
            character = properties.find(f"{W}rStyle")
            if character is not None:
                styled = self.run_property(character.get(VAL), name)
                if styled is not None:
                    return styled
        return self.run_property(style_id, name)

    def heading_level(self, style_id: str | None) -> int | None:
        """Heading level from 1 by the style's name or outline level; None for body text."""
        for style in self.chain(style_id):
            match = _HEADING_NAME.fullmatch(style.name.strip()) or _HEADING_NAME.fullmatch(style.id)
            if match:
                return int(match.group(1))
            outline = style.element.find(f"{W}pPr/{W}outlineLvl")
            if outline is not None:
                return outline_level(outline)
        return None

    def is_title(self, style_id: str | None) -> bool:
        """Whether this is the style of the document's title."""
        return any(style.name.lower() == "title" for style in self.chain(style_id))

    def is_code(self, style_id: str | None) -> bool:
        """Whether the style, or one it is based on, is named as code."""
        return any(
            _CODE_NAME.search(style.name) or _CODE_NAME.search(_spaced(style.id)) for style in self.chain(style_id)
        )

    def is_contents(self, style_id: str | None) -> bool:
        """Whether the style is one of a table of contents' lines."""
        return re.match(r"toc (?:\d|heading)", self.name(style_id)) is not None

    def _property(self, style_id: str | None, group: str, name: str) -> Element | None:
        key = (style_id, group, name)
        if key not in self._found:
            places = (style.element.find(f"{W}{group}/{W}{name}") for style in self.chain(style_id))
            self._found[key] = next((found for found in places if found is not None), None)
        return self._found[key]


def read_styles(root: Element | None) -> Styles:
    """The styles of `word/styles.xml`; none where the part is missing."""
    styles = Styles()
    for element in root.iter(f"{W}style") if root is not None else ():
        style_id = element.get(f"{W}styleId")
        if not style_id:
            continue
        kind = element.get(f"{W}type", "paragraph")
        name, parent = element.find(f"{W}name"), element.find(f"{W}basedOn")
        styles.by_id[style_id] = Style(
            style_id,
            name.get(VAL, style_id) if name is not None else style_id,
            kind,
            parent.get(VAL) if parent is not None else None,
            element,
        )
        if kind == "paragraph" and is_on(element.get(f"{W}default"), missing=False):
            styles.default_paragraph = style_id
    return styles


def is_on(value: str | None, *, missing: bool = True) -> bool:
    """The meaning of an on/off attribute."""
    return missing if value is None else value.lower() not in _OFF


def is_set(element: Element | None) -> bool:
    """Whether an on/off property is there and on."""
    return element is not None and is_on(element.get(VAL))


def outline_level(outline: Element) -> int | None:
    """Heading level from 1 that an outline level stands for; 9 means body text."""
    value = outline.get(VAL, "")
    return int(value) + 1 if value.isdecimal() and int(value) < 9 else None


def _spaced(style_id: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", style_id)
