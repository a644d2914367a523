"""Makes Word documents with numbering, footnotes, tracked changes and merged cells.

python-docx has no interface for the last four, so their parts and elements are written as XML.
"""

import zipfile
from dataclasses import dataclass, field
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

import docx
import markup
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.oxml.xmlchemy import BaseOxmlElement
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

_WHEN = datetime(2025, 3, 10, 9, 0, tzinfo=UTC)
_REVISER = "M. Oldacre"
_MERGED_LEFT, _MERGED_UP = "<", "^"
_BULLETS, _STEPS = 71, 72
_BRAND = RGBColor(0x0D, 0x4D, 0x6B)
_FOOTNOTES_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.footnotes+xml"
_ALIGNMENTS = {"r": WD_ALIGN_PARAGRAPH.RIGHT, "c": WD_ALIGN_PARAGRAPH.CENTER}


@dataclass(slots=True)
class _Draft:
    """A Word document being written, with what has been numbered so far."""

    document: Document
    chinese: bool
    notes: dict[str, int] = field(default_factory=dict)
    tables: int = 0
    changes: int = 0
    steps: int = _STEPS


def write(source: Path, target: Path) -> None:
    """Writes the Word document of a source file to `target`."""
    blocks = markup.read(source)
    properties = markup.properties(blocks)
    footnotes = [block for block in blocks if isinstance(block, markup.Footnote)]
    draft = _Draft(docx.Document(), chinese=properties["lang"].startswith("zh"))
    draft.notes = {note.key: number for number, note in enumerate(footnotes, start=1)}
    _prepare(draft, properties)
    for block in blocks:
        _add(draft, block)
    if footnotes:
        _add_footnotes_part(draft.document, footnotes)
    target.write_bytes(_undated(draft.document))


def _prepare(draft: _Draft, properties: dict[str, str]) -> None:
    document = draft.document
    core = document.core_properties
    core.title, core.author, core.language = properties["title"], properties["author"], properties["lang"]
    core.comments, core.last_modified_by = "", properties["author"]
    core.created = core.modified = _WHEN
    section = document.sections[0]
    section.page_width, section.page_height = Cm(21), Cm(29.7)
    section.left_margin = section.right_margin = Cm(2.4)
    section.header.paragraphs[0].text = properties["header"]
    _add_page_number(section.footer.paragraphs[0], properties["footer"])
    _set_fonts(draft)
    _add_numbering(document, "cjk" if draft.chinese else "latin")
    document.add_paragraph(properties["title"], style="Title")


def _set_fonts(draft: _Draft) -> None:
    for name, size in (("Normal", 10.5), ("Title", 22), ("Heading 1", 15), ("Heading 2", 12)):
        style = draft.document.styles[name]
        style.font.name, style.font.size = "Arial", Pt(size)
        if name != "Normal":
            style.font.color.rgb = _BRAND
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        fonts.set(qn("w:eastAsia"), "Microsoft YaHei" if draft.chinese else "Arial")


def _add_page_number(paragraph: Paragraph, text: str) -> None:
    paragraph.add_run(f"{text} · ")
    page = OxmlElement("w:fldSimple")
    page.set(qn("w:instr"), "PAGE")
    page.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>1</w:t></w:r>"))
    paragraph._p.append(page)


def _add_numbering(document: Document, script: str) -> None:
    """Defines a bulleted and a numbered list of two levels each."""
    root = document.part.numbering_part.element
    second_step = ("decimal", "(%2)") if script == "cjk" else ("lowerLetter", "%2.")
    kinds = {
        _BULLETS: (("bullet", "•"), ("bullet", "–")),
        _STEPS: (("decimal", "%1."), second_step),
    }
    for number, levels in kinds.items():
        inner = "".join(
            f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{shape}"/><w:lvlText w:val="{text}"/>'
            f'<w:lvlJc w:val="left"/><w:pPr><w:ind w:left="{425 * (depth + 1)}" w:hanging="425"/></w:pPr></w:lvl>'
            for depth, (shape, text) in enumerate(levels)
        )
        abstract = parse_xml(
            f'<w:abstractNum {nsdecls("w")} w:abstractNumId="{number}">'
            f'<w:multiLevelType w:val="multilevel"/>{inner}</w:abstractNum>'
        )
        root.insert(0, abstract)
    _start_list(document, _BULLETS, _BULLETS)


def _add(draft: _Draft, block: markup.Block) -> None:
    match block:
        case markup.Heading():
            draft.document.add_heading(block.text, block.level)
        case markup.Paragraph(text):
            _write_runs(draft, draft.document.add_paragraph(), text)
        case markup.Item():
            _add_item(draft, block)
        case markup.Box():
            _add_box(draft, block)
        case markup.Table():
            _add_table(draft, block)
        case _:
            return


def _write_runs(draft: _Draft, paragraph: Paragraph, text: str) -> None:
    for run in markup.runs(text):
        if run.style == "note":
            paragraph._p.append(_note_reference(draft.notes[run.text]))
        elif run.style in {"inserted", "deleted"}:
            draft.changes += 1
            paragraph._p.append(_change(run, draft.changes))
        else:
            written = paragraph.add_run(run.text)
            written.bold = True if run.style == "bold" else None
            written.italic = True if run.style == "italic" else None


