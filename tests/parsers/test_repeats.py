"""Pages of one site compared: what stands on most of them is left out."""

from __future__ import annotations

from parsers import Document, DocumentBuilder, without_repeats

NOTICE = "This manual is provided by the vendor without any warranty of fitness."


def page(*texts: str) -> Document:
    builder = DocumentBuilder()
    for text in texts:
        builder.add("heading" if text.istitle() else "paragraph", text, level=1)
    return builder.build(source=texts[1], sha256="", type="html", title="", language="en", pages=None)


def site(count: int) -> list[Document]:
    return [
        page("Acme Docs", f"about {n}", "Example", f"code {n}", NOTICE, f"more {n}", "contact us") for n in range(count)
    ]


def test_frames_and_repeated_sentences_go_and_labels_stay() -> None:
    for n, document in enumerate(without_repeats(site(5))):
        assert [block.text for block in document.blocks] == [f"about {n}", "Example", f"code {n}", f"more {n}"]
        assert all(document.text[block.start : block.end] == block.text for block in document.blocks)


def test_few_pages_tell_nothing() -> None:
    documents = site(3)
    assert without_repeats(documents) == documents


def test_a_page_of_nothing_else_is_kept() -> None:
    empty = page("Acme Docs", "contact us")
    assert without_repeats([*site(5), empty])[-1] == empty
