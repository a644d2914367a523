"""Text inside one block: words as a browser shows them, formulas, code, cells."""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from parsers.html.math import math_text
from parsers.html.tree import BLOCK_TAGS, Element
from parsers.html.visibility import is_skipped

BULLETS = ("•", "◦", "▪")

_INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
_FILE_NAME = re.compile(r"\S+\.(?:jpe?g|png|gif|svg|webp|bmp|tiff?)", re.IGNORECASE)


def collapse(text: str) -> str:
    """White space as a browser shows it: one space, and line breaks only where the page asks for them."""
    lines = (" ".join(line.split()) for line in visible(text).split("\n"))
    return "\n".join(lines).strip()


def visible(text: str) -> str:
    """Text without soft hyphens and characters of no width."""
    return _INVISIBLE.sub("", text)


def flat(text: str) -> str:
    """Text of the source, in which line ends mean no more than a space."""
    return text.replace("\n", " ").replace("\r", " ")


def special_text(element: Element) -> str | None:
    """What a formula or a line break reads as; None for every other element."""
    tag = element.tag
    if tag == "br":
        return "\n"
    if tag == "math":
        return math_text(element)
    if tag == "script" and (element.get("type") or "").startswith("math/tex"):
        return " ".join((element.text or "").split())
    if tag in {"span", "div"} and (element.get("class") or "").startswith("MathJax"):
        return _drawn_formula(element)
    return None


def _drawn_formula(element: Element) -> str:
    """A formula that MathJax has drawn: what it kept as MathML, or nothing where its source follows."""
    following = element.getnext()
    if following is not None and following.tag == "script":
        return ""
    formula = next(element.iter("math"), None)
    return math_text(formula) if formula is not None else ""


def alternative_text(image: Element) -> str:
    """An image's alternative text where it says something; "" for decoration and file names."""
    text = collapse(image.get("alt") or "").replace("\n", " ")
    return "" if _FILE_NAME.fullmatch(text) else text


def code_text(element: Element) -> str:
    """The text of a code element, verbatim, with `br` as line ends and line numbers left out."""
    pieces: list[str] = [element.text or ""]
    walk = etree.iterwalk(element, events=("start", "end"))
    for event, node in walk:
        if node is element:
            continue
        if event == "end":
            pieces.append(node.tail or "")
        elif node.tag == "br":
            pieces.append("\n")
        elif is_skipped(node):
            walk.skip_subtree()
        else:
            pieces.append(node.text or "")
    return "".join(pieces).replace("\r\n", "\n").replace("\r", "\n").strip("\n")


def cell_text(cell: Element) -> str:
    """A cell's visible text on one line, with the marks of lists inside it.

    Words of neighbouring block elements are kept apart; a cell that holds only a picture reads as its alternative
    text.
    """
    text = " ".join(visible("".join(_cell_pieces(cell))).split())
    if text:
        return text
    return " ".join(filter(None, map(alternative_text, cell.iter("img"))))


def _cell_pieces(cell: Element) -> Iterator[str]:
    numbers: list[int | None] = []
    walk = etree.iterwalk(cell, events=("start", "end"))
    for event, element in walk:
        if event == "end":
            if element.tag in {"ul", "ol"} and numbers:
                numbers.pop()
            if element is not cell:
                yield (" " if element.tag in BLOCK_TAGS else "") + (element.tail or "")
            continue
        special = special_text(element)
        if special is not None or is_skipped(element):
            walk.skip_subtree()
            yield special or ""
            continue
        yield (" " if element.tag in BLOCK_TAGS else "") + _mark(element, numbers) + (element.text or "")


def _mark(element: Element, numbers: list[int | None]) -> str:
    if element.tag in {"ul", "ol"}:
        numbers.append(start_number(element) if element.tag == "ol" else None)
    if element.tag != "li" or not numbers:
        return ""
    number = numbers[-1]
    if number is None:
        return BULLETS[0] + " "
    numbers[-1] = number + 1
    return f"{number}. "


def start_number(element: Element) -> int:
    """The number of an ordered list's first item."""
    start = element.get("start") or ""
    return int(start) if start.isdecimal() and len(start) < 8 else 1
