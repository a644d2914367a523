"""The spine: one reading from files to a dataset, told as a stream of events.

    files ─ read ──> documents, chunks, clues, passages     stages/reading.py
          ─ index ─> vectors and words, with learnt weights  stages/indexing.py
          ─ make ──> jobs, samples, verdicts                 stages/making.py
          ─ write ─> samples.jsonl, formats, card, report    stages/writing.py

The command line and the terminal app are two audiences of the same events. Closing the generator, Ctrl-C or a kill
at any point keeps all that was finished; running it again goes on from there.
"""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import replace
from functools import partial
from itertools import chain, islice
from pathlib import Path
from typing import Any

import models
from doc2data import journal, recipes
from doc2data.checks import check_batch
from doc2data.curate import read_references
from doc2data.errors import ProjectError, RunFailed, UsageError
from doc2data.events import DocumentSeen, Event, Finished, Warned
from doc2data.export import find_format
from doc2data.graph import contradictions
from doc2data.pausing import Pauser
from doc2data.project import Project
from doc2data.recipes.atlas import facts_of
from doc2data.recipes.base import RULES, Desk
from doc2data.recipes.corpus import Corpus
from doc2data.records import content_id
from doc2data.settings import Settings
from doc2data.stages.aiding import Aids, open_aids, unmet
from doc2data.stages.attesting import attest
from doc2data.stages.awaiting import awaited
from doc2data.stages.checking import context
from doc2data.stages.closing import report
from doc2data.stages.indexing import index
from doc2data.stages.making import make
from doc2data.stages.manifest import Record, write_manifest
from doc2data.stages.reading import Source, digest, find_sources, read, take_away
from doc2data.stages.settling import Tally
from doc2data.stages.workshop import SELF, Workshop, open_workshop
from doc2data.stages.writing import export_all, measure_all
from doc2data.store import Store

CONTRADICTIONS_TOLD = 50
"""Contradictions between documents that a run names; of the others it says how many there are."""
NO_MODEL = (
    "No model: questions and answers are built by rule from the documents' own words. "
    "Name a GGUF with --model for richer ones; 'doc2data models' lists those on this machine."
)


async def build(
    project: Project, settings: Settings, command: str = "doc2data run", *, attested: bool = False
) -> AsyncGenerator[Event]:
    """Bring the project's dataset up to date with its documents and settings.

    Args:
        project: whose documents to read and where to leave the dataset.
        settings: what to make, and how.
        command: what repeats this run, for card and manifest.
        attested: whether to write attestation.json at the end.

    Raises:
        Doc2dataError, ModelError: the run cannot begin or go on; what was finished is stored.
    """
    pauser = Pauser(settings.run)
    with journal.opened(project, settings.run, command) as log:
        async with (
            aclosing(_build(project, settings, Record(command), pauser, attested=attested)) as work,
            aclosing(pauser.through(work)) as events,
        ):
            async for event in events:
                log.note(event)
                if isinstance(event, Finished):
                    log.ended(report(event.manifest))
                yield event


async def _build(
    project: Project, settings: Settings, record: Record, pauser: Pauser, *, attested: bool
) -> AsyncGenerator[Event]:
    _check_names(settings)
    aids = open_aids(project.folder, settings)
    evaluation = read_references([project.folder / path for path in settings.checks.evaluation])
    async with open_workshop(project, settings) as shop:
        record.model = shop.engine.info if shop.engine else RULES
        if shop.engine is None:
            yield Warned(NO_MODEL)
        record.judges = tuple(judge.info for judge in shop.judges)
        recipes.require(settings.generate.recipes, shop.engine.info.engine if shop.engine else None)
        with _timed(record, "parse"):
            async with aclosing(_read(shop, aids)) as events:
                async for event in events:
                    record.note(event)
                    yield event
        corpus = Corpus(shop.store, settings.generate.language)
        if corpus.documents:
            with _timed(record, "index"):
                for event in _noted(chain(index(shop), _contradictions(corpus)), record):
                    yield event
            tally = Tally()
            with _timed(record, "make"):
                async with aclosing(make(shop, desk(shop, corpus, aids), tally, evaluation)) as events:
                    async for event in events:
                        record.note(event)
                        yield event
            record.planned, record.made_now = tally.planned, dict(tally.made)
            with _timed(record, "export"):
                told = _noted(map(Warned, unmet(shop.store, aids.given)), record)
                for event in chain(told, export_all(shop, record), measure_all(shop, record)):
                    yield event
        manifest = _close(shop, record, pauser, attested=attested)
    if not corpus.documents:
        raise RunFailed(
            "None of the documents could be read.", "See the reason given for each; correct or leave it out."
        )
    yield Finished(manifest)


def check(settings: Settings) -> None:
    """Refuse settings with which no run could begin, before anything is made or read.

    Raises:
        UsageError: there is no such recipe or format.
        ModelError: there is no such model, or it cannot write.
    """
    _check_names(settings)
    for spec in {settings.model.spec, *settings.checks.judges} - {"", RULES.name, SELF}:
        models.check_writer(spec)


def _check_names(settings: Settings) -> None:
    for name in settings.generate.recipes:
        recipes.load(name)
    for name in settings.export.formats:
        find_format(name)


async def _read(shop: Workshop, aids: Aids) -> AsyncGenerator[Event]:
    """Read what is new while the models load; there is no point in reading on for one that cannot be used."""
    take_away(shop.store)
    async with awaited(shop.writers) as loading:
        for event in chain(map(Warned, aids.notes), read(_sources(shop.store), shop)):
            yield event
            if isinstance(event, DocumentSeen) and event.state == "read":
                await loading.look()


