"""Memory and time per document of a run by rule, after a twentieth of the documents and after all.

    python -m tests.benchmarks.scale [--documents 2000] [--pages 20] [--facts 14]

Documents are made up, each of so many pages of text with facts, key values and a table. Two projects are built, each
in a process of its own: one of a twentieth of the documents, one of all. The embedder is one without a model, so that
the product's own share is measured.

While it works, a line says at each twentieth of a stage how far it is and what is resident: of the main process all
of it, that part which no file stands behind, and that of its children, the readers of files, together. At the end of
each project: the peaks, the seconds by stage, and what was made. At the end of all: the ratio of the peaks (aim: 1.3),
the same without the graph of the vectors, which Chroma holds in memory as a whole, and the ratio of the times per
document (aim: within 10 %), by the clock and by the processor; a machine that does other work as well tells only the
latter.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import os
import random
import resource
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import psutil

import models
from doc2data import pipeline
from doc2data.events import Event, StageProgress, StageStarted
from doc2data.index.vectors import bytes_of
from models import Vectors
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import prepared

NAMES = ("valve", "pump", "seal", "motor", "filter", "sensor", "relay", "gasket", "rotor", "nozzle", "clutch", "gauge")
MATERIALS = ("steel", "brass", "ceramic", "carbon", "bronze", "glass")
STEPS = 20
"""Lines of each stage."""
SMALL = 20
"""The small project is that part of the large one."""


class Embedder(HashEmbedder):
    """The embedder of the tests, which here remembers its words: it must not be what takes the time."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Sums of the vectors of words, of length 1."""
        totals = [np.sum([self._of_word(word) for word in text.lower().split()], axis=0) for text in texts]
        rows = [total / max(float(np.linalg.norm(total)), 1e-9) for total in totals]
        return np.stack(rows).astype(np.float32) if rows else np.zeros((0, self.dimension), np.float32)

    @lru_cache(maxsize=4096)  # noqa: B019  (one embedder for the life of the process)
    def _of_word(self, word: str) -> Vectors:
        return self._vector(word)


@dataclass(slots=True)
class Watch:
    """What is resident as the work goes on, in MB."""

    documents: int
    start: float = field(default_factory=time.monotonic)
    process: psutil.Process = field(default_factory=psutil.Process)
    children: int = 0
    """The most that all children together had."""
    told: tuple[str, int] = ("", 0)

    def follow(self, event: Event) -> None:
        """Look at what a stage says of itself."""
        if isinstance(event, StageStarted):
            self.tell(event.stage, 0, event.total)
        elif isinstance(event, StageProgress):
            if event.stage == "parse":
                self.children = max(self.children, self._children())
            step = event.done * STEPS // max(1, event.total)
            if self.told != (event.stage, step):
                self.tell(event.stage, event.done, event.total)
                self.told = event.stage, step

    def tell(self, stage: str, done: int, total: int) -> None:
        """One line."""
        held, seconds = self.held(), time.monotonic() - self.start
        put(
            f"{time.strftime('%H:%M:%S')} {self.documents} documents, {stage} {done} of {total},"
            f" after {seconds:.0f} s, {cpu():.0f} s of the processor: {held['resident']} MB resident,"
            f" {held['anonymous']} of them anonymous, peak {held['peak']}; children {self._children()}"
        )

    def held(self) -> Mapping[str, int]:
        """What the main process holds now, and held at most."""
        lines = (line.split() for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines())
        found = {line[0]: int(line[1]) >> 10 for line in lines if line[0] in ("VmRSS:", "RssAnon:")}
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
        return {"resident": found["VmRSS:"], "anonymous": found["RssAnon:"], "peak": peak}

    def _children(self) -> int:
        total = 0
        for child in self.process.children(recursive=True):
            try:
                total += child.memory_info().rss
            except psutil.NoSuchProcess:
                continue
        return total >> 20


def cpu() -> float:
    """Seconds of the processor, with those of children that have ended."""
    return sum(os.times()[:4])


