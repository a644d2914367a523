"""Office Math (OMML) as one line of text in the notation of TeX's plain parts: x^2, (a)/(b), sqrt(x)."""

from __future__ import annotations

from collections.abc import Callable

from parsers.docx.names import M
from parsers.docx.package import Element

_MVAL = f"{M}val"
_SIMPLE = 3
_ACCENTS = {"\u0302": "hat", "\u0303": "tilde", "\u0304": "bar", "\u0305": "bar", "\u20d7": "vec", "\u0307": "dot"}


def math_text(element: Element) -> str:
    """The text of an `m:oMath`, an `m:oMathPara` or anything inside them."""
    write = _WRITERS.get(_name(element))
    return write(element) if write else _children(element)


def _name(element: Element) -> str:
    tag = element.tag
    return tag[len(M) :] if isinstance(tag, str) and tag.startswith(M) else ""


def _children(element: Element) -> str:
    return "".join(math_text(child) for child in element if isinstance(child.tag, str))


def _part(element: Element, name: str) -> str:
    child = element.find(f"{M}{name}")
    return _children(child) if child is not None else ""


def _run(element: Element) -> str:
    return "".join(node.text or "" for node in element.iter(f"{M}t"))


def _grouped(text: str) -> str:
    return text if len(text) < _SIMPLE or text.isalnum() else f"({text})"


def _fraction(element: Element) -> str:
    return f"{_grouped(_part(element, 'num'))}/{_grouped(_part(element, 'den'))}"


def _superscript(element: Element) -> str:
    return f"{_part(element, 'e')}^{_grouped(_part(element, 'sup'))}"


def _subscript(element: Element) -> str:
    return f"{_part(element, 'e')}_{_grouped(_part(element, 'sub'))}"


def _both(element: Element) -> str:
    return f"{_part(element, 'e')}_{_grouped(_part(element, 'sub'))}^{_grouped(_part(element, 'sup'))}"


def _before(element: Element) -> str:
    return f"_{_grouped(_part(element, 'sub'))}^{_grouped(_part(element, 'sup'))}{_part(element, 'e')}"


def _radical(element: Element) -> str:
    degree = _part(element, "deg")
    return f"√[{degree}]({_part(element, 'e')})" if degree else f"√({_part(element, 'e')})"


def _character(element: Element, properties: str, name: str, default: str) -> str:
    found = element.find(f"{M}{properties}/{M}{name}")
    return found.get(_MVAL, default) if found is not None else default


def _n_ary(element: Element) -> str:
    sign = _character(element, "naryPr", "chr", "∫")
    low, high = _part(element, "sub"), _part(element, "sup")
    limits = (f"_{_grouped(low)}" if low else "") + (f"^{_grouped(high)}" if high else "")
    return f"{sign}{limits} {_part(element, 'e')}"


def _delimited(element: Element) -> str:
    opening = _character(element, "dPr", "begChr", "(")
    closing = _character(element, "dPr", "endChr", ")")
    between = _character(element, "dPr", "sepChr", "|")
    return opening + between.join(_children(part) for part in element.iterchildren(f"{M}e")) + closing


def _function(element: Element) -> str:
    return f"{_part(element, 'fName')} {_part(element, 'e')}"


def _matrix(element: Element) -> str:
    rows = element.iterchildren(f"{M}mr")
    return "; ".join(", ".join(_children(cell) for cell in row.iterchildren(f"{M}e")) for row in rows)


def _equations(element: Element) -> str:
    return "\n".join(_children(part) for part in element.iterchildren(f"{M}e"))


def _lower_limit(element: Element) -> str:
    return f"{_part(element, 'e')}_{_grouped(_part(element, 'lim'))}"


def _upper_limit(element: Element) -> str:
    return f"{_part(element, 'e')}^{_grouped(_part(element, 'lim'))}"


def _accent(element: Element) -> str:
    sign = _character(element, "accPr", "chr", "\u0302")
    name = _ACCENTS.get(sign)
    return f"{name}({_part(element, 'e')})" if name else _part(element, "e") + sign


def _nothing(_: Element) -> str:
    return ""


_PROPERTIES = "naryPr dPr fPr rPr sSupPr sSubPr sSubSupPr sPrePr radPr funcPr mPr eqArrPr accPr ctrlPr"
_WRITERS: dict[str, Callable[[Element], str]] = {
    "r": _run,
    "f": _fraction,
    "sSup": _superscript,
    "sSub": _subscript,
    "sSubSup": _both,
    "sPre": _before,
    "rad": _radical,
    "nary": _n_ary,
    "d": _delimited,
    "func": _function,
    "m": _matrix,
    "eqArr": _equations,
    "limLow": _lower_limit,
    "limUpp": _upper_limit,
    "acc": _accent,
} | {name: _nothing for name in _PROPERTIES.split()}
