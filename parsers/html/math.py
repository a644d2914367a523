"""MathML as TeX: the source that the page carries along, else a translation of the elements."""

from __future__ import annotations

import re
from collections.abc import Callable

from parsers.formulas import ACCENTS, accented, group, raised, signs
from parsers.html.tree import Element

_TEX_ENCODINGS = frozenset(("application/x-tex", "text/x-tex", "latex", "tex"))
MAX_DEPTH = 60
_STYLED = re.compile(r"\{\\(?:display|text)style\b(.*)\}")


def math_text(element: Element) -> str:
    """The formula of a `math` element on one line."""
    for annotation in element.iterdescendants("annotation"):
        if (annotation.get("encoding") or "").lower() in _TEX_ENCODINGS and annotation.text:
            return _source(annotation.text)
    alternative = element.get("alttext")
    if alternative:
        return _source(alternative)
    return " ".join(_row(element, 0).split())


def _source(tex: str) -> str:
    """TeX on one line, without the style command that wikis wrap around every formula."""
    line = " ".join(tex.split())
    wrapped = _STYLED.fullmatch(line)
    return wrapped.group(1).strip() if wrapped else line


def _write(element: Element, depth: int) -> str:
    if not isinstance(element.tag, str) or depth > MAX_DEPTH:
        return ""
    write = _WRITERS.get(element.tag.rsplit(":", 1)[-1])
    return write(element, depth + 1) if write else _row(element, depth + 1)


def _row(element: Element, depth: int) -> str:
    own = signs((element.text or "").strip())
    return own + "".join(_write(child, depth) for child in element)


def _parts(element: Element, depth: int, number: int) -> list[str]:
    parts = [_write(child, depth) for child in element if isinstance(child.tag, str)]
    return (parts + [""] * number)[:number]


def _word(element: Element, _: int) -> str:
    text = signs("".join(map(str, element.itertext())).strip())
    return f"\\operatorname{group(text)}" if len(text) > 1 and text.isalpha() and text.isascii() else text


def _text(element: Element, _: int) -> str:
    return rf"\text{group(''.join(map(str, element.itertext())))}"


def _fraction(element: Element, depth: int) -> str:
    top, bottom = _parts(element, depth, 2)
    return rf"\frac{group(top)}{group(bottom)}"


def _root(element: Element, depth: int) -> str:
    base, degree = _parts(element, depth, 2)
    return rf"\sqrt[{degree.strip()}]{group(base)}"


def _square_root(element: Element, depth: int) -> str:
    return rf"\sqrt{group(_row(element, depth))}"


def _above(element: Element, depth: int) -> str:
    base, high = _parts(element, depth, 2)
    return raised(base, high=high)


def _below(element: Element, depth: int) -> str:
    base, low = _parts(element, depth, 2)
    return raised(base, low)


def _both(element: Element, depth: int) -> str:
    base, low, high = _parts(element, depth, 3)
    return raised(base, low, high)


def _over(element: Element, depth: int) -> str:
    sign = "".join(map(str, element[1].itertext())).strip() if len(element) > 1 else ""
    base, high = _parts(element, depth, 2)
    return accented(sign, base) if sign in ACCENTS else raised(base, high=high)


def _fenced(element: Element, depth: int) -> str:
    separator = (element.get("separators") or ",")[:1]
    inside = separator.join(_write(child, depth) for child in element)
    return (element.get("open") or "(") + inside + (element.get("close") or ")")


def _table(element: Element, depth: int) -> str:
    rows = (row for row in element if str(row.tag).endswith(("mtr", "mlabeledtr")))
    lines = (" & ".join(_row(cell, depth).strip() for cell in row) for row in rows)
    return r"\begin{matrix}" + r" \\ ".join(lines) + r"\end{matrix}"


def _nothing(_: Element, __: int) -> str:
    return ""


_WRITERS: dict[str, Callable[[Element, int], str]] = {
    "mi": _word,
    "mo": lambda element, _: signs("".join(map(str, element.itertext())).strip()),
    "mtext": _text,
    "ms": _text,
    "mfrac": _fraction,
    "mroot": _root,
    "msqrt": _square_root,
    "msup": _above,
    "msub": _below,
    "msubsup": _both,
    "munder": _below,
    "mover": _over,
    "munderover": _both,
    "mfenced": _fenced,
    "mtable": _table,
    "annotation": _nothing,
    "annotation-xml": _nothing,
    "mspace": lambda _, __: " ",
    "mphantom": _nothing,
}
