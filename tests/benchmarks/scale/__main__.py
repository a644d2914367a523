"""Memory and time per document of a run by rule, after a twentieth of the documents and after all.

    python -m tests.benchmarks.scale [--documents 2000] [--pages 20]

Documents are made up, each of so many pages of text with facts, key values and a table. Two projects are built, each
in a process of its own: one of a twentieth of the documents, one of all. Prints for both the resident memory of the
main process at the end of each stage, its peak, and the seconds per document, then the two figures that count: the
ratio of the peaks (aim: 1.3) and of the times per document (aim: within 10 %). The embedder is one without a model,
so that the product's own share is measured.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import multiprocessing
import random
import resource
import sys
import tempfile
import time
from pathlib import Path

import psutil

import models
from doc2data import pipeline
from doc2data.events import StageStarted
from tests.index.doubles import HashEmbedder
from tests.pipeline.corpus import prepared

NAMES = ("valve", "pump", "seal", "motor", "filter", "sensor", "relay", "gasket", "rotor", "nozzle", "clutch", "gauge")
MATERIALS = ("steel", "brass", "ceramic", "carbon", "bronze", "glass")
SENTENCES_OF_A_PAGE = 14


def page(chance: random.Random, document: int, number: int) -> str:
    """One page: a heading, sentences of facts, and a table."""
    thing = f"{chance.choice(NAMES)} {chr(65 + document % 26)}{document}-{number}"
    lines = [f"## {thing.capitalize()}", ""]
    for _ in range(SENTENCES_OF_A_PAGE):
        part, material = chance.choice(NAMES), chance.choice(MATERIALS)
        lines.append(
            f"The {part} of the {thing} is made of {material} and must be replaced every {chance.randint(100, 9000)} "
            f"hours because it wears at {chance.randint(20, 400)} degrees."
        )
    lines += ["", "| Property | Value |", "|---|---|", f"| Mass | {chance.randint(1, 90)} kg |"]
    return "\n".join([*lines, f"| Flow | {chance.randint(1, 900)} L/h |", ""])


def write(folder: Path, documents: int, pages: int) -> Path:
    """The documents, the same ones whenever asked."""
    folder.mkdir(parents=True)
    for document in range(documents):
        chance = random.Random(document)
        text = "\n".join(page(chance, document, number) for number in range(pages))
        (folder / f"{document:05}.md").write_text(f"# Manual {document}\n\n{text}", encoding="utf-8")
    return folder


def build(folder: Path, documents: int, pages: int, note: Path) -> None:
    """Build one project and write down what it took."""
    models.open_embedder = lambda spec="default": HashEmbedder()
    target = prepared([write(folder / "docs", documents, pages)], folder / "out", generate__per_chunk=2)
    resident, process = {}, psutil.Process()
    start = time.monotonic()

    async def follow() -> None:
        stage = "start"
        async for event in pipeline.build(target, target.settings()):
            if isinstance(event, StageStarted):
                resident[stage] = process.memory_info().rss >> 20
                stage = event.stage
        resident[stage] = process.memory_info().rss >> 20

    asyncio.run(follow())
    seconds = time.monotonic() - start
    manifest = json.loads(target.manifest.read_text(encoding="utf-8"))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    counts = {name: manifest["counts"][name] for name in ("passages", "clues", "made", "kept")}
    found = {
        "documents": documents,
        "seconds": seconds,
        "stages": manifest["seconds"],
        "resident": resident,
        "peak": peak,
    }
    note.write_text(json.dumps(found | counts), encoding="utf-8")


def main() -> None:
    """Measure both sizes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=2000)
    parser.add_argument("--pages", type=int, default=20)
    chosen = parser.parse_args()
    found = []
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        for documents in (chosen.documents // 20, chosen.documents):
            place, note = Path(folder) / str(documents), Path(folder) / f"{documents}.json"
            work = multiprocessing.get_context("fork").Process(
                target=build, args=(place, documents, chosen.pages, note)
            )
            work.start()
            work.join()
            found.append(json.loads(note.read_text(encoding="utf-8")))
            sys.stdout.write(json.dumps(found[-1]) + "\n")
            sys.stdout.flush()
    small, large = found
    pace = [one["seconds"] / one["documents"] for one in found]
    sys.stdout.write(
        f"peak memory {large['peak']} MB of {small['peak']} MB: {large['peak'] / small['peak']:.2f} times\n"
        f"seconds per document {pace[1]:.2f} of {pace[0]:.2f}: {pace[1] / pace[0]:.2f} times\n"
    )


if __name__ == "__main__":
    main()
