"""Boilerplate that only shows when the pages of a site are compared: what stands on most of them belongs to none.

Only the first and last blocks of a page, and whole sentences anywhere, are judged by repetition; short labels such as
"Parameters" and "Example" repeat in the text of every manual and stay.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from parsers.document import Block, Document

MIN_PAGES = 4
MIN_SHARE = 0.5
SENTENCE_CHARACTERS = 40


def repeats(documents: Sequence[Document]) -> list[frozenset[int]]:
    """For each document, the indices of its blocks that repeat on at least half of them: pages of one site.

    Documents keep their text, so that every offset stands; whoever works on them leaves these blocks out. A page that
    would lose all its text has none, and so have all of fewer than `MIN_PAGES`.
    """
    if len(documents) < MIN_PAGES:
        return [frozenset()] * len(documents)
    pages = Counter(key for document in documents for key in {_key(block) for block in document.blocks})
    repeated = {key for key, count in pages.items() if count >= max(MIN_PAGES - 1, len(documents) * MIN_SHARE)}
    return [_repeats(document, repeated) for document in documents]


def _key(block: Block) -> tuple[str, str]:
    return block.kind, " ".join(block.text.split()).casefold()


def _repeats(document: Document, repeated: set[tuple[str, str]]) -> frozenset[int]:
    flags = [_key(block) in repeated for block in document.blocks]
    own = [index for index, flag in enumerate(flags) if not flag]
    if not own:
        return frozenset()
    inside = range(own[0], own[-1] + 1)
    blocks = enumerate(document.blocks)
    return frozenset(i for i, block in blocks if flags[i] and (i not in inside or _is_sentence(block)))


def _is_sentence(block: Block) -> bool:
    return block.kind in {"paragraph", "list_item", "footnote"} and len(block.text) >= SENTENCE_CHARACTERS
