"""Markdown as output: what would read as markup is escaped; and as input: blocks with their lines."""

from __future__ import annotations

from pathlib import Path

import pytest

from parsers import Document, DocumentBuilder, Table, parse, to_markdown
from tests.parsers.makers import shapes


def built(*blocks: tuple[str, str, int | None, str | None]) -> Document:
    builder = DocumentBuilder()
    for kind, text, level, marker in blocks:
        builder.add(kind, text, level=level, marker=marker)  # type: ignore[arg-type]
    return builder.build(source="x", sha256="", type="text", title="", language="en", pages=None)


def tabular(header: list[list[str]], rows: list[list[str]], continued: set[tuple[int, int]] | None = None) -> Document:
    builder = DocumentBuilder()
    table = Table(tuple(map(tuple, header)), tuple(map(tuple, rows)), frozenset(continued or ()))
    builder.add("table", "", table=table)
    return builder.build(source="x", sha256="", type="text", title="", language="en", pages=None)


def read_markdown(folder: Path, source: str) -> Document:
    path = folder / "notes.md"
    path.write_text(source)
    return parse(path)


class TestRendering:
    def test_lists_nest_by_the_width_of_their_markers(self) -> None:
        document = built(
            ("list_item", "one", 1, "1."),
            ("list_item", "inner", 2, "•"),
            ("list_item", "two", 1, "2."),
            ("paragraph", "after", None, None),
        )
        assert to_markdown(document) == "1. one\n   - inner\n2. two\n\nafter\n"

    def test_markers_that_markdown_lacks_are_kept_as_text(self) -> None:
        assert to_markdown(built(("list_item", "x", 1, "1.2."))) == "- 1.2. x\n"
        lettered = built(("list_item", "x", 1, "1."), ("list_item", "y", 2, "a)"), ("list_item", "z", 2, "b)"))
        assert to_markdown(lettered) == "1. x\n\n   a) y\n\n   b) z\n"

    @pytest.mark.parametrize(
        ("text", "escaped"),
        [
            ("# no heading", "\\# no heading"),
            ("1. no list", "1\\. no list"),
            ("- no list", "\\- no list"),
            ("a * b `c` <d>", "a \\* b \\`c\\` \\<d>"),
            ("[a](b) and [c]", "\\[a](b) and [c]"),
            ("snake_case _x_", "snake_case \\_x\\_"),
            ("3.5 and #5", "3.5 and #5"),
        ],
    )
    def test_text_that_looks_like_markup_is_escaped(self, tmp_path: Path, text: str, escaped: str) -> None:
        assert to_markdown(built(("paragraph", text, None, None))) == escaped + "\n"
        assert read_markdown(tmp_path, escaped).text == text

    def test_code_with_fences_gets_a_longer_fence(self) -> None:
        assert to_markdown(built(("code", "```\nx\n```", None, None))) == "````\n```\nx\n```\n````\n"

    def test_cells_cannot_break_their_table(self) -> None:
        document = tabular([["a", "b"]], [["x | y", "• p • q"], ["1. r 2. s", ""]])
        assert to_markdown(document).splitlines() == [
            "| a | b |",
            "| --- | --- |",
            "| x \\| y | <ul><li>p</li><li>q</li></ul> |",
            "| <ol><li>r</li><li>s</li></ol> |  |",
        ]

    def test_merged_cells_are_repeated_and_a_missing_header_is_empty(self) -> None:
        document = tabular([], [["a", "1"], ["a", "2"]], {(1, 0)})
        assert to_markdown(document).splitlines() == ["|  |  |", "| --- | --- |", "| a | 1 |", "| a | 2 |"]


class TestReading:
    def test_blocks_know_their_lines(self, tmp_path: Path) -> None:
        source = "---\ntitle: 'My Notes'\n---\n\n# A *b*\n\ntext\nmore\n\n* x\n    1. y\n\n```py\ncode\n```\n"
        document = read_markdown(tmp_path, source)
        assert document.title == "My Notes"
        assert [(b.kind, b.text, b.level, b.path) for b in document.blocks] == [
            ("heading", "A b", 1, "line[5]"),
            ("paragraph", "text more", None, "line[7]"),
            ("list_item", "x", 1, "line[10]"),
            ("list_item", "y", 2, "line[11]"),
            ("code", "code", None, "line[13]"),
        ]

    def test_tables_and_links(self, tmp_path: Path) -> None:
        document = read_markdown(tmp_path, "\n| a | b |\n|---|---|\n| [x](http://example.org) | `y` |\n")
        (block,) = document.blocks
        assert block.table is not None
        assert block.path == "line[2]"
        assert (block.table.header, block.table.rows) == ((("a", "b"),), (("x", "y"),))

    def test_html_inside_reads_as_its_text(self, tmp_path: Path) -> None:
        source = "before\n\n<details><summary>More</summary><p>hidden no more</p></details>\n\nline with <b>bold</b>\n"
        assert shapes(read_markdown(tmp_path, source)) == [
            ("paragraph", "before"),
            ("paragraph", "More"),
            ("paragraph", "hidden no more"),
            ("paragraph", "line with bold"),
        ]
