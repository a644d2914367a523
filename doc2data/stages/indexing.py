"""Passages into the index: what is missing is added, what is gone is removed, then the weights are learnt."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.events import Event, StageStarted, Warned
from doc2data.index import IndexDamaged, apart, batches
from doc2data.progress import Meter
from doc2data.stages.workshop import Workshop

BATCH = 256


def index(shop: Workshop) -> Iterator[Event]:
    """Make the index hold exactly the store's passages; one that is lost or damaged is made again here."""
    try:
        yield from _index(shop)
    except IndexDamaged as damage:
        yield Warned(f"{damage.message} It is made again from the passages.")
        shop.clear_index()
        yield from _index(shop)


def _index(shop: Workshop) -> Iterator[Event]:
    documents, held = shop.store.documents, shop.index
    for batch in batches(apart(held.ids(), documents.passage_ids()), BATCH):
        held.remove(batch)
    total = sum(1 for _ in apart(documents.passage_ids(), held.ids()))
    yield StageStarted("index", total)
    meter = Meter("index", total)
    for batch in batches(apart(documents.passage_ids(), held.ids()), BATCH):
        held.add(documents.passages_of(batch))
        yield meter.advance(len(batch))
    held.learn()
