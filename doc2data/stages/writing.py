"""store -> samples.jsonl, formats, card, report, run.json: what a run leaves in the project's folder."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache

from doc2data import export
from doc2data.curate import measure
from doc2data.errors import StorageError
from doc2data.events import Event, StageStarted, Warned
from doc2data.privacy import Shield, Summary
from doc2data.progress import Meter
from doc2data.project import write_atomically
from doc2data.stages.anchoring import anchor
from doc2data.stages.curating import curate
from doc2data.stages.manifest import Record
from doc2data.stages.settling import DUPLICATE, twin_of
from doc2data.stages.shielding import guard, shielded_sources
from doc2data.stages.telling import facts_of
from doc2data.stages.workshop import Workshop
from doc2data.stages.written import note, note_export
from doc2data.store import Query, Store

REACHED = 1000
"""Passages by which the embedding coverage of a dataset is measured."""
MEASURED = 4000
"""Samples, accepted and rejected, that the measures of a run look at."""


def export_all(shop: Workshop, record: Record) -> Iterator[Event]:
    """Write the archive, every chosen format, the card and the report.

    Raises:
        UsageError: an unknown format.
        StorageError: the folder cannot be written.
    """
    anchor(shop.store)
    yield StageStarted("export", 3)
    meter = Meter("export", 3)
    store, chosen = shop.store, shop.settings.export
    curated, guarded = curate(shop), guard(shop.project, store, shop.settings.privacy)
    shield = guarded.shield
    record.privacy = shield.count(one for one in curated.judged() if one.status == "accepted")
    guarded.ledger.save()
    result = export.write_export(
        lambda: shield.judged(curated.judged()),
        shop.project.export,
        chosen.formats,
        chosen,
        shielded_sources(sources_of(shop), shield),
    )
    record.exported = result.told
    for warning in (*curated.notes, *result.warnings):
        yield Warned(warning)
        record.warnings += [] if warning in record.warnings else [warning]
    yield from map(Warned, _on_privacy(record.privacy))
    _write_remarks(shop, shield)
    yield meter.advance()
    export.write_card(shop.project.export, facts_of(shop, record, shield, result))
    note_export(shop.project, store)
    yield meter.advance()
    write_report(shop, record, result)
    yield meter.advance()


def sources_of(shop: Workshop) -> export.ExportSources:
    """What formats may use beside the samples."""
    store = shop.store
    return export.ExportSources(
        documents=lambda: _texts(store),
        passages=store.documents.passages,
        search=shop.search,
        clusters=clusters(store),
    )


def _on_privacy(found: Summary) -> Iterator[str]:
    if found.flagged:
        yield (
            f"{found.flagged} of the exported samples hold personal data as it stands in the documents: "
            "`doc2data privacy` tells which, `--pii mask` or `--pii drop` keeps it in."
        )
    if found.dropped:
        yield f"{found.dropped} accepted samples are left out of the export, because they hold personal data."


def _write_remarks(shop: Workshop, shield: Shield) -> None:
    """Tags and notes beside the archive, by the samples' ids; no file where nobody made any."""
    path = shop.project.export / "remarks.jsonl"
    rows = [
        {"id": id, "tags": [shield.text(tag) for tag in remark.tags], "note": shield.text(remark.note)}
        for id, remark in shop.store.remarks.all()
    ]
    if rows:
        write_atomically(path, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows))
    else:
        path.unlink(missing_ok=True)


def clusters(store: Store) -> dict[str, str]:
    """Near-duplicates among the accepted samples, each sample with the one that its cluster is named after.

    The filter lets none by, so there are only those that a person has accepted all the same; its verdict names the
    twin.
    """
    twins = {id: twin_of(reason) for id, reason in store.samples.overruled(DUPLICATE).items()}
    heads = {id: _head(id, twins) for id in twins}
    return heads | {head: head for head in heads.values()}


def _head(id: str, twins: Mapping[str, str]) -> str:
    seen: set[str] = set()
    while id in twins and id not in seen:
        seen.add(id)
        id = twins[id]
    return id


def measure_all(shop: Workshop, record: Record) -> Iterator[Event]:
    """Measure the dataset, of a large one the first by id, which is a hash and so a random order; tell the advice."""
    samples, documents = shop.store.samples, shop.store.documents
    found = (samples.get(id) for id in samples.select(Query(order="random", limit=MEASURED)))
    sections = (
        (row.name, section)
        for row in documents.rows()
        for section in dict.fromkeys(chunk.section for chunk in documents.chunks(row.id))
    )
    passages = shop.index.some_vectors(REACHED)
    record.measures = measure([judged for judged in found if judged is not None], shop.embed, sections, passages)
    yield from map(Warned, record.measures.advice)


def write_report(shop: Workshop, record: Record, result: export.ExportResult | None = None) -> None:
    """Write report.html.

    Raises:
        StorageError: it cannot be written.
    """
    store = shop.store
    ids = {row.name: row.id for row in store.documents.rows() if row.state == "read"}
    shield = guard(shop.project, store, shop.settings.privacy).shield
    readable = {} if shield.hides else ids  # around a masked quote nothing is shown: it is not masked
    texts = lru_cache(maxsize=8)(
        lambda name: store.documents.document(readable[name]).text if name in readable else None
    )
    try:
        facts = facts_of(shop, record, shield, result)
        judged = shield.judged(store.samples.judged())
        export.write_report(shop.project.report, facts, judged, texts, shop.embedder.encode)
        note(shop.project, store, [shop.project.report])
    except OSError as error:
        raise StorageError(f"Cannot write {str(shop.project.report)!r}: {error.strerror}.") from error


def _texts(store: Store) -> Iterator[export.DocumentText]:
    for row in store.documents.rows():
        if row.state == "read":
            yield export.DocumentText(row.name, row.title, row.language, store.documents.document(row.id).text)
