"""Passages into the index: what is missing is added, what is gone is removed, then the weights are learnt."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.events import Event, StageStarted
from doc2data.progress import Meter
from doc2data.stages.workshop import Workshop

BATCH = 256


def index(shop: Workshop) -> Iterator[Event]:
    """Make the index hold exactly the store's passages; a lost index is made again here."""
    passages = {passage.id: passage for passage in shop.store.documents.passages()}
    shop.index.keep_only(passages.keys())
    present = shop.index.ids()
    missing = [passage for id, passage in passages.items() if id not in present]
    yield StageStarted("index", len(missing))
    meter = Meter("index", len(missing))
    for start in range(0, len(missing), BATCH):
        batch = missing[start : start + BATCH]
        shop.index.add(batch)
        yield meter.advance(len(batch))
    shop.index.learn()