def _close(shop: Workshop, record: Record, pauser: Pauser, *, attested: bool) -> dict[str, Any]:
    """Write what the run says of itself; returns the manifest."""
    if pauser.seconds:
        record.seconds["paused"] = pauser.seconds
    if attested:
        attest(shop, record)
    return write_manifest(shop.project, shop.store, shop.settings, record)


def desk(shop: Workshop, corpus: Corpus, aids: Aids | None = None) -> Desk:
    """Where recipes work in this run; `aids` are read here where they were not before."""
    aids = aids or open_aids(shop.project.folder, shop.settings)
    prompts = shop.prompts
    if steered := _steered(shop.settings, aids):
        prompts = replace(prompts, shared={**prompts.shared, "steering": steered})
    return Desk(
        corpus,
        shop.settings,
        prompts,
        shop.search,
        shop.engine,
        shop.judges,
        given=aids.given,
        accepted=partial(shop.store.samples.judged, "accepted"),
        find=shop.store.samples.get,
        examples=aids.examples,
        personas=aids.personas,
        check=partial(check_batch, context=context(shop, corpus)),
    )


def _steered(settings: Settings, aids: Aids) -> str:
    """Names how samples are steered, so that another way makes other jobs; empty where they are not."""
    grow = settings.grow
    if not (aids.personas or grow.skills or grow.styles):
        return ""
    return content_id(aids.personas, grow.skills, grow.styles)


def add(project: Project, paths: Sequence[Path], licence: str = "") -> list[Source]:
    """Put files, and those in folders, on the project's list; they are read by the next run.

    Args:
        project: whose list it is.
        paths: files and folders.
        licence: of all these files, for card and metadata; without one, what was stated before stands.

    Raises:
        UsageError: a path does not exist, or holds no document.
        ProjectBusy: another process holds the project.
    """
    sources = find_sources(paths)
    with project.hold(), Store(project.database) as store, store.transaction():
        store.documents.put_sources({source.name: str(source.path.resolve()) for source in sources})
        if licence:
            store.documents.put_licences({source.name: licence for source in sources})
        _inherit_licences(store, sources)
        _drop_renamed(store, sources)
    return sources


def set_sources(project: Project, sources: Sequence[Source], licence: str = "") -> None:
    """Put files on the list of a project that was made for them; `licence` as for `add`.

    Raises:
        ProjectError: the project was made for other documents, and they are still where they were.
        ProjectBusy: another process holds the project.
    """
    named = {source.name: str(source.path.resolve()) for source in sources}
    with project.hold(), Store(project.database) as store, store.transaction():
        for name in _missing(store).keys() - named.keys():
            store.documents.remove_source(name)
        others = store.documents.sources().keys() - named.keys()
        if others:
            raise ProjectError(
                f"{str(project.folder)!r} is the project of other documents ({min(others)!r} among them).",
                "Name another folder with --out, or add these documents there with `doc2data add`.",
            )
        store.documents.put_sources(named)
        if licence:
            store.documents.put_licences(dict.fromkeys(named, licence))
        _inherit_licences(store, sources)


def _missing(store: Store) -> dict[str, str]:
    """Files on the project's list that are no longer where they were: name to path."""
    return {name: path for name, path in store.documents.sources().items() if not Path(path).exists()}


def _inherit_licences(store: Store, added: Sequence[Source]) -> None:
    """A file whose content was here under another name has the licence that was stated there."""
    licences = store.documents.licences()
    digests = {source.name: digest(source.path) for source in added if source.name not in licences}
    if not licences or not digests:
        return
    keys = store.documents.keys_of(digests.values())
    stated = {sha256: licences[key] for sha256, key in keys.items() if key in licences}
    stated |= {row.sha256: licences[row.name] for row in store.documents.rows() if row.name in licences}
    store.documents.put_licences({name: stated[sha256] for name, sha256 in digests.items() if sha256 in stated})


def _drop_renamed(store: Store, added: Sequence[Source]) -> None:
    """Take off the list what one of the added files was called before."""
    missing = _missing(store)
    if missing:
        digests = {digest(source.path) for source in added}
        for row in store.documents.rows():
            if row.name in missing and row.sha256 in digests:
                store.documents.remove_source(row.name)


def _sources(store: Store) -> list[Source]:
    """Files on the project's list.

    Raises:
        UsageError: there are none.
    """
    sources = [Source(name, Path(path)) for name, path in store.documents.sources().items()]
    if not sources:
        raise UsageError("The project has no documents.", "Add some with `doc2data add PATH`.")
    return sources


def _contradictions(corpus: Corpus) -> Iterator[Event]:
    """What the documents say against each other: findings for a person, and no ground for a sample of several hops."""
    found = contradictions(partial(facts_of, corpus))
    for one in islice(found, CONTRADICTIONS_TOLD):
        names = (corpus.documents[fact.clue.document].name for fact in (one.first, one.second))
        yield Warned(f"The documents contradict each other: {one} ({' and '.join(names)}).")
    if more := sum(1 for _ in found):
        yield Warned(f"The documents contradict each other in {more} more places.")


def _noted(events: Iterator[Event], record: Record) -> Iterator[Event]:
    for event in events:
        record.note(event)
        yield event


@contextmanager
def _timed(record: Record, stage: str) -> Iterator[None]:
    start = time.monotonic()
    try:
        yield
    finally:
        record.seconds[stage] = time.monotonic() - start