def page(chance: random.Random, document: int, number: int, facts: int) -> str:
    """One page: a heading, sentences of facts, and a table."""
    thing = f"{chance.choice(NAMES)} {chr(65 + document % 26)}{document}-{number}"
    lines = [f"## {thing.capitalize()}", ""]
    for _ in range(facts):
        part, material = chance.choice(NAMES), chance.choice(MATERIALS)
        lines.append(
            f"The {part} of the {thing} is made of {material} and must be replaced every {chance.randint(100, 9000)} "
            f"hours because it wears at {chance.randint(20, 400)} degrees."
        )
    lines += ["", "| Property | Value |", "|---|---|", f"| Mass | {chance.randint(1, 90)} kg |"]
    return "\n".join([*lines, f"| Flow | {chance.randint(1, 900)} L/h |", ""])


def write(folder: Path, documents: int, pages: int, facts: int) -> Path:
    """The documents, the same ones whenever asked."""
    folder.mkdir(parents=True)
    for document in range(documents):
        chance = random.Random(document)
        text = "\n".join(page(chance, document, number, facts) for number in range(pages))
        (folder / f"{document:05}.md").write_text(f"# Manual {document}\n\n{text}", encoding="utf-8")
    return folder


def build(folder: Path, documents: int, pages: int, facts: int, note: Path) -> None:
    """Build one project and write down what it took."""
    models.open_embedder = lambda spec="default": Embedder()
    target = prepared([write(folder / "docs", documents, pages, facts)], folder / "out", generate__per_chunk=2)
    watch = Watch(documents)

    async def follow() -> None:
        async for event in pipeline.build(target, target.settings()):
            watch.follow(event)

    asyncio.run(follow())
    seconds = time.monotonic() - watch.start
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    counts = {name: manifest["counts"][name] for name in ("chunks", "passages", "clues", "made", "kept")}
    found = {
        "documents": documents,
        "seconds": round(seconds, 1),
        "cpu": round(cpu(), 1),
        "stages": manifest["seconds"],
        **watch.held(),
        "children": watch.children,
        "largest child": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10,
        "graph": bytes_of(counts["passages"], HashEmbedder.dimension) >> 20,
    }
    note.write_text(json.dumps(found | counts), encoding="utf-8")


def put(line: str) -> None:
    """One line, seen at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def compare(small: Mapping[str, Any], large: Mapping[str, Any]) -> None:
    """The figures that count."""
    more = large["documents"] - small["documents"]
    without = [one["peak"] - one["graph"] for one in (small, large)]
    put(f"peak memory {large['peak']} MB of {small['peak']} MB: {large['peak'] / small['peak']:.2f} times")
    put(f"without the graph of the vectors {without[1]} MB of {without[0]} MB: {without[1] / without[0]:.2f} times")
    put(
        f"each further document: {1024 * (large['peak'] - small['peak']) / more:.1f} KB,"
        f" without the graph {1024 * (without[1] - without[0]) / more:.1f} KB"
    )
    for name in ("seconds", "cpu"):
        pace = [one[name] / one["documents"] for one in (small, large)]
        put(f"{name} per document {pace[1]:.2f} of {pace[0]:.2f}: {pace[1] / pace[0]:.2f} times")


def main() -> None:
    """Measure both sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=20)
    parser.add_argument("--facts", type=int, default=14, help="Sentences of a page; each tells a fact.")
    chosen = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        for documents in (chosen.documents // SMALL, chosen.documents):
            place, note = Path(folder) / str(documents), Path(folder) / f"{documents}.json"
            work = multiprocessing.get_context("fork").Process(
                target=build, args=(place, documents, chosen.pages, chosen.facts, note)
            )
            work.start()
            work.join()
            found.append(json.loads(note.read_text(encoding="utf-8")))
            put(json.dumps(found[-1]))
    compare(*found)


if __name__ == "__main__":
    main()
