"""store -> samples.jsonl, formats, card, report, run.json: what a run leaves in the project's folder."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

import doc2data
from doc2data import export, sealing, settings
from doc2data.checks import CHECKS, CROSS_ENCODER, MODEL_CHECKS, model_checks
from doc2data.clues.coverage import Coverage, Covered
from doc2data.curate import Measures, length_bias, measure
from doc2data.errors import StorageError
from doc2data.events import DocumentSeen, Event, StageStarted, Warned
from doc2data.privacy import Shield, Summary
from doc2data.progress import Meter
from doc2data.project import Project, write_atomically
from doc2data.recipes.base import RULES
from doc2data.settings import Settings
from doc2data.stages.anchoring import anchor
from doc2data.stages.curating import curate
from doc2data.stages.making import DUPLICATE, twin_of
from doc2data.stages.shielding import guard, shielded_facts, shielded_sources
from doc2data.stages.workshop import Workshop
from doc2data.store import Query, Store
from models import ModelInfo, catalogue

LIBRARIES = ("llama-cpp-python", "chromadb", "sentence-transformers", "pymupdf", "python-docx", "beautifulsoup4")

BESIDE_THE_CHECKS = {
    "answerable": "Asked again, the model finds the answer in the passage",
    "necessity": "With any one clue withheld, the answer can no longer be given",
    "contamination": "No evaluation file holds the sample's words or asks its question",
    "duplicate": "No other accepted sample asks the same",
    "balance": "Chosen and rejected answers of all pairs are of one length by the mean",
    "proof": "A check turns down the answer that was made wrong",
    "contest": "Answers to one question that checks or judges tell apart",
    "judge": "Judges prefer the same answer when the places are swapped",
    "revision": "The revised answer gained on the first draft",
    "principle": "The draft goes against the principle, the revision keeps it",
    "evolution": "A harder question gained something, leaks no prompt, and can be answered",
    "correction": "Looked at a second time, the answer is right or was put right",
    "novelty": "No other question says this in nearly the same words",
    "turn": "What the model let a user say is a question",
    "quota": "One of the best of its chunk, within the number asked for",
}
"""Verdicts given outside `doc2data.checks`: by recipes, and when a chunk's samples are settled."""
OF_RECIPES = {
    "evolution": {"evolve"},
    "correction": {"self-instruct"},
    "novelty": {"self-instruct"},
    "turn": {"magpie"},
    "wording": {"augment"},
}
"""Verdicts that only some recipes meet."""
OF_PAIRS = frozenset({"preference", "balance", "proof", "contest", "judge", "revision", "principle"})
"""Verdicts that only preference pairs get."""
THRESHOLDS = {
    "structure": ("checks.min_question_words", "checks.max_answer_words"),
    "support": ("checks.support",),
    "retrievability": ("checks.retrieval_depth",),
    "inference": ("checks.inference", "checks.cross_encoder"),
    "roundtrip": ("checks.round_trip",),
    "judge": ("checks.judge_least", "checks.judges"),
    "contamination": (
        "checks.contamination_words",
        "checks.contamination_characters",
        "checks.contamination_cosine",
    ),
    "duplicate": ("checks.duplicate_jaccard", "checks.duplicate_cosine"),
    "balance": ("prefer.balance",),
    "wording": ("checks.wording_cosine",),
    "novelty": ("grow.novelty",),
    "quota": ("generate.per_chunk", "generate.limit"),
}
"""The settings that decide each check."""
DEFAULT_EMBEDDER = "all-MiniLM-L6-v2"
REACHED = 1000
"""Passages by which the embedding coverage of a dataset is measured."""
MEASURED = 4000
"""Samples, accepted and rejected, that the measures of a run look at."""


