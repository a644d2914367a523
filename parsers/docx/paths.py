"""Element paths, each as short as it can be while naming one element: `/w:document/w:body/w:p[3]`."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from parsers.archive import Element


@dataclass(slots=True)
class Paths:
    """Paths of many elements of the same trees; each parent's children are numbered once."""

    _steps: dict[Element, dict[Element, str]] = field(default_factory=dict)
    """Parent -> child -> the child's step."""

    def of(self, element: Element) -> str:
        """The element's path from the root of its part, in XPath with the part's own prefixes."""
        steps: list[str] = []
        node = element
        while (parent := node.getparent()) is not None:
            if parent not in self._steps:
                self._steps[parent] = _numbered(parent)
            steps.append(self._steps[parent][node])
            node = parent
        return "/" + "/".join([_name(node), *reversed(steps)])


def _numbered(parent: Element) -> dict[Element, str]:
    children = [child for child in parent if isinstance(child.tag, str)]
    totals = Counter(child.tag for child in children)
    met: Counter[str] = Counter()
    steps: dict[Element, str] = {}
    for child in children:
        met[child.tag] += 1
        number = f"[{met[child.tag]}]" if totals[child.tag] > 1 else ""
        steps[child] = _name(child) + number
    return steps


def _name(element: Element) -> str:
    local = str(element.tag).rsplit("}", 1)[-1]
    return f"{element.prefix}:{local}" if element.prefix else local
