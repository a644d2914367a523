"""Office Math (OMML) as TeX on one line. ECMA-376 part 1, 22.1."""

from __future__ import annotations

from collections.abc import Callable

from parsers.archive import Element
from parsers.docx.names import M
from parsers.formulas import accented, group, raised, signs

_MVAL = f"{M}val"
MAX_DEPTH = 60


def math_text(element: Element) -> str:
    """The formula of an `m:oMath`, an `m:oMathPara` or anything inside them."""
    return " ".join(_write(element, 0).split())


def _write(element: Element, depth: int) -> str:
    if depth > MAX_DEPTH:
        return ""
    tag = element.tag
    name = tag[len(M) :] if isinstance(tag, str) and tag.startswith(M) else ""
    write = _WRITERS.get(name)
    if write is not None:
        return write(element, depth + 1)
    return "" if name.endswith("Pr") else _children(element, depth)


def _children(element: Element, depth: int) -> str:
    return "".join(_write(child, depth + 1) for child in element if isinstance(child.tag, str))


def _part(element: Element, name: str, depth: int) -> str:
    child = element.find(f"{M}{name}")
    return _children(child, depth) if child is not None else ""


def _run(element: Element, _: int) -> str:
    return signs("".join(node.text or "" for node in element.iter(f"{M}t")))


def _fraction(element: Element, depth: int) -> str:
    return rf"\frac{group(_part(element, 'num', depth))}{group(_part(element, 'den', depth))}"


def _script(element: Element, depth: int) -> str:
    """Sub- and superscripts, and limits below and above."""
    low = _part(element, "sub", depth)
    high = _part(element, "sup", depth)
    limit = _part(element, "lim", depth)
    if element.tag == f"{M}limUpp":
        high = limit
    elif limit:
        low = limit
    return raised(_part(element, "e", depth), low, high)


def _before(element: Element, depth: int) -> str:
    scripts = raised("{}", _part(element, "sub", depth), _part(element, "sup", depth))
    return scripts + _part(element, "e", depth)


def _radical(element: Element, depth: int) -> str:
    degree = _part(element, "deg", depth).strip()
    return r"\sqrt" + (f"[{degree}]" if degree else "") + group(_part(element, "e", depth))


def _character(element: Element, properties: str, name: str, default: str) -> str:
    found = element.find(f"{M}{properties}/{M}{name}")
    return found.get(_MVAL, default) if found is not None else default


def _n_ary(element: Element, depth: int) -> str:
    sign = signs(_character(element, "naryPr", "chr", "∫"))
    scripts = raised(sign, _part(element, "sub", depth), _part(element, "sup", depth))
    return f"{scripts} {_part(element, 'e', depth)}"


def _delimited(element: Element, depth: int) -> str:
    opening = signs(_character(element, "dPr", "begChr", "("))
    closing = signs(_character(element, "dPr", "endChr", ")"))
    between = _character(element, "dPr", "sepChr", "|")
    return opening + between.join(_children(part, depth) for part in element.iterchildren(f"{M}e")) + closing


def _function(element: Element, depth: int) -> str:
    return f"{_part(element, 'fName', depth)} {_part(element, 'e', depth)}"


def _matrix(element: Element, depth: int) -> str:
    rows = (
        " & ".join(_children(cell, depth).strip() for cell in row.iterchildren(f"{M}e"))
        for row in element.iterchildren(f"{M}mr")
    )
    return r"\begin{matrix}" + r" \\ ".join(rows) + r"\end{matrix}"


def _equations(element: Element, depth: int) -> str:
    return r" \\ ".join(_children(part, depth).strip() for part in element.iterchildren(f"{M}e"))


def _accent(element: Element, depth: int) -> str:
    return accented(_character(element, "accPr", "chr", "\u0302"), _part(element, "e", depth))


def _bar(element: Element, depth: int) -> str:
    place = _character(element, "barPr", "pos", "bot")
    return accented("\u0305" if place == "top" else "_", _part(element, "e", depth))


def _grouped(element: Element, depth: int) -> str:
    return accented(_character(element, "groupChrPr", "chr", "⏟"), _part(element, "e", depth))


_WRITERS: dict[str, Callable[[Element, int], str]] = {
    "r": _run,
    "f": _fraction,
    "sSup": _script,
    "sSub": _script,
    "sSubSup": _script,
    "limLow": _script,
    "limUpp": _script,
    "sPre": _before,
    "rad": _radical,
    "nary": _n_ary,
    "d": _delimited,
    "func": _function,
    "m": _matrix,
    "eqArr": _equations,
    "acc": _accent,
    "bar": _bar,
    "groupChr": _grouped,
}