@dataclass(slots=True)
class Record:
    """What a run notes about itself for run.json and the card."""

    command: str
    model: ModelInfo = RULES
    judges: tuple[ModelInfo, ...] = ()
    started: datetime = field(default_factory=lambda: datetime.now(UTC))
    seconds: dict[str, float] = field(default_factory=dict)
    """Wall time by stage."""
    warnings: list[str] = field(default_factory=list)
    planned: int = 0
    made_now: dict[str, int] = field(default_factory=dict)
    privacy: Summary | None = None
    """What was found of personal data; None until something is exported."""
    measures: Measures | None = None
    """None until there are samples to measure."""
    unreadable: int = 0

    def note(self, event: Event) -> None:
        """Remember what the manifest will tell."""
        if isinstance(event, Warned):
            self.warnings.append(event.message)
        if isinstance(event, DocumentSeen):
            self.warnings += [f"{event.name}: {warning}" for warning in event.warnings]


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
    sources = export.ExportSources(
        documents=lambda: _texts(store),
        passages=store.documents.passages,
        search=shop.search,
        clusters=clusters(store),
    )
    curated, guarded = curate(shop), guard(shop.project, store, shop.settings.privacy)
    shield = guarded.shield
    record.privacy = shield.count(one for one in curated.judged() if one.status == "accepted")
    guarded.ledger.save()
    result = export.write_export(
        lambda: shield.judged(curated.judged()),
        shop.project.export,
        chosen.formats,
        chosen,
        shielded_sources(sources, shield),
    )
    for warning in (*curated.notes, *result.warnings):
        yield Warned(warning)
        record.warnings += [] if warning in record.warnings else [warning]
    yield from map(Warned, _on_privacy(record.privacy))
    _write_remarks(shop, shield)
    yield meter.advance()
    export.write_card(shop.project.export, facts_of(shop, record, shield, result))
    yield meter.advance()
    write_report(shop, record, result)
    yield meter.advance()


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
    names = {row.id: row.name for row in documents.rows()}
    sections = {(names[chunk.document], chunk.section) for chunk in documents.chunks()}
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
    except OSError as error:
        raise StorageError(f"Cannot write {str(shop.project.report)!r}: {error.strerror}.") from error


def facts_of(shop: Workshop, record: Record, shield: Shield, result: export.ExportResult | None) -> export.DatasetFacts:
    """All that card and report say beside the samples; without a fresh export, no figures of files and splits."""
    store, chosen = shop.store, shop.settings
    rows = [row for row in store.documents.rows() if row.state == "read"]
    models = (
        export.ModelFacts(record.model.name, "writer", record.model.sha256, *_licensed(record.model.name)),
        *(export.ModelFacts(one.name, "judge", one.sha256, *_licensed(one.name)) for one in record.judges),
        *_cross_encoder(shop),
        export.ModelFacts(shop.embedder.name, "embedder", shop.embedder.fingerprint, *_licensed(shop.embedder.name)),
    )
    failures, licences = store.samples.failures(), store.documents.licences()
    facts = export.DatasetFacts(
        title=_title([row.title for row in rows]),
        counts=export.count_samples(shield.judged(store.samples.judged())),
        documents=tuple(
            export.DocumentFacts(
                row.name,
                row.title,
                row.sha256,
                row.type,
                row.language,
                row.pages,
                characters=row.characters,
                licence=licences.get(row.name, ""),
            )
            for row in rows
        ),
        formats={name: count.rows for name, count in result.formats.items()} if result else {},
        failed=sum(failures.values()),
        failures=failures,
        covered=told(coverage_of(store)),
        splits=result.splits if result else {},
        checks=_checks(chosen),
        models=models,
        seed=chosen.generate.seed,
        versions=versions(),
        settings=changed(chosen),
        command=record.command,
        licence=chosen.export.licence,
        limits=(*_of_pairs(store), *record.warnings),
        personal=_personal(record.privacy),
        masked=record.privacy.masked if record.privacy else 0,
        dropped=record.privacy.dropped if record.privacy else 0,
    )
    return shielded_facts(facts, shield)


