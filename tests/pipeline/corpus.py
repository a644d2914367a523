"""Small documents, an embedder without a model, and runs of the pipeline over them."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import models
import parsers
from doc2data import export, pipeline, project
from doc2data.events import Event, Finished
from doc2data.project import Project
from doc2data.stages.reading import find_sources
from models import Engine
from parsers import Document, ParseOptions

PUMP = """# Corvan P-20 dosing pump

## Technical data

The Corvan P-20 delivers 12 litres per hour at a pressure of 4 bar. The diaphragm of the P-20 is made of PTFE.

| Property | P-20 | P-30 |
|---|---|---|
| Flow (L/h) | 12 | 30 |
| Mass (kg) | 3.2 | 5.1 |

## Maintenance

The diaphragm must be replaced every 4000 hours because the PTFE hardens. Before the pump head is opened, the suction
line must be closed.

To replace the diaphragm:

1. Close the suction line.
2. Loosen the four screws of the pump head.
3. Fit the new diaphragm and tighten the screws to 2.5 N·m.
"""
GLOSSARY = """# Corvan glossary

A foot valve is a check valve at the lower end of the suction line. The priming volume is the amount of liquid that
fills the suction line. The Corvan K-4 kit contains a diaphragm, two seals and a foot valve.

If the K-4 kit is stored above 40 °C, the seals of the kit become brittle.
"""
CHINESE = """# Corvan P-20 计量泵安装说明

## 安装

P-20 计量泵的额定流量为每小时 12 升。吸入管的长度不得超过 2 米，因为过长的管路会降低流量。
隔膜是将液体与驱动部分隔开的弹性元件。
"""
FILES: Mapping[str, str] = {"pump.md": PUMP, "glossary.md": GLOSSARY, "install-zh.md": CHINESE}
ENGLISH: Mapping[str, str] = {"pump.md": PUMP, "glossary.md": GLOSSARY}


def write(folder: Path, files: Mapping[str, str] = FILES) -> Path:
    """A folder with the documents."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def prepared(documents: Sequence[Path], out: Path, **given: Any) -> Project:
    """A project over documents; keys of `given` are settings with a double underscore for the dot."""
    made, _ = project.prepare(out, {key.replace("__", "."): value for key, value in given.items()})
    pipeline.set_sources(made, find_sources(documents))
    return made


async def events_of(target: Project) -> list[Event]:
    """All events of one run."""
    return [event async for event in pipeline.build(target, target.settings())]


def run(target: Project) -> dict[str, Any]:
    """One run to its end; returns the manifest."""
    last = asyncio.run(events_of(target))[-1]
    assert isinstance(last, Finished)
    return dict(last.manifest)


def exported(target: Project) -> dict[str, bytes]:
    """Every exported file by its path inside the export folder."""
    return {str(p.relative_to(target.export)): p.read_bytes() for p in target.export.rglob("*") if p.is_file()}


def use_engine(monkeypatch: Any, engine: Engine) -> None:
    """Let `--model scripted` mean this engine."""
    monkeypatch.setattr(models, "open_engine", lambda spec, options: engine)


def read_here(monkeypatch: Any) -> None:
    """Read documents in this process: starting the readers' own takes longer than all that small tests do."""

    def parsed(paths: Sequence[Path], options: ParseOptions, *_: object) -> Iterator[tuple[Path, Document]]:
        return ((path, parsers.parse(path, options)) for path in paths)

    monkeypatch.setattr(parsers, "parse_many", parsed)


def without_report(monkeypatch: Any) -> None:
    """Leave report.html out: drawing it takes most of the time of a small run."""
    monkeypatch.setattr(export, "write_report", lambda *_: None)
