"""PDF files read through the parser's front door."""

from __future__ import annotations

from pathlib import Path

import pymupdf
import pytest

from parsers.document import Document
from parsers.errors import DamagedDocument, EmptyDocument, EncryptedDocument
from parsers.options import ParseOptions
from parsers.pdf import picture, read
from tests.parsers.pdf_pages import LINE, PROSE, new_page, prose_page, report, save, scan, two_columns, write_lines

AES_256 = 5
"""`PDF_ENCRYPT_AES_256` of PyMuPDF, whose types do not know it."""
FAST = ParseOptions(layout=False, ocr="off")
LAYOUT = ParseOptions(ocr="off")


def parsed(path: Path, options: ParseOptions = FAST) -> Document:
    return read(path, options, "0" * 64)


def kinds(document: Document) -> list[str]:
    return [block.kind for block in document.blocks]


@pytest.mark.parametrize("options", [FAST, LAYOUT], ids=["fast", "layout"])
def test_heading_and_paragraphs(tmp_path: Path, options: ParseOptions) -> None:
    document = parsed(prose_page(tmp_path / "prose.pdf"), options)
    assert kinds(document) == ["heading", "paragraph", "paragraph"]
    assert document.blocks[1].text == " ".join(PROSE)
    assert document.blocks[1].section == ("Maintenance of the filter",)
    assert (document.type, document.pages, document.language) == ("pdf", 1, "en")


@pytest.mark.parametrize("options", [FAST, LAYOUT], ids=["fast", "layout"])
def test_columns_are_read_one_after_the_other(tmp_path: Path, options: ParseOptions) -> None:
    text = parsed(two_columns(tmp_path / "columns.pdf"), options).text
    places = [text.index(f"{side} sentence {n} ") for side in ("Left", "Right") for n in range(1, 31)]
    assert places == sorted(places)


@pytest.mark.parametrize("options", [FAST, LAYOUT], ids=["fast", "layout"])
def test_what_recurs_at_the_edges_of_pages_is_left_out(tmp_path: Path, options: ParseOptions) -> None:
    text = parsed(report(tmp_path / "report.pdf"), options).text
    assert "Annual report" not in text
    assert "Page 3" not in text
    assert "On day 7 the station number 0 pumped 100 litres." in text


def test_a_single_line_at_the_edge_is_no_furniture(tmp_path: Path) -> None:
    source = pymupdf.open()
    write_lines(new_page(source), (72, 50), ["The only line of this page"])
    assert parsed(save(source, tmp_path / "one.pdf"), LAYOUT).text == "The only line of this page"


def test_paragraph_goes_on_over_the_page(tmp_path: Path) -> None:
    source = pymupdf.open()
    write_lines(
        new_page(source), (72, 700), [*PROSE[:2], "The guard that covers the shaft of the motor may never be taken"]
    )
    write_lines(new_page(source), (72, 90), ["off while the belt moves.", "Call the service when it is broken."])
    block = parsed(save(source, tmp_path / "two.pdf")).blocks[0]
    assert "may never be taken off while the belt" in block.text
    assert [part.page for part in block.parts] == [1, 2]
    assert block.page_at(block.text.index("off while") + block.start) == 2


