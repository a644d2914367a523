"""A statement for a security officer: what went into a dataset, what came out, and that nothing left the machine.

The statement carries the hash of itself, so that a copy can be told from one that was changed; who keeps the hash
elsewhere can tell it for certain. It names no clock: the same work makes the same statement.
"""

from __future__ import annotations

import hashlib
import json
import shlex
from collections.abc import Mapping
from importlib import resources
from pathlib import Path
from typing import Any

from doc2data import sealing, settings
from doc2data.errors import UsageError
from doc2data.project import Project, write_atomically
from doc2data.settings import Settings
from doc2data.stages.manifest import Record, versions
from doc2data.stages.reading import find_sources
from doc2data.stages.workshop import Workshop
from doc2data.stages.written import hashes

FILE_NAME = "attestation.json"
KIND = "doc2data attestation 1"


def attest(shop: Workshop, record: Record) -> dict[str, Any]:
    """Write attestation.json about the export that lies in the project now.

    Raises:
        StorageError: it cannot be written.
    """
    project, chosen, documents = shop.project, shop.settings, shop.store.documents
    model = record.model
    statement: dict[str, Any] = {
        "kind": KIND,
        "sources": [{"name": row.name, "sha256": row.sha256, "state": row.state} for row in documents.rows()],
        "model": {"engine": model.engine, "name": model.name, "sha256": model.sha256},
        "embedder": {"name": shop.embedder.name, "sha256": shop.embedder.fingerprint},
        "prompts": _prompts(project.folder / "prompts"),
        "settings": chosen.model_dump(mode="json"),
        "seeds": {"generate": chosen.generate.seed, "export": chosen.export.seed},
        "versions": versions(),
        "connections": {
            "sealed": sealing.sealed(),
            "allowed": sealing.allowed(),
            "refused_attempts": len(sealing.refused()),
            "refused_hosts": sorted(set(sealing.refused())),
        },
        "results": _results(project),
        "reproduce": reproduction(documents.sources(), chosen),
    }
    statement["sha256"] = digest(statement)
    write_atomically(project.folder / FILE_NAME, json.dumps(statement, ensure_ascii=False, indent=2) + "\n")
    return statement


def check(project: Project) -> list[str]:
    """What is not, or no longer, as attestation.json says; empty when all is."""
    try:
        statement = json.loads((project.folder / FILE_NAME).read_text(encoding="utf-8"))
        claimed, stated = statement["sha256"], statement["results"]
    except (OSError, ValueError, KeyError, TypeError, RecursionError) as error:
        return [f"{FILE_NAME} cannot be read: {error}"]
    if claimed != digest(statement):
        return [f"{FILE_NAME} was changed: its hash does not fit what it says"]
    found = _results(project)
    if not isinstance(stated, dict):
        return [f"{FILE_NAME} names no results"]
    return [
        f"{name} {'is gone' if name not in found else 'is another one' if name in stated else 'came later'}"
        for name in sorted(stated.keys() | found.keys())
        if stated.get(name) != found.get(name)
    ]


def digest(statement: Mapping[str, Any]) -> str:
    """SHA-256 of a statement's canonical JSON without its own hash."""
    rest = {key: value for key, value in statement.items() if key != "sha256"}
    return hashlib.sha256(
        json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode("utf-8", "surrogatepass")
    ).hexdigest()


def reproduction(sources: Mapping[str, str], chosen: Settings) -> str:
    """The command that makes the same dataset again, in a new folder, from the same files and settings."""
    parts = ["doc2data", "build", *_paths(sources), "--out", "NEW_FOLDER"]
    for key, field in settings.declared():
        section, _, name = key.partition(".")
        value = getattr(getattr(chosen, section), name)
        if section != "run" and value != field.get_default(call_default_factory=True):
            parts += ["--set", f"{key}={settings.toml(value)}"]
    return shlex.join(parts)


def _paths(sources: Mapping[str, str]) -> list[str]:
    """The folders that sources came from, where they hold nothing else; otherwise each file."""
    roots = {Path(path.removesuffix(f"/{name}")) for name, path in sources.items() if path.endswith(f"/{name}")}
    outermost = [root for root in sorted(roots) if not any(parent in roots for parent in root.parents)]
    try:
        found = find_sources(outermost)
    except UsageError:
        found = []
    same = {source.name: str(source.path.resolve()) for source in found} == dict(sources)
    return [str(root) for root in outermost] if same else sorted(sources.values())


def _prompts(own: Path) -> dict[str, str]:
    """Hash of every prompt by LANGUAGE/NAME.txt; the project's own stand in the place of ours."""
    shipped = resources.files("doc2data.tasks") / "prompts"
    found = {
        f"{language.name}/{file.name}": file.read_bytes()
        for language in shipped.iterdir()
        if language.is_dir()
        for file in language.iterdir()
        if file.name.endswith(".txt")
    }
    found |= {path.relative_to(own).as_posix(): path.read_bytes() for path in own.glob("*/*.txt") if path.is_file()}
    return {name: hashlib.sha256(found[name]).hexdigest() for name in sorted(found)}


def _results(project: Project) -> dict[str, str]:
    """Hash of every exported file."""
    return hashes(project.folder, project.export.rglob("*"))