def _change(run: markup.Run, number: int) -> BaseOxmlElement:
    outer, inner = ("w:ins", "w:t") if run.style == "inserted" else ("w:del", "w:delText")
    return parse_xml(
        f'<{outer} {nsdecls("w")} w:id="{number}" w:author="{_REVISER}" w:date="{_WHEN:%Y-%m-%dT%H:%M:%SZ}">'
        f'<w:r><{inner} xml:space="preserve">{escape(run.text)}</{inner}></w:r></{outer}>'
    )


def _note_reference(number: int) -> BaseOxmlElement:
    return parse_xml(
        f'<w:r {nsdecls("w")}><w:rPr><w:vertAlign w:val="superscript"/></w:rPr>'
        f'<w:footnoteReference w:id="{number}"/></w:r>'
    )


def _add_item(draft: _Draft, item: markup.Item) -> None:
    bulleted = item.marker == "-"
    if item.marker == "1.":
        draft.steps += 1
        _start_list(draft.document, _STEPS, draft.steps)
    paragraph = draft.document.add_paragraph(style="List Bullet" if bulleted else "List Number")
    number = _BULLETS if bulleted else draft.steps
    paragraph._p.get_or_add_pPr().append(
        parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="{item.level}"/><w:numId w:val="{number}"/></w:numPr>')
    )
    _write_runs(draft, paragraph, item.text)


def _start_list(document: Document, kind: int, number: int) -> None:
    """Begins a list of a kind; numbered lists begin again at 1."""
    begin = '<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride>' if kind == _STEPS else ""
    document.part.numbering_part.element.append(
        parse_xml(f'<w:num {nsdecls("w")} w:numId="{number}"><w:abstractNumId w:val="{kind}"/>{begin}</w:num>')
    )


def _add_box(draft: _Draft, box: markup.Box) -> None:
    paragraph = draft.document.add_paragraph()
    borders = "".join(
        f'<w:{side} w:val="single" w:sz="8" w:space="6" w:color="C4471C"/>'
        for side in ("top", "left", "bottom", "right")
    )
    properties = paragraph._p.get_or_add_pPr()
    properties.append(parse_xml(f"<w:pBdr {nsdecls('w')}>{borders}</w:pBdr>"))
    colon, stop = ("：", "。") if draft.chinese else (": ", ". ")
    paragraph.add_run(f"{box.signal}{colon}{box.title}{stop}").bold = True
    _write_runs(draft, paragraph, box.text)


def _add_table(draft: _Draft, source: markup.Table) -> None:
    draft.tables += 1
    label = f"表{draft.tables} " if draft.chinese else f"Table {draft.tables}: "
    caption = draft.document.add_paragraph(label + source.caption, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = draft.document.add_table(len(source.rows), len(source.widths), style="Table Grid")
    scale = 16.2 / sum(source.widths)
    for row, texts in enumerate(source.rows):
        for column, text in enumerate(texts):
            cell = table.cell(row, column)
            cell.width = Cm(source.widths[column] * scale)
            if text not in {_MERGED_LEFT, _MERGED_UP}:
                _fill(cell, text, source.align[column : column + 1], heading=row == 0)
    _merge(table, source.rows)
    header = table.rows[0]._tr.get_or_add_trPr()
    header.append(OxmlElement("w:tblHeader"))
    draft.document.add_paragraph()


def _fill(cell: _Cell, text: str, align: str, *, heading: bool) -> None:
    paragraph = cell.paragraphs[0]
    paragraph.alignment = _ALIGNMENTS.get(align)
    run = paragraph.add_run(text)
    run.bold, run.font.size = heading or None, Pt(9.5)
    if heading:
        shade = parse_xml(f'<w:shd {nsdecls("w")} w:val="clear" w:color="auto" w:fill="E8F0F4"/>')
        cell._tc.get_or_add_tcPr().append(shade)


def _merge(table: Table, rows: list[list[str]]) -> None:
    """Merges each marked cell with its neighbour; the text stays that of the first cell of a group."""
    for row, texts in enumerate(rows):
        for column, text in enumerate(texts):
            if text not in {_MERGED_LEFT, _MERGED_UP}:
                continue
            origin = table.cell(row, column - 1) if text == _MERGED_LEFT else table.cell(row - 1, column)
            origin.merge(table.cell(row, column))


def _add_footnotes_part(document: Document, footnotes: list[markup.Footnote]) -> None:
    separators = "".join(
        f'<w:footnote w:type="{kind}" w:id="{number}"><w:p><w:r><w:{kind}/></w:r></w:p></w:footnote>'
        for kind, number in (("separator", -1), ("continuationSeparator", 0))
    )
    notes = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:footnoteRef/></w:r>'
        f'<w:r><w:t xml:space="preserve"> {escape(note.text)}</w:t></w:r></w:p></w:footnote>'
        for number, note in enumerate(footnotes, start=1)
    )
    declaration = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
    xml = f"{declaration}\n<w:footnotes {nsdecls('w')}>{separators}{notes}</w:footnotes>"
    part = Part(PackURI("/word/footnotes.xml"), _FOOTNOTES_TYPE, xml.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)


def _undated(document: Document) -> bytes:
    """Saves with one fixed date on every member of the package, so that the same source makes the same bytes."""
    saved, package = BytesIO(), BytesIO()
    document.save(saved)
    with zipfile.ZipFile(saved) as made, zipfile.ZipFile(package, "w", zipfile.ZIP_DEFLATED) as kept:
        for member in made.infolist():
            entry = zipfile.ZipInfo(member.filename, date_time=(1980, 1, 1, 0, 0, 0))
            entry.compress_type = zipfile.ZIP_DEFLATED
            kept.writestr(entry, made.read(member))
    return package.getvalue()
