"""Cutting documents into chunks: what is never parted, what is never exceeded, what can be made again."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from doc2data.chunking import cut
from parsers.document import Document, DocumentBuilder, Table


def words(texts: Sequence[str]) -> list[int]:
    return [len(text.split()) for text in texts]


def built(builder: DocumentBuilder) -> Document:
    return builder.build(source="d.md", sha256="0", type="markdown", title="D", language="en", pages=None)


def texts(document: Document, budget: int) -> list[str]:
    return [chunk.text(document.text) for chunk in cut(document, "d", words, budget)]


def test_a_chunk_never_crosses_a_top_section() -> None:
    builder = DocumentBuilder()
    for title in ("One", "Two"):
        builder.add("heading", title, level=1)
        builder.add("paragraph", f"A short paragraph under {title}.")
    assert texts(built(builder), 500) == [
        "One\n\nA short paragraph under One.",
        "Two\n\nA short paragraph under Two.",
    ]


def test_small_neighbours_under_one_top_section_share_a_chunk_named_by_what_they_share() -> None:
    builder = DocumentBuilder()
    builder.add("heading", "Top", level=1)
    for title in ("First", "Second"):
        builder.add("heading", title, level=2)
        builder.add("paragraph", "Few words here.")
    document = built(builder)
    (chunk,) = cut(document, "d", words, 500)
    assert chunk.section == ("Top",)


def test_a_list_stays_with_the_line_that_leads_it_in() -> None:
    builder = DocumentBuilder()
    builder.add("heading", "H", level=1)
    builder.add("paragraph", " ".join(["filler"] * 16))
    builder.add("paragraph", "Do this:")
    builder.add("list_item", "first step of the list", marker="1.")
    document = built(builder)
    assert texts(document, 20)[-1] == "Do this:\n\nfirst step of the list"


def test_a_long_table_is_cut_between_rows_and_each_part_names_the_header_again() -> None:
    table = Table((("Part", "Torque"),), tuple((f"bolt {n}", f"{n} Nm") for n in range(20)))
    builder = DocumentBuilder()
    builder.add("heading", "Torques", level=1)
    builder.add("table", "", table=table)
    document = built(builder)
    parts = [part for part in texts(document, 30) if "bolt" in part]
    assert len(parts) > 2
    assert all("Part | Torque\n" in part for part in parts)
    rows = [line for part in parts for line in part.split("\n") if line.startswith("bolt")]
    assert rows == [f"bolt {n} | {n} Nm" for n in range(20)]


def test_a_paragraph_over_budget_is_cut_between_sentences() -> None:
    builder = DocumentBuilder()
    builder.add("paragraph", "The first sentence has six words. The second sentence has six too. And a third one.")
    assert texts(built(builder), 8) == [
        "The first sentence has six words.",
        "The second sentence has six too.",
        "And a third one.",
    ]


blocks = st.lists(
    st.tuples(
        st.sampled_from(["heading", "paragraph", "list_item", "code"]),
        st.lists(st.text("abc 。.é字", min_size=1, max_size=12), min_size=1, max_size=12).map(" ".join),
        st.integers(1, 3),
    ),
    max_size=12,
)


@given(blocks, st.integers(4, 40))
def test_chunks_cover_every_block_once_and_keep_to_the_budget(content: list[tuple[str, str, int]], budget: int) -> None:
    builder = DocumentBuilder()
    for kind, text, level in content:
        builder.add(kind, text, level=level)  # type: ignore[arg-type]
    document = built(builder)
    chunks = cut(document, "d", words, budget)
    covered = [span for chunk in chunks for span in chunk.spans]
    assert all(a.end <= b.start for a, b in pairwise(covered))
    held = "".join(span.of(document.text) for span in covered)
    assert "".join(held.split()) == "".join(document.text.split())
    assert all(words([chunk.text(document.text)])[0] <= budget for chunk in chunks)
    assert len({chunk.id for chunk in chunks}) == len(chunks)
