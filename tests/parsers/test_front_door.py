"""Types told by content, folders searched, errors that name the file, and the JSON that scripts rely on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import parsers
from parsers import (
    DamagedDocument,
    EmptyDocument,
    EncryptedDocument,
    ParseError,
    ParseLimit,
    UnsupportedFile,
    find_documents,
    parse,
    sniff,
    supported_types,
    to_json,
    to_text,
)
from tests.parsers.makers import cell, paragraph, read_html, write_docx


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


class TestSniffing:
    @pytest.mark.parametrize(
        ("name", "content", "kind"),
        [
            ("a.bin", b"%PDF-1.7 ...", "pdf"),
            ("a.txt", b"junk\n%PDF-1.4 ...", "pdf"),
            ("a.txt", "<!DOCTYPE html><html><body>x</body></html>", "html"),
            ("a.htm", "plain words", "html"),
            ("a.dat", "<html><body>x".encode("utf-16"), "html"),
            ("a.md", "# Title", "markdown"),
            ("a.txt", "Just a line.", "text"),
            ("a", "WEBVTT\n\n00:01.000 --> 00:02.000\nHi", "subtitles"),
            ("a.txt", "1\n00:00:01,000 --> 00:00:02,000\nHi\n", "subtitles"),
            ("a.txt", "From: a@example.org\nDate: today\nMessage-ID: <1>\n\nHi", "email"),
            ("a.csv", "a,b\n1,2", "csv"),
        ],
    )
    def test_content_decides(self, tmp_path: Path, name: str, content: str | bytes, kind: str) -> None:
        assert sniff(write(tmp_path, name, content)) == kind

    def test_a_word_document_by_any_name(self, tmp_path: Path) -> None:
        assert sniff(write_docx(tmp_path / "letter.txt", paragraph("x"))) == "docx"

    @pytest.mark.parametrize(
        ("content", "what"),
        [
            (b"{\\rtf1 hello}", "RTF"),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old Office file"),
            (b"\x89PNG\r\n\x1a\n....", "PNG"),
            (
                b'<?xml version="1.0"?><w:wordDocument xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml">',
                "XML",
            ),
            (bytes(range(1, 9)) * 100, "not a document"),
        ],
    )
    def test_foreign_files_are_refused_by_name(self, tmp_path: Path, content: bytes, what: str) -> None:
        path = write(tmp_path, "report.docx", content)
        with pytest.raises(UnsupportedFile) as caught:
            sniff(path)
        assert "report.docx" in caught.value.message
        assert caught.value.hint
        assert what in caught.value.message

    def test_open_document_files_are_named(self, tmp_path: Path) -> None:
        with zipfile.ZipFile(tmp_path / "letter.odt", "w") as archive:
            archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        with pytest.raises(UnsupportedFile, match="OpenDocument"):
            sniff(tmp_path / "letter.odt")

    def test_an_encrypted_office_file_is_told_apart(self, tmp_path: Path) -> None:
        content = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le")
        with pytest.raises(EncryptedDocument):
            sniff(write(tmp_path, "secret.docx", content))

    @pytest.mark.parametrize("content", [b"", b" \n\t ", b"\xef\xbb\xbf\n"])
    def test_nothing_but_white_space_is_empty(self, tmp_path: Path, content: bytes) -> None:
        with pytest.raises(EmptyDocument):
            sniff(write(tmp_path, "a.html", content))


class TestErrors:
    def test_a_page_without_text_is_empty(self, tmp_path: Path) -> None:
        with pytest.raises(EmptyDocument, match=r"page\.html"):
            read_html(tmp_path, "<html><body><img src=x></body></html>")

    def test_half_a_package_is_damaged(self, tmp_path: Path) -> None:
        whole = write_docx(tmp_path / "whole.docx", paragraph("x" * 5000)).read_bytes()
        with pytest.raises(DamagedDocument, match=r"half\.docx"):
            parse(write(tmp_path, "half.docx", whole[: len(whole) // 2]))

    def test_a_package_that_declares_entities_is_refused(self, tmp_path: Path) -> None:
        path = write_docx(tmp_path / "made.docx", paragraph("x"))
        bad = tmp_path / "bad.docx"
        with zipfile.ZipFile(path) as old, zipfile.ZipFile(bad, "w") as new:
            for name in old.namelist():
                data = old.read(name).decode()
                if name == "word/document.xml":
                    data = f'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>{data}'.replace(">x<", ">&x;<")
                new.writestr(name, data)
        with pytest.raises(DamagedDocument, match="entities"):
            parse(bad)

    def test_a_bomb_is_refused_before_it_is_unpacked(self, tmp_path: Path) -> None:
        path = tmp_path / "bomb.docx"
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("word/document.xml", b" " * (40 << 20))
        with pytest.raises(ParseLimit, match="40 MiB"):
            parse(path)

    def test_every_error_says_what_to_do(self) -> None:
        kinds: list[type[ParseError]] = [ParseError, *ParseError.__subclasses__()]
        assert all(kind("x").hint and kind("x", "y").hint == "y" for kind in kinds)


class TestFolders:
    @pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="pipes are POSIX's")
    def test_a_pipe_is_neither_found_nor_waited_for(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "pipe.pdf")
        assert find_documents(tmp_path) == []
        with pytest.raises(ParseError, match="pipe"):
            parse(tmp_path / "pipe.pdf")

    def test_a_name_that_no_file_can_have_is_an_error_in_words(self) -> None:
        with pytest.raises(ParseError, match="cannot be opened"):
            parse(Path("a\0b.md"))

    def test_finds_documents_below_and_leaves_the_rest(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.mkdir()
        write(outside, "far.md", "x")
        folder = tmp_path / "docs"
        (folder / "sub").mkdir(parents=True)
        (folder / ".git").mkdir()
        for name in ("b.md", "a.PDF", "sub/c.docx", ".hidden.md", "~$c.docx", "d.exe", "old.doc", ".git/e.md"):
            write(folder, name, "x")
        (folder / "link.md").symlink_to(outside / "far.md")
        (folder / "near.md").symlink_to(folder / "b.md")
        found = [path.relative_to(folder).as_posix() for path in find_documents(folder)]
        assert found == ["a.PDF", "b.md", "near.md", "old.doc", "sub/c.docx"]


def test_json_carries_every_block_with_its_place(tmp_path: Path) -> None:
    head = f"<w:tr><w:trPr><w:tblHeader/></w:trPr>{cell('k')}{cell('v')}</w:tr>"
    grid = f"<w:tbl>{head}<w:tr>{cell('a')}{cell('1')}</w:tr></w:tbl>"
    document = parse(write_docx(tmp_path / "made.docx", paragraph("Scope", "berschrift1") + grid))
    record = json.loads(to_json(document))
    assert {"source", "sha256", "type", "title", "language", "pages", "text", "blocks"} <= record.keys()
    assert record["type"] == "docx"
    assert len(record["sha256"]) == 64
    for block in record["blocks"]:
        assert record["text"][block["start"] : block["end"]] == block["text"]
        assert {"kind", "section", "level", "page", "bbox", "path"} <= block.keys()
    table = record["blocks"][1]
    assert table["section"] == ["Scope"]
    assert table["table"] == {"header": [["k", "v"]], "rows": [["a", "1"]], "continued": []}
    assert to_text(document) == record["text"]


def test_every_exported_name_exists() -> None:
    assert all(hasattr(parsers, name) for name in parsers.__all__)


def test_the_front_door_loads_no_reader() -> None:
    heavy = (
        "lxml",
        "bs4",
        "docx",
        "pptx",
        "openpyxl",
        "pymupdf",
        "fitz",
        "markdown_it",
        "py3langid",
        "numpy",
        "cchardet",
    )
    code = f"import sys, parsers; print([name for name in {heavy} if name in sys.modules], parsers.supported_types())"
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.startswith("[] ")


def test_types_are_listed() -> None:
    assert {"pdf", "html", "docx", "markdown", "text", "pptx", "xlsx", "csv", "epub"} <= set(supported_types())
