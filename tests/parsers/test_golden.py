"""Whole documents, block by block; `pytest --regenerate` rewrites the golden files, and the diff is to be read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from parsers import Document, parse, to_json, to_markdown
from tests.parsers.makers import cell, numbered, paragraph, write_docx

INPUTS = Path(__file__).parent / "inputs"
GOLDEN = Path(__file__).parent.parent / "golden" / "parsers"
NUMBERING = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/><w:lvlText w:val="%2)"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num>"""


def letter(folder: Path) -> Path:
    """A DOCX file with a title, headings, a list, a merged table and a footnote."""
    wide = '<w:gridSpan w:val="2"/>'
    header = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('Part')}{cell('Price', wide)}</w:tr>"
    rows = f"{header}<w:tr>{cell('Pump')}{cell('120')}{cell('EUR')}</w:tr>"
    mark = '<w:p><w:r><w:t>Prices hold for a month.</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r></w:p>'
    body = paragraph("Offer", "Titel") + paragraph("Scope", "berschrift1") + mark
    body += numbered("Delivery") + numbered("by rail", level=1) + numbered("Assembly")
    body += paragraph("Table 1: Parts", "Caption") + f"<w:tbl>{rows}</w:tbl>" + paragraph("pump --start", "SourceCode")
    notes = f'<w:footnote w:id="1">{paragraph("Without tax.")}</w:footnote>'
    return write_docx(folder / "letter.docx", body, {"numbering": NUMBERING, "footnotes": notes})


def settled(document: Document) -> Document:
    """Without what differs from machine to machine or from run to run."""
    return replace(document, source=Path(document.source).name, sha256="")


def compare(name: str, document: Document, regenerate: bool) -> None:
    for suffix, text in ((".json", to_json(settled(document)) + "\n"), (".md", to_markdown(document))):
        path = GOLDEN / f"{name}{suffix}"
        if regenerate:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="\n")
        assert text == path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted(INPUTS.iterdir()), ids=lambda path: path.name)
def test_input_matches_its_golden_files(path: Path, regenerate: bool) -> None:
    compare(path.name, parse(path), regenerate)


def test_made_docx_matches_its_golden_files(tmp_path: Path, regenerate: bool) -> None:
    compare("letter.docx", parse(letter(tmp_path)), regenerate)
