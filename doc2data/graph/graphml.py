"""The clue graph as GraphML, for any graph viewer."""

from __future__ import annotations

from xml.etree.ElementTree import Element, SubElement, indent, tostring

from doc2data.graph.clue_graph import ClueGraph

_NODE_KEYS = {"name": "string", "forms": "string", "clues": "int"}
_EDGE_KEYS = {"clue": "string", "document": "string", "page": "int", "start": "int", "end": "int", "quote": "string"}


def to_graphml(graph: ClueGraph) -> str:
    """The graph as a GraphML 1.0 document: a node per entity, an edge per pair of entities that a clue ties."""
    root = Element("graphml", xmlns="http://graphml.graphdrawing.org/xmlns")
    for domain, keys in (("node", _NODE_KEYS), ("edge", _EDGE_KEYS)):
        for name, kind in keys.items():
            attributes = {"id": f"{domain}_{name}", "for": domain, "attr.name": name, "attr.type": kind}
            SubElement(root, "key", attributes)
    body = SubElement(root, "graph", id="clues", edgedefault="undirected")
    for entity in graph.entities.values():
        node = SubElement(body, "node", id=entity.id)
        _put(
            node, "node", {"name": entity.name, "forms": "; ".join(entity.forms), "clues": len(graph.naming[entity.id])}
        )
    for number, edge in enumerate(graph.edges()):
        clue = graph.clues[edge.clue]
        element = SubElement(body, "edge", id=f"e{number}", source=edge.source, target=edge.target)
        place = {"clue": clue.id, "document": clue.document, "page": clue.page, "start": clue.start, "end": clue.end}
        _put(element, "edge", {**place, "quote": clue.quote})
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _put(element: Element, domain: str, values: dict[str, str | int | None]) -> None:
    for name, value in values.items():
        if value is not None:
            SubElement(element, "data", key=f"{domain}_{name}").text = _printable(str(value))


def _printable(text: str) -> str:
    """Without the control characters that XML cannot carry."""
    return "".join(
        c
        if c in "\n\t" or (ord(c) >= 0x20 and not 0xD800 <= ord(c) <= 0xDFFF and ord(c) not in (0xFFFE, 0xFFFF))
        else " "
        for c in text
    )