def test_lists_keep_marker_and_depth(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    write_lines(page, (72, 90), PROSE)
    rows = [
        (90, "1. Stop the motor"),
        (110, "- press the red button"),
        (110, "- wait two minutes"),
        (90, "2. Open the valve"),
    ]
    for number, (x, text) in enumerate(rows):
        page.insert_text((x, 170 + number * LINE), text, fontsize=11)
    items = [block for block in parsed(save(source, tmp_path / "list.pdf")).blocks if block.kind == "list_item"]
    assert [(item.marker, item.level, item.text) for item in items] == [
        ("1.", 1, "Stop the motor"),
        ("-", 2, "press the red button"),
        ("-", 2, "wait two minutes"),
        ("2.", 1, "Open the valve"),
    ]


def test_code_is_kept_line_by_line(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    below = write_lines(page, (72, 90), PROSE)
    code = ["def add(a, b):", "    total = a + b", "    return total"]
    write_lines(page, (72, below + 2 * LINE), code, font="cour")
    blocks = parsed(save(source, tmp_path / "code.pdf")).blocks
    assert [block.text for block in blocks if block.kind == "code"] == ["\n".join(code)]


def ruled_table(page: pymupdf.Page, top: float, rows: list[list[str]]) -> None:
    edges = [72, 230, 350, 470]
    for r, row in enumerate(rows):
        for c, cell in enumerate(row):
            page.insert_text((edges[c] + 6, top + 15 + r * 22), cell, fontsize=10)
    for r in range(len(rows) + 1):
        page.draw_line((edges[0], top + r * 22), (edges[-1], top + r * 22))
    for x in edges:
        page.draw_line((x, top), (x, top + len(rows) * 22))


ROWS = [["Part", "Weight", "Price"]] + [[f"Valve {n}", f"{n}.5 kg", f"{n * 12}.00"] for n in range(1, 7)]


def test_table_has_header_and_cells(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    below = write_lines(page, (72, 90), PROSE)
    ruled_table(page, below + 10, ROWS)
    tables = [block.table for block in parsed(save(source, tmp_path / "table.pdf"), LAYOUT).blocks if block.table]
    assert len(tables) == 1
    assert [list(row) for row in tables[0].grid()] == ROWS
    cell = next(cell for cell in tables[0].cells() if cell.text == "24.00")
    assert (cell.row, cell.header) == (1, ("Price",))


def test_table_goes_on_over_the_page(tmp_path: Path) -> None:
    source = pymupdf.open()
    for part in (ROWS[:5], [ROWS[0], *ROWS[5:]]):
        page = new_page(source)
        if part == ROWS[:5]:
            ruled_table(page, 792 - 72 - 22 * len(part), part)
            write_lines(page, (72, 90), [*PROSE] * 9)
        else:
            ruled_table(page, 72, part)
            write_lines(page, (72, 200), [*PROSE] * 9)
    block = next(block for block in parsed(save(source, tmp_path / "long.pdf"), LAYOUT).blocks if block.table)
    assert block.table is not None
    assert [list(row) for row in block.table.grid()] == ROWS
    assert [part.page for part in block.parts] == [1, 2]
    assert block.page_at(block.start + block.text.index("Valve 6")) == 2


def test_rotated_page_has_places_as_displayed(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    write_lines(page, (72, 90), PROSE)
    page.set_rotation(90)
    document = parsed(save(source, tmp_path / "rotated.pdf"))
    assert document.text == " ".join(PROSE)
    box = document.blocks[0].box
    assert box is not None
    left, top, right, bottom = box
    assert 0 <= left < right <= 792
    assert 0 <= top < bottom <= 612
    assert bottom - top > right - left, "lines run down the page as it is displayed"


def test_outline_gives_levels(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    y = 90.0
    for title in ("Operation", "Starting", "Stopping"):
        y = write_lines(page, (72, y), [title], font="hebo") + 4
        y = write_lines(page, (72, y), PROSE) + LINE
    source.set_toc([[1, "Operation", 1], [2, "Starting", 1], [2, "Stopping", 1]])
    headings = [block for block in parsed(save(source, tmp_path / "outline.pdf")).blocks if block.kind == "heading"]
    assert [(heading.text, heading.level) for heading in headings] == [
        ("Operation", 1),
        ("Starting", 2),
        ("Stopping", 2),
    ]


def test_contents_list_that_repeats_the_headings_is_left_out(tmp_path: Path) -> None:
    titles = ["Installation", "Operation", "Maintenance", "Disposal"]
    source = pymupdf.open()
    contents = new_page(source)
    write_lines(contents, (72, 90), ["Contents"], size=18, font="hebo")
    write_lines(contents, (72, 130), [f"{title} {'.' * 60} {n + 2}" for n, title in enumerate(titles)])
    for title in titles:
        page = new_page(source)
        write_lines(page, (72, 90), [title], size=18, font="hebo")
        write_lines(page, (72, 130), [line.replace("pump", title.lower()) for line in PROSE])
    document = parsed(save(source, tmp_path / "contents.pdf"))
    assert [block.text for block in document.blocks if block.kind == "heading"] == titles
    assert "....." not in document.text
    assert "page 1" in document.warnings[0]


def test_picture_of_a_page(tmp_path: Path) -> None:
    path = prose_page(tmp_path / "prose.pdf")
    image = picture(path, 1, parsed(path))
    assert image.startswith(b"\x89PNG")
    with pytest.raises(DamagedDocument, match="no page 2"):
        picture(path, 2, parsed(path))


def test_password_is_needed(tmp_path: Path) -> None:
    source = pymupdf.open()
    write_lines(new_page(source), (72, 90), PROSE)
    path = save(source, tmp_path / "locked.pdf", encryption=AES_256, user_pw="secret", owner_pw="owner")
    with pytest.raises(EncryptedDocument) as caught:
        parsed(path)
    assert "locked.pdf" in caught.value.message
    assert caught.value.hint


def test_no_password_is_needed_to_read(tmp_path: Path) -> None:
    source = pymupdf.open()
    write_lines(new_page(source), (72, 90), PROSE)
    path = save(source, tmp_path / "open.pdf", encryption=AES_256, user_pw="", owner_pw="owner")
    assert parsed(path).text == " ".join(PROSE)


@pytest.mark.parametrize("content", [b"", b"%PDF-1.7\n", b"no pdf at all" * 20])
def test_what_is_no_pdf_is_damaged(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.pdf"
    path.write_bytes(content)
    with pytest.raises(DamagedDocument) as caught:
        parsed(path)
    assert "broken.pdf" in caught.value.message


def test_cut_off_file_gives_text_or_says_so(tmp_path: Path) -> None:
    path = report(tmp_path / "whole.pdf", pages=8)
    cut = tmp_path / "cut.pdf"
    cut.write_bytes(path.read_bytes()[: path.stat().st_size * 6 // 10])
    try:
        assert parsed(cut).blocks
    except (DamagedDocument, EmptyDocument) as error:
        assert "cut.pdf" in error.message


def test_scan_without_ocr_says_that_it_needs_ocr(tmp_path: Path) -> None:
    path = scan(prose_page(tmp_path / "prose.pdf"), tmp_path / "scan.pdf", dpi=72)
    with pytest.raises(EmptyDocument) as caught:
        parsed(path)
    assert "OCR" in caught.value.hint


def test_scanned_page_in_a_mixed_file_is_named(tmp_path: Path) -> None:
    scanned = scan(prose_page(tmp_path / "prose.pdf"), tmp_path / "scan.pdf", dpi=72)
    with pymupdf.open(tmp_path / "prose.pdf") as source, pymupdf.open(scanned) as pages:
        source.insert_pdf(pages)
        source.save(tmp_path / "mixed.pdf")
    document = parsed(tmp_path / "mixed.pdf")
    assert any("page 2" in warning and "OCR" in warning for warning in document.warnings)
    assert " ".join(PROSE) in document.text


def test_numbers_that_count_lines_in_the_margin_are_left_out(tmp_path: Path) -> None:
    source = pymupdf.open()
    page = new_page(source)
    lines = [*PROSE] * 6
    write_lines(page, (100, 90), lines)
    write_lines(page, (60, 90), [f"{n:03d}" for n in range(len(lines))], size=11)
    text = parsed(save(source, tmp_path / "review.pdf")).text
    assert "007" not in text
    assert text.count(PROSE[2]) == 6


def test_a_page_as_large_as_a_house_is_read(tmp_path: Path) -> None:
    source = pymupdf.open()
    write_lines(new_page(source, (14_000.0, 14_000.0)), (72, 90), PROSE)
    path = save(source, tmp_path / "giant.pdf")
    document = parsed(path, LAYOUT)
    assert document.text == " ".join(PROSE)
    assert len(picture(path, 1, document)) < 5_000_000


@pytest.mark.parametrize("options", [FAST, LAYOUT], ids=["fast", "layout"])
def test_labels_stay_with_their_values(tmp_path: Path, options: ParseOptions) -> None:
    source = pymupdf.open()
    page = new_page(source)
    below = write_lines(page, (72, 90), PROSE)
    pairs = [("Maker", "North Works"), ("Model", "P 400"), ("Voltage", "230 V"), ("Weight", "12 kg"), ("Year", "2019")]
    for n, (label, value) in enumerate(pairs):
        write_lines(page, (72, below + 20 + n * LINE), [label])
        write_lines(page, (190, below + 20 + n * LINE), [value])
    text = " ".join(parsed(save(source, tmp_path / "labels.pdf"), options).text.replace("|", " ").split())
    assert all(f"{label} {value}" in text for label, value in pairs)
