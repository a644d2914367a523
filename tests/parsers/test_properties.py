"""What holds for every page and every document: spans, order, paths, and no text lost by rendering."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from parsers import Document, EmptyDocument, parse, to_markdown
from parsers.archive import open_archive
from parsers.html.tree import page_text, parse_tree
from tests.parsers.makers import cell, element_at, numbered, paragraph, read_html, text_of, write_docx

WORDS = st.text(st.sampled_from("abcdeéß数字 \n\t&<>*_#|`[]1.-"), min_size=1, max_size=30)
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def tag(name: str, content: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return content.map(lambda inside: f"<{name}>{inside}</{name}>")


def nodes() -> st.SearchStrategy[str]:
    text = WORDS.map(escape)
    inline = st.one_of(text, tag("b", text), tag("a", text), tag("code", text), st.just("<br>"))
    line = st.lists(inline, max_size=3).map("".join)
    leaf = st.one_of(*(tag(name, line) for name in ("p", "h1", "h3", "pre", "div", "blockquote", "dt", "figcaption")))

    def around(children: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
        several = st.lists(children, max_size=4).map("".join)
        row = st.lists(tag("td", st.one_of(line, several)), max_size=3).map("".join)
        table = tag("table", st.lists(tag("tr", row), max_size=3).map("".join))
        items = st.lists(tag("li", st.one_of(line, several)), max_size=3).map("".join)
        return st.one_of(
            *(tag(name, several) for name in ("div", "section", "x:y")), tag("ul", items), tag("ol", items), table
        )

    return st.recursive(st.one_of(leaf, text), around, max_leaves=12)


def docx_bodies() -> st.SearchStrategy[str]:
    text = WORDS.map(escape)
    table = st.lists(st.lists(text.map(cell), min_size=2, max_size=2).map("".join), min_size=1, max_size=3).map(
        lambda rows: "<w:tbl>" + "".join(f"<w:tr>{row}</w:tr>" for row in rows) + "</w:tbl>"
    )
    styles = st.sampled_from(["", "berschrift1", "SourceCode", "Caption"])
    plain = st.tuples(text, styles).map(lambda pair: paragraph(*pair))
    return st.lists(st.one_of(plain, text.map(numbered), table), min_size=1, max_size=8).map("".join)


def assert_spans(document: Document) -> None:
    end = 0
    for block in document.blocks:
        assert block.start >= end
        assert document.text[block.start : block.end] == block.text
        assert block.text.strip()
        end = block.end
        if block.table is not None:
            for part in block.table.cells():
                assert block.text[part.start : part.end] == part.text


def squeezed(text: str) -> str:
    return "".join(text.split())


@QUICK
@given(st.lists(nodes(), min_size=1, max_size=5).map("".join))
def test_html_blocks_lead_back_to_their_text(tmp_path: Path, body: str) -> None:
    source = f"<html><body>{body}</body></html>"
    try:
        document = read_html(tmp_path, source)
    except EmptyDocument:
        return
    assert_spans(document)
    root = parse_tree(page_text(source.encode()))
    for block in document.blocks:
        element = element_at(root, block.path)
        if block.table is None:
            assert squeezed(block.text) in text_of(element)


@QUICK
@given(docx_bodies())
def test_docx_blocks_lead_back_to_their_text(tmp_path: Path, body: str) -> None:
    path = write_docx(tmp_path / "made.docx", body)
    try:
        document = parse(path)
    except EmptyDocument:
        return
    assert_spans(document)
    archive = open_archive(path)
    with archive.file:
        root = archive.root("word/document.xml")
    assert root is not None
    for block in document.blocks:
        element = element_at(root, block.path)
        if block.kind not in {"table", "code"}:
            assert squeezed(block.text) in text_of(element)


@QUICK
@given(docx_bodies())
def test_markdown_reads_back_as_the_same_words(tmp_path: Path, body: str) -> None:
    try:
        document = parse(write_docx(tmp_path / "made.docx", body))
    except EmptyDocument:
        return
    rendered = tmp_path / "made.md"
    rendered.write_text(to_markdown(document))
    again = parse(rendered)
    assert squeezed("".join(block.text for block in again.blocks if block.table is None)) == squeezed(
        "".join(f"{block.marker or ''} {block.text}" if block.kind == "heading" else block.text
                for block in document.blocks if block.table is None)
    )  # fmt: skip
    assert [b.table.grid() for b in again.blocks if b.table] == [b.table.grid() for b in document.blocks if b.table]


@pytest.mark.parametrize("name", ["page.html", "text.txt", "notes.md"])
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(content=st.binary(max_size=400))
def test_any_bytes_end_in_a_document_or_a_clear_error(tmp_path: Path, name: str, content: bytes) -> None:
    from parsers import ParseError

    path = tmp_path / name
    path.write_bytes(content)
    try:
        assert_spans(parse(path))
    except ParseError as error:
        assert name in error.message
        assert "Error:" not in error.message, error.message
