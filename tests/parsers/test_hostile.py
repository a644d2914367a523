"""Files made to hurt: each ends within seconds, with its text or with a clear error."""

from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from parsers import DamagedDocument, ParseError, parse, to_markdown
from tests.parsers.makers import cell, paragraph, read_html, write_docx

pytestmark = pytest.mark.timeout(30)

STAYS = "<p>text stays</p>"
PAGES = {
    "deep-div": "<div>" * 20_000 + STAYS + "</div>" * 20_000,
    "deep-bold": "<b>" * 50_000 + "text stays",
    "deep-tables": "<table><tr><td>" * 5_000 + "text stays",
    "deep-lists-with-text": "".join(f"<ul><li>level {n}" for n in range(3_000)) + STAYS,
    "endless-attributes": "<p " + " ".join(f'a{n}="x"' for n in range(40_000)) + ">text stays</p>",
    "unclosed-tags": STAYS + "<div " * 50_000,
    "unclosed-brackets": STAYS + "<" * 200_000,
    "unclosed-scripts": STAYS + "<script " * 20_000,
    "open-square-brackets": STAYS + "[" * 100_000,
    "endless-breaks": STAYS + "<br>\n" * 30_000,
    "style-braces": "<style>.a{display:none}" + "@{" * 20_000 + "/*" * 20_000 + "</style>" + STAYS,
    "wide-spans": STAYS + "<table><tr>" + "<td rowspan=60000 colspan=1000>x</td>" * 20 + "</tr><tr><td>y" * 500,
    "nul-bytes": "te\x00xt st\x00ays",
    "null-doctype": "<!DOCTYPE [" * 5_000 + STAYS,
    "many-links": STAYS + "<div><a href=x>a link</a>" * 5_000,
}


@pytest.mark.parametrize("name", PAGES)
def test_hostile_pages_keep_their_text(tmp_path: Path, name: str) -> None:
    document = read_html(tmp_path, f"<html><body>{PAGES[name]}</body></html>", f"{name}.html")
    assert "text stays" in document.text
    assert "text stays" in to_markdown(document)


def test_a_wide_and_long_table_is_read_whole(tmp_path: Path) -> None:
    rows = "".join("<w:tr>" + "".join(cell(f"{r}-{c}") for c in range(8)) + "</w:tr>" for r in range(1_000))
    document = parse(write_docx(tmp_path / "long.docx", f"<w:tbl>{rows}</w:tbl>"))
    assert document.text.endswith("999-7")


def test_endless_nesting_is_named(tmp_path: Path) -> None:
    body = "<w:sdt><w:sdtContent>" * 1_900 + paragraph("deep") + "</w:sdtContent></w:sdt>" * 1_900
    with pytest.raises(DamagedDocument, match=r"deep\.docx"):
        parse(write_docx(tmp_path / "deep.docx", body))


@pytest.mark.parametrize("size", [0, 3, 100, 1_000])
def test_archives_cut_short_are_damaged(tmp_path: Path, size: int) -> None:
    path = write_docx(tmp_path / "cut.docx", paragraph("x" * 3_000))
    path.write_bytes(b"PK\x03\x04" + path.read_bytes()[4 : 4 + size])
    with pytest.raises(ParseError, match=r"cut\.docx"):
        parse(path)


def test_an_archive_that_lies_about_its_names_is_damaged(tmp_path: Path) -> None:
    path = tmp_path / "lies.docx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    path.write_bytes(path.read_bytes().replace(b"word/document.xml", b"word/\xff\xfeocument.xml"))
    with pytest.raises(ParseError, match=r"lies\.docx"):
        parse(path)


@pytest.mark.timeout(10)
def test_subtitles_of_empty_lines_are_read_in_no_time(tmp_path: Path) -> None:
    path = tmp_path / "gap.srt"
    path.write_text(
        "1\n00:00:01,000 --> 00:00:02,000\ntext stays" + "\n" * 200_000 + "2\n00:00:03,000 --> 00:00:04,000\nx"
    )
    assert "text stays" in parse(path).text
