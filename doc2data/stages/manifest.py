"""run.json: what a run notes about itself, counted against the store."""

from __future__ import annotations

import importlib.metadata
import json
import platform
from array import array
from collections import defaultdict
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from typing import Any

import doc2data
from doc2data import sealing, settings
from doc2data.clues.coverage import NOTHING, Coverage, Covered
from doc2data.curate import Measures
from doc2data.events import DocumentSeen, Event, Warned
from doc2data.privacy import Summary
from doc2data.project import Project, write_atomically
from doc2data.recipes.base import RULES
from doc2data.settings import Settings
from doc2data.stages.written import known, note
from doc2data.store import Store
from models import ModelInfo

LIBRARIES = ("llama-cpp-python", "chromadb", "sentence-transformers", "pymupdf", "python-docx", "beautifulsoup4")


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
    exported: str = ""
    """What the export wrote, in words; empty before."""

    def note(self, event: Event) -> None:
        """Remember what the manifest will tell."""
        if isinstance(event, Warned):
            self.warnings.append(event.message)
        if isinstance(event, DocumentSeen):
            self.warnings += [f"{event.name}: {warning}" for warning in event.warnings]


def _told(found: Summary | None) -> Any:
    """What run.json says of personal data; None before the first export."""
    if found is None:
        return None
    kinds = {kind: {"action": action, "samples": found.found[kind]} for kind, action in found.actions.items()}
    return {"kinds": kinds, "flagged": found.flagged, "masked": found.masked, "dropped": found.dropped}


def record_of(project: Project) -> Record:
    """What the last run noted, so that a later export says the same of itself."""
    try:
        manifest = project.last_run()
        model = ModelInfo(**manifest["model"])
        judges = tuple(ModelInfo(**judge) for judge in manifest.get("judges", []))
        return Record(manifest["command"], model, judges, warnings=list(manifest["warnings"]))
    except (KeyError, TypeError):
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
        "files": {name: sha256 for name, sha256 in known(store).items() if name != project.manifest.name},
    }
    write_atomically(project.manifest, json.dumps(manifest, ensure_ascii=False, indent=2) + "\n")
    note(project, store, [project.manifest])
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
    spans: dict[str, array[int]] = defaultdict(lambda: array("q"))
    for _, name, start, end, _ in store.samples.evidence():
        spans[name].extend((start, end))
    covered = NOTHING
    for row in store.documents.rows():
        if row.state == "read":
            coverage, found = Coverage(store.documents.clues(row.id), {row.id: row.name}), spans[row.name]
            for start, end in zip(found[::2], found[1::2], strict=True):
                coverage.cover(row.name, start, end)
            covered += coverage.measure()
    return covered


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