def _of_pairs(store: Store) -> Iterator[str]:
    """What a user of preference pairs should know of their lengths."""
    if "preference" not in store.samples.kinds():
        return
    found = length_bias(judged.sample for judged in store.samples.judged("accepted"))
    yield (
        f"Of the {found.pairs} preference pairs the chosen answer is {found.ratio:.2f} times as long as the rejected "
        f"one by the mean; it is the longer one in {found.longer:.0%} of them, the shorter one in {found.shorter:.0%}."
    )


def _personal(found: Summary | None) -> tuple[export.PersonalData, ...]:
    looked_for = [(kind, action) for kind, action in found.actions.items() if action != "off"] if found else []
    return tuple(export.PersonalData(kind, action, found.found[kind]) for kind, action in looked_for if found)


def _told(found: Summary | None) -> Any:
    """What run.json says of personal data; None before the first export."""
    if found is None:
        return None
    kinds = {kind: {"action": action, "samples": found.found[kind]} for kind, action in found.actions.items()}
    return {"kinds": kinds, "flagged": found.flagged, "masked": found.masked, "dropped": found.dropped}


def _cross_encoder(shop: Workshop) -> Iterator[export.ModelFacts]:
    if shop.pair_scorer is not None:
        yield export.ModelFacts(shop.pair_scorer.name, "cross-encoder", shop.pair_scorer.fingerprint)


def record_of(project: Project) -> Record:
    """What the last run noted, so that a later export says the same of itself."""
    try:
        manifest = json.loads(project.manifest.read_text(encoding="utf-8"))
        model = ModelInfo(**manifest["model"])
        judges = tuple(ModelInfo(**judge) for judge in manifest.get("judges", []))
        return Record(manifest["command"], model, judges, warnings=list(manifest["warnings"]))
    except (OSError, ValueError, KeyError, TypeError):
        return Record("doc2data run")


