"""What a run without a model tells of documents from which it makes nothing, or next to nothing, and why."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.recipes.base import Desk
from doc2data.recipes.corpus import CHINESE
from doc2data.store import DocumentRow, Store

SHOWN = 5
"""Documents that are named; of the others their number is told."""
CHUNKS_EACH = 20
"""From fewer than one sample for so many chunks on, next to nothing was made of a document."""


def without_rules(desk: Desk) -> Iterator[str]:
    """Which documents are in a language that no rule knows."""
    foreign = [row for row in desk.corpus.documents.values() if not _is_ruled(row)]
    if foreign:
        yield (
            f"Without a model nothing is made of documents in other languages than English and Chinese: "
            f"{_listed([f'{row.name} ({row.language})' for row in foreign])}. Name a model with --model."
        )


def barren(desk: Desk, store: Store) -> Iterator[str]:
    """Which documents in a language that rules know gave nothing, or hardly anything, and for want of what."""
    counts = store.documents.coverage()
    ruled = [row for row in desk.corpus.documents.values() if _is_ruled(row)]
    made = [(row, *counts.get(row.id, (0, 0, 0))) for row in ruled]
    poor = [(row, chunks, samples) for row, chunks, _, samples in made if samples * CHUNKS_EACH < max(chunks, 1)]
    empty = [row.name for row, _, _ in poor if not store.documents.counts(row.id)["clues"]]
    if empty:
        yield f"Nothing was made of {_listed(empty)}: no sentence, table row or list was found there."
    little = [f"{row.name} ({samples} from {chunks} chunks)" for row, chunks, samples in poor if row.name not in empty]
    if little:
        yield (
            f"Nothing or hardly anything was made of {_listed(little)}: what stands there leans on the text around it, "
            "or is of a form that no rule asks about. A model (--model) can put more of it into questions."
        )


def _is_ruled(row: DocumentRow) -> bool:
    return row.language == "en" or row.language.startswith(CHINESE)


def _listed(names: Sequence[str]) -> str:
    more = len(names) - SHOWN
    return ", ".join(names[:SHOWN]) + (f" and {more} more" if more > 0 else "")
