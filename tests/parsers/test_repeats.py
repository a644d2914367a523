"""Pages of one site compared: what stands on most of them is left out."""

from __future__ import annotations

from parsers import Document, DocumentBuilder, repeats

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


def left(documents: list[Document]) -> list[list[str]]:
    """The texts that stay, page by page."""
    found = zip(documents, repeats(documents), strict=True)
    return [[block.text for i, block in enumerate(page.blocks) if i not in gone] for page, gone in found]


def test_frames_and_repeated_sentences_go_and_labels_stay() -> None:
    for n, texts in enumerate(left(site(5))):
        assert texts == [f"about {n}", "Example", f"code {n}", f"more {n}"]


def test_few_pages_tell_nothing() -> None:
    assert repeats(site(3)) == [frozenset()] * 3


def test_a_page_of_nothing_else_is_kept() -> None:
    assert left([*site(5), page("Acme Docs", "contact us")])[-1] == ["Acme Docs", "contact us"]
