"""The doors that strangers' bytes come in by. Each takes one spoilt input; what it may raise is the product's words."""

from __future__ import annotations

import asyncio
import io
import json
import random
import shutil
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import models
from doc2data import safekeeping, settings
from doc2data.errors import Doc2dataError
from doc2data.export.imports import read_dataset
from doc2data.project import Project
from doc2data.recipes import RECIPES
from doc2data.stages.attesting import check
from models import ModelError, Request, ScriptedEngine
from models.gguf_header import read_header
from parsers import ParseError
from tests import tiny_gguf
from tests.benchmarks.chaos.__main__ import LEFT_OUT
from tests.benchmarks.chaos.replies import reply
from tests.benchmarks.fuzz.mutations import spoilt, spoilt_text
from tests.index.doubles import HashEmbedder
from tests.parsers.makers import paragraph, write_docx
from tests.pipeline.corpus import CHINESE, GLOSSARY, PUMP, events_of, prepared

ALLOWED = (Doc2dataError, ModelError, ParseError)
ROOT = Path(__file__).parents[3]
FORMATS = ("jsonl", "csv", "messages", "alpaca")
Room = Callable[[Path, random.Random], object]


def rooms(folder: Path) -> dict[str, Room]:
    """Every door by name, with what it needs made in `folder`."""
    tiny = tiny_gguf.build(folder / "tiny.gguf").read_bytes()
    seeds = _documents(folder)
    backup = _backup(folder)

    def header(place: Path, chance: random.Random) -> object:
        data = spoilt(tiny[:14_000], tiny[:14_000], chance) + tiny[14_000:]
        return read_header(_put(place / "model.gguf", data)).cell_bytes

    def restored(place: Path, chance: random.Random) -> object:
        return safekeeping.restore(_put(place / "kept.zip", spoilt(backup, backup, chance)), place / "out")

    def documents(place: Path, chance: random.Random) -> object:
        return _run(place, chance, seeds, "rules")

    def replies(place: Path, chance: random.Random) -> object:
        return _run(place, chance, seeds, "scripted")

    return {
        "settings": _settings,
        "imports": _imports,
        "attestation": _attestation,
        "header": header,
        "restore": restored,
        "documents": documents,
        "replies": replies,
    }


def _settings(place: Path, chance: random.Random) -> object:
    text = settings.render(settings.Settings()).replace("\n# ", "\n") if chance.random() < 0.5 else "[generate]\nseed=1"
    path = _put(place / "doc2data.toml", spoilt(text.encode(), b"[x]\na=1", chance))
    loaded = settings.load(path)
    _put(path, settings.render(loaded).encode())
    assert settings.load(path) == loaded
    return loaded


ROWS = [
    {"messages": [{"role": "user", "content": "How?"}, {"role": "assistant", "content": "So."}]},
    {"instruction": "How?", "input": "", "output": "So."},
    {"conversations": [{"from": "human", "value": "How?"}, {"from": "gpt", "value": "<think>x</think>So."}]},
    {"prompt": "How?", "completion": "So."},
]


def _imports(place: Path, chance: random.Random) -> object:
    data = "\n".join(map(json.dumps, chance.choices(ROWS, k=4))).encode()
    name = chance.choice(("a.jsonl", "a.json", "a.jsonl.gz", "a.jsonl.zst", "a.csv"))
    return list(read_dataset(_put(place / name, spoilt(data, data, chance))))


def _attestation(place: Path, chance: random.Random) -> object:
    data = json.dumps({"kind": "x", "results": {"export/a": "0"}, "sha256": "0"}).encode()
    _put(place / "attestation.json", spoilt(data, data, chance))
    return check(Project(place))


def _run(place: Path, chance: random.Random, seeds: list[tuple[str, bytes]], spec: str) -> object:
    """A few spoilt documents through a whole run; with a model, its words are spoilt too."""
    for number in range(4):
        name, data = chance.choice(seeds)
        _put(place / "docs" / f"{number}-{name}", spoilt(data, chance.choice(seeds)[1], chance))
    ruled = [name for name, info in RECIPES.items() if info.needs == "rules" or spec == "scripted"]
    given: dict[str, Any] = {
        "generate__recipes": ("qa", *chance.sample(sorted(set(ruled) - {"qa"} - LEFT_OUT), 2)),
        "generate__per_chunk": 3,
        "model__spec": spec,
        "export__formats": FORMATS,
        "parse__seconds": 30.0,
        "parse__memory_mb": 1024,
    }
    target = prepared([place / "docs"], place / "out", **given)
    with _doubles(chance):
        asyncio.run(events_of(target))
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    counts = manifest["counts"]
    assert counts["made"] == counts["kept"] + counts["rejected"] + counts["failed"]
    assert manifest["refused_connections"] == []
    assert "<script>alert" not in target.report.read_text(encoding="utf-8")
    for row in manifest["sources"]:
        assert "crashed" not in row["reason"] and "took longer" not in row["reason"], row["reason"]
    return counts


@contextmanager
def _doubles(chance: random.Random) -> Iterator[None]:
    """An embedder without a model, and a model whose replies fit their schema and are spoilt in their texts."""
    before = models.open_embedder, models.open_engine

    def answer(request: Request) -> str:
        said = reply(request)
        if chance.random() < 0.5:
            return said
        return json.dumps(_spoil(json.loads(said), chance), ensure_ascii=False)

    models.open_embedder = lambda spec="default": HashEmbedder()
    models.open_engine = lambda spec, options=None: ScriptedEngine(answer)
    try:
        yield
    finally:
        models.open_embedder, models.open_engine = before


def _spoil(value: Any, chance: random.Random) -> Any:
    if isinstance(value, dict):
        return {key: _spoil(part, chance) for key, part in value.items()}
    if isinstance(value, list):
        return [_spoil(part, chance) for part in value]
    return spoilt_text(chance, value) if isinstance(value, str) else value


def _documents(folder: Path) -> list[tuple[str, bytes]]:
    docx = write_docx(folder / "a.docx", "".join(map(paragraph, GLOSSARY.split("\n"))))
    samples = [path for path in (ROOT / "samples" / "documents").iterdir() if path.suffix in (".md", ".html")]
    files = [*samples, *sorted((ROOT / "tests" / "parsers" / "inputs").iterdir()), docx]
    texts = [("pump.md", PUMP), ("zh.md", CHINESE), ("pump.txt", PUMP), ("glossary.html", f"<html><p>{GLOSSARY}")]
    return [(path.name, path.read_bytes()) for path in files if path.is_file()] + [
        (name, text.encode()) for name, text in texts
    ]


def _backup(folder: Path) -> bytes:
    target = prepared([_put(folder / "seed" / "a.md", PUMP.encode())], folder / "backed")
    safekeeping.backup(target, folder / "kept.zip")
    shutil.rmtree(target.folder)
    assert zipfile.is_zipfile(io.BytesIO((folder / "kept.zip").read_bytes()))
    return (folder / "kept.zip").read_bytes()


def _put(path: Path, data: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
