"""Presentations, books, workbooks, CSV, subtitles, e-mail and plain text: the same blocks."""

from __future__ import annotations

import zipfile
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import openpyxl
from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.util import Inches

from parsers import parse, sniff
from tests.parsers.makers import of_kind, shapes


def test_slides_are_pages_with_titles_bullets_tables_and_notes(tmp_path: Path) -> None:
    deck = Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "Plan"
    frame = slide.placeholders[1].text_frame
    frame.text = "first"
    inner = frame.add_paragraph()
    inner.text, inner.level = "inner", 1
    table = slide.shapes.add_table(2, 2, Inches(1), Inches(6), Inches(4), Inches(1)).table
    for r, row in enumerate((("k", "v"), ("a", "1"))):
        for c, text in enumerate(row):
            table.cell(r, c).text = text
    slide.notes_slide.notes_text_frame.text = "Say hello."
    path = tmp_path / "deck.pptx"
    deck.save(str(path))
    document = parse(path)
    assert document.pages == 1
    assert [(b.kind, b.text, b.level, b.page) for b in document.blocks] == [
        ("heading", "Plan", 1, 1),
        ("list_item", "first", 1, 1),
        ("list_item", "inner", 2, 1),
        ("table", "k | v\na | 1", None, 1),
        ("footnote", "Say hello.", None, 1),
    ]
    assert all(block.box for block in document.blocks[:4])


def test_charts_are_the_tables_they_show(tmp_path: Path) -> None:
    deck = Presentation()
    make: Any = CategoryChartData
    data = make()
    data.categories = ["North", "South"]
    data.add_series("Mean", (3.5, 4))
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, Inches(1), Inches(1), Inches(4), Inches(3), data)
    path = tmp_path / "chart.pptx"
    deck.save(str(path))
    assert parse(path).text == " | Mean\nNorth | 3.5\nSouth | 4"


def test_books_are_read_along_their_spine(tmp_path: Path) -> None:
    path = tmp_path / "book.epub"
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfiles>'
    container += '<rootfile full-path="OEBPS/book.opf"/></rootfiles></container>'
    package = """<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">
    <dc:title>The Book</dc:title></metadata><manifest>
    <item id="n" href="nav.xhtml" media-type="application/xhtml+xml" properties="nav"/>
    <item id="b" href="b%20two.xhtml" media-type="application/xhtml+xml"/>
    <item id="a" href="a.xhtml" media-type="application/xhtml+xml"/></manifest>
    <spine><itemref idref="n"/><itemref idref="a"/><itemref idref="b"/></spine></package>"""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OEBPS/book.opf", package)
        archive.writestr("OEBPS/a.xhtml", "<html><body><h1>One</h1><p>first</p></body></html>")
        archive.writestr("OEBPS/b two.xhtml", "<html><body><h1>Two</h1><p>second</p></body></html>")
        archive.writestr("OEBPS/nav.xhtml", "<html><body><p>contents</p></body></html>")
    document = parse(path)
    assert (document.type, document.title) == ("epub", "The Book")
    assert [text for _, text in shapes(document)] == ["One", "first", "Two", "second"]
    assert document.blocks[1].path == "OEBPS/a.xhtml#/html/body/p[1]"


def test_workbooks_have_a_table_for_each_run_of_rows(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Prices"
    for row in (["Item", "Share"], ["Tea", 0.125], [], [], ["Only a remark"]):
        sheet.append(row)
    sheet["B2"].number_format = "0.0%"
    book.create_sheet("Secret").sheet_state = "hidden"
    path = tmp_path / "prices.xlsx"
    book.save(path)
    document = parse(path)
    assert [(b.kind, b.text, b.path) for b in document.blocks] == [
        ("heading", "Prices", "Prices!"),
        ("table", "Item | Share\nTea | 12.5%", "Prices!1"),
        ("paragraph", "Only a remark", "Prices!5"),
    ]
    assert document.blocks[1].table is not None
    assert document.blocks[1].table.header == (("Item", "Share"),)


def test_separated_values_of_any_delimiter(tmp_path: Path) -> None:
    path = tmp_path / "data.csv"
    path.write_bytes('Name;Größe\n"a;b";1,5\nc;2\n'.encode("cp1252"))
    (block,) = parse(path).blocks
    assert block.table is not None
    assert block.table.header == (("Name", "Größe"),)
    assert block.table.rows == (("a;b", "1,5"), ("c", "2"))


def test_subtitles_become_a_transcript(tmp_path: Path) -> None:
    path = tmp_path / "talk.vtt"
    path.write_text(
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000 align:start\n<v Ann>Good <i>morning</i>,\n\n"
        "2\n00:02.100 --> 00:03.000\n<v Ann>everyone.\n\n3\n00:03.100 --> 00:04.000\n<v Bob>Hello &amp; thanks.\n\n"
        "4\n00:20.000 --> 00:21.000\n<v Bob>Later.\n"
    )
    assert [(b.text, b.path) for b in parse(path).blocks] == [
        ("Ann: Good morning, everyone.", "cue[1]"),
        ("Bob: Hello & thanks.", "cue[3]"),
        ("Bob: Later.", "cue[4]"),
    ]


def test_messages_have_fields_text_and_named_attachments(tmp_path: Path) -> None:
    message = EmailMessage()
    message["Subject"], message["From"], message["To"] = "Übergabe", "a@example.org", "b@example.org"
    message["Date"] = "Mon, 01 Jan 2024 10:00:00 +0000"
    message.set_content("Hello,\n\nsee the plan.\n")
    message.add_alternative("<p>Hello, <b>see</b></p>", subtype="html")
    message.add_attachment(b"x", maintype="application", subtype="pdf", filename="plan.pdf")
    path = tmp_path / "mail.eml"
    path.write_bytes(message.as_bytes())
    document = parse(path)
    assert document.title == "Übergabe"
    assert [text for _, text in shapes(document)] == [
        "Übergabe",
        "From: a@example.org",
        "To: b@example.org",
        "Date: Mon, 01 Jan 2024 10:00:00 +0000",
        "Hello,",
        "see the plan.",
    ]
    assert document.warnings == ("The attachment 'plan.pdf' was not read.",)


def test_a_saved_web_archive_is_read_as_its_page(tmp_path: Path) -> None:
    path = tmp_path / "page.mht"
    path.write_text(
        'MIME-Version: 1.0\nContent-Type: multipart/related; boundary="b"\nDate: today\nSubject: Page\n\n'
        "--b\nContent-Type: text/html; charset=utf-8\n\n"
        "<html><body><h1>Head</h1><p>Body text.</p></body></html>\n--b--\n"
    )
    assert sniff(path) == "email"
    assert [text for _, text in shapes(parse(path))] == ["Head", "Body text."]


def test_plain_text_has_paragraphs_with_their_lines(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_text("one\ntwo\n\n\nthree\n")
    found = of_kind(parse(path), "paragraph")
    assert [(block.text, block.path) for block in found] == [("one\ntwo", "line[1]"), ("three", "line[5]")]
