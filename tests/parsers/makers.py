"""Small documents made in tests: HTML pages and DOCX packages from their parts."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import cast

from lxml import etree

from parsers import Block, Document, parse

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
R = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="{R}"'
    ' xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'
    ' xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
    ' xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing"'
    ' xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
    ' xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
    ' xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
    ' xmlns:dgm="http://schemas.openxmlformats.org/drawingml/2006/diagram"'
    ' xmlns:v="urn:schemas-microsoft-com:vml"'
)
RELATION = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
STYLES = """
<w:style w:type="paragraph" w:default="1" w:styleId="Normal"><w:name w:val="Normal"/></w:style>
<w:style w:type="paragraph" w:styleId="Titel"><w:name w:val="Title"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift1"><w:name w:val="heading 1"/></w:style>
<w:style w:type="paragraph" w:styleId="berschrift2"><w:name w:val="heading 2"/><w:basedOn w:val="berschrift1"/>
</w:style>
<w:style w:type="paragraph" w:styleId="Chapter"><w:name w:val="Chapter"/><w:basedOn w:val="berschrift1"/></w:style>
<w:style w:type="paragraph" w:styleId="SourceCode"><w:name w:val="Source Code"/></w:style>
<w:style w:type="paragraph" w:styleId="Caption"><w:name w:val="caption"/></w:style>
<w:style w:type="paragraph" w:styleId="TOC1"><w:name w:val="toc 1"/></w:style>
"""


def paragraph(text: str, style: str = "", properties: str = "") -> str:
    """A `w:p` with one run."""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f'<w:p><w:pPr>{named}{properties}</w:pPr><w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def numbered(text: str, number: int = 1, level: int = 0) -> str:
    """A paragraph of a list."""
    numbering = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>'
    return paragraph(text, properties=numbering)


def cell(text: str, properties: str = "") -> str:
    """A `w:tc` with one paragraph."""
    return f"<w:tc><w:tcPr>{properties}</w:tcPr>{paragraph(text)}</w:tc>"


def write_docx(path: Path, body: str, parts: dict[str, str] | None = None, strict: bool = False) -> Path:
    """Write a package with this body; `parts` maps a relationship's kind ("numbering") to the part's content."""
    extra = {"styles": STYLES} | (parts or {})
    relations = "".join(f'<Relationship Id="{kind}" Type="{RELATION}/{kind}" Target="{kind}.xml"/>' for kind in extra)
    main = f'<Relationship Id="r" Type="{RELATION}/officeDocument" Target="word/document.xml"/>'
    files = {
        "[Content_Types].xml": "<Types/>",
        "_rels/.rels": _relationships(main),
        "word/_rels/document.xml.rels": _relationships(relations),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}</w:body></w:document>",
    }
    roots = {"chart": "c:chartSpace", "diagramData": "dgm:dataModel"}
    for kind, content in extra.items():
        root = roots.get(kind, f"w:{kind}")
        files[f"word/{kind}.xml"] = f"<{root} {NAMESPACES}>{content}</{root}>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, _as_strict(content) if strict else content)
    return path


def read_docx(folder: Path, body: str, parts: dict[str, str] | None = None) -> Document:
    """The document read from a package with this body."""
    return parse(write_docx(folder / "made.docx", body, parts))


def read_html(folder: Path, source: str | bytes, name: str = "page.html") -> Document:
    """The document read from a page's source."""
    path = folder / name
    path.write_bytes(source if isinstance(source, bytes) else source.encode())
    return parse(path)


def shapes(document: Document) -> list[tuple[str, str]]:
    """Kind and text of every block."""
    return [(block.kind, block.text) for block in document.blocks]


def of_kind(document: Document, kind: str) -> list[Block]:
    """The blocks of one kind."""
    return [block for block in document.blocks if block.kind == kind]


def element_at(root: etree._Element, path: str | None) -> etree._Element:
    """The one element of a tree to which a block's path leads."""
    spaces = {str(prefix): name for prefix, name in root.nsmap.items() if prefix}
    (element,) = cast("list[etree._Element]", root.getroottree().xpath(str(path), namespaces=spaces or None))
    return element


def text_of(element: etree._Element) -> str:
    """All text of an element, without white space."""
    return "".join("".join(map(str, element.itertext())).split())


def _relationships(items: str) -> str:
    return (
        f'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{items}</Relationships>'
    )


def _as_strict(content: str) -> str:
    for vocabulary in ("wordprocessingml", "officeDocument", "drawingml"):
        content = content.replace(
            f"http://schemas.openxmlformats.org/{vocabulary}/2006/", f"http://purl.oclc.org/ooxml/{vocabulary}/"
        )
    return content