def write_manifest(project: Project, store: Store, chosen: Settings, record: Record) -> dict[str, Any]:
    """Write run.json, after holding the run's own count against the store's.

    Raises:
        StorageError: it cannot be written.
    """
    manifest = {
        "doc2data": doc2data.__version__,
        "command": record.command,
        "started": record.started.isoformat(timespec="seconds"),
        "ended": datetime.now(UTC).isoformat(timespec="seconds"),
        "seconds": {stage: round(seconds, 2) for stage, seconds in record.seconds.items()},
        "counts": counts(store, record),
        "rejected_by": store.samples.reasons(),
        "measures": _figures(record.measures),
        "privacy": _told(record.privacy),
        "sources": [
            {"name": row.name, "sha256": row.sha256, "type": row.type, "language": row.language, "pages": row.pages}
            | {"state": row.state, "reason": row.reason}
            for row in store.documents.rows()
        ],
        "model": {"engine": record.model.engine, "name": record.model.name, "sha256": record.model.sha256},
        "judges": [{"engine": one.engine, "name": one.name, "sha256": one.sha256} for one in record.judges],
        "settings": chosen.model_dump(mode="json"),
        "versions": versions(),
        "warnings": record.warnings,
        "refused_connections": sealing.refused(),
    }
    write_atomically(project.manifest, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    return manifest


def counts(store: Store, record: Record) -> dict[str, Any]:
    """Everything counted: each thing made is kept, rejected or failed."""
    rows = store.documents.rows()
    read = [row for row in rows if row.state == "read"]
    parts = [store.documents.counts(row.id) for row in read]
    stored = store.samples.counts()
    kept, rejected, failed = stored["accepted"], stored["rejected"], stored["failed"]
    return {
        "documents": {
            "found": len(rows) + record.unreadable,
            "read": len(read),
            "failed": len(rows) - len(read) + record.unreadable,
        },
        "chunks": sum(part["chunks"] for part in parts),
        "clues": sum(part["clues"] for part in parts),
        "passages": sum(part["passages"] for part in parts),
        "jobs": {"planned": record.planned, "done": stored["done"], "failed": failed},
        "made": kept + rejected + failed,
        "kept": kept,
        "rejected": rejected,
        "failed": failed,
        "retired": store.retired.counts(),
        "this_run": record.made_now,
        "kinds": store.samples.kinds(),
        "coverage": asdict(coverage_of(store)),
    }


def coverage_of(store: Store) -> Covered:
    """The share of facts that accepted samples stand on."""
    names = {row.id: row.name for row in store.documents.rows() if row.state == "read"}
    coverage = Coverage(store.documents.clues(), names)
    for judged in store.samples.judged("accepted"):
        coverage.add(judged.sample)
    return coverage.measure()


def told(covered: Covered) -> dict[str, tuple[int, int]]:
    """The coverage by what is covered, in words."""
    shares = {
        "sentences with a fact": covered.sentences,
        "table rows": covered.rows,
        "sections": covered.sections,
    }
    return {name: (share.covered, share.total) for name, share in shares.items() if share.total}


def versions() -> dict[str, str]:
    """Program, interpreter and the libraries that shape results."""
    found = {"doc2data": doc2data.__version__, "python": platform.python_version()}
    return found | {name: importlib.metadata.version(name) for name in LIBRARIES}


def changed(chosen: Settings) -> dict[str, str]:
    """Settings that shape the dataset and are not at their default, by dotted key."""
    found = {}
    for key, field_info in settings.declared():
        section, _, name = key.partition(".")
        if section == "run":
            continue
        value = getattr(getattr(chosen, section), name)
        if value != field_info.get_default(call_default_factory=True):
            found[key] = str(value)
    return found


def _figures(measures: Measures | None) -> Any:
    """The measures as plain values of four decimals."""
    text = json.dumps(asdict(measures) if measures else None, ensure_ascii=False)
    return json.loads(text, parse_float=lambda number: round(float(number), 4))


def _checks(chosen: Settings) -> tuple[export.CheckFacts, ...]:
    by_model = chosen.model.spec not in ("", RULES.name) or bool(chosen.checks.judges)
    asked = {name: MODEL_CHECKS[name] for name in (model_checks(chosen.checks) if by_model else ())}
    own = {n: c for n, c in CHECKS.items() if chosen.checks.cross_encoder or CROSS_ENCODER not in c.needs}
    about = {name: check.title for name, check in {**own, **asked}.items()} | BESIDE_THE_CHECKS
    used = set(chosen.generate.recipes)
    if not chosen.checks.evaluation:
        del about["contamination"]
    if "prefer" not in chosen.generate.recipes:
        about = {name: title for name, title in about.items() if name not in OF_PAIRS}
    met = {name: title for name, title in about.items() if not OF_RECIPES.get(name, used).isdisjoint(used)}
    return tuple(export.CheckFacts(name, title, _threshold(name, chosen)) for name, title in met.items())


def _threshold(check: str, chosen: Settings) -> str:
    keys = THRESHOLDS.get(check, ())
    values = (getattr(getattr(chosen, section), name) for section, _, name in (key.partition(".") for key in keys))
    return ", ".join(f"{key} = {value}" for key, value in zip(keys, values, strict=True))


def _texts(store: Store) -> Iterator[export.DocumentText]:
    for row in store.documents.rows():
        if row.state == "read":
            yield export.DocumentText(row.name, row.title, row.language, store.documents.document(row.id).text)


def _licensed(name: str) -> tuple[str, str]:
    """A model's licence, and what to know of it; empty for rules and for models that are not on this machine."""
    if name == RULES.name:
        return "", "No model: code builds the words from the documents' own."
    if name == DEFAULT_EMBEDDER:
        return "apache-2.0", "Finds passages and compares questions; wrote no words."
    entry = catalogue.titled(name)
    if entry is None:
        return "", "Its licence is not known here: look at what it asks of data made with it."
    return (
        entry.licence,
        "" if entry.licence else "Its file names no licence: look at what it asks of data made with it.",
    )


def _title(titles: list[str]) -> str:
    if not titles:
        return "Empty dataset"
    return titles[0] if len(titles) == 1 else f"{titles[0]} and {len(titles) - 1} more documents"
