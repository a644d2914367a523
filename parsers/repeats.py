"""Boilerplate that only shows when the pages of a site are compared: what stands on most of them belongs to none.

Only the first and last blocks of a page, and whole sentences anywhere, are judged by repetition; short labels such as
"Parameters" and "Example" repeat in the text of every manual and stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace

from parsers.document import Block, Document, DocumentBuilder

MIN_PAGES = 4
MIN_SHARE = 0.5
SENTENCE_CHARACTERS = 40


def without_repeats(documents: Sequence[Document]) -> list[Document]:
    """Leave out blocks that repeat on at least half of the documents, which should be pages of one site.

    A page that would lose all its text is returned as it is, and so are all of fewer than `MIN_PAGES`.
    """
    if len(documents) < MIN_PAGES:
        return list(documents)
    pages = Counter(key for document in documents for key in {_key(block) for block in document.blocks})
    repeated = {key for key, count in pages.items() if count >= max(MIN_PAGES - 1, len(documents) * MIN_SHARE)}
    return [_stripped(document, repeated) for document in documents]


def _key(block: Block) -> tuple[str, str]:
    return block.kind, " ".join(block.text.split()).casefold()


def _stripped(document: Document, repeated: set[tuple[str, str]]) -> Document:
    flags = [_key(block) in repeated for block in document.blocks]
    first = next((index for index, flag in enumerate(flags) if not flag), len(flags))
    last = next((index for index in range(len(flags) - 1, -1, -1) if not flags[index]), -1)
    kept = [
        block
        for index, block in enumerate(document.blocks)
        if first <= index <= last and not (flags[index] and _is_sentence(block))
    ]
    if not kept or len(kept) == len(document.blocks):
        return document
    return _rebuilt(document, kept)


def _is_sentence(block: Block) -> bool:
    return block.kind in {"paragraph", "list_item", "footnote"} and len(block.text) >= SENTENCE_CHARACTERS


def _rebuilt(document: Document, blocks: list[Block]) -> Document:
    builder = DocumentBuilder()
    for block in blocks:
        builder.add(
            block.kind,
            block.text,
            level=block.level,
            marker=block.marker,
            page=block.page,
            box=block.box,
            path=block.path,
            table=block.table,
            ocr_confidence=block.ocr_confidence,
        )
    made = builder.build(
        source=document.source,
        sha256=document.sha256,
        type=document.type,
        title=document.title,
        language=document.language,
        pages=document.pages,
    )
    return replace(made, warnings=document.warnings)
