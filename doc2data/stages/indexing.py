"""Passages into the index: what is missing is added, what is gone is removed, then the weights are learnt."""

from __future__ import annotations

from collections.abc import Iterator

from doc2data.events import Event, StageStarted, Warned
from doc2data.index import IndexDamaged
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
    documents = shop.store.documents
    wanted = documents.passage_ids()
    shop.index.keep_only(wanted)
    missing = sorted(wanted - shop.index.ids())
    yield StageStarted("index", len(missing))
    meter = Meter("index", len(missing))
    for start in range(0, len(missing), BATCH):
        batch = documents.passages_of(missing[start : start + BATCH])
        shop.index.add(batch)
        yield meter.advance(len(batch))
    shop.index.learn()
