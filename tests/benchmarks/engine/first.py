"""How long a user waits for the first sample: `python -m tests.benchmarks.engine.first`.

One build of documents with a model of half a billion random weights, told as a timeline in wall seconds since the
command began, and the same build once more with all vectors and replies kept. The model's file is read once before, so
that it lies in the page cache. It is like a trained one in what costs time: its strings end after some tens of tokens,
and its tokenizer knows the words of the documents.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from tests import tiny_gguf
from tests.benchmarks.engine import workload

_DOCUMENTS = Path("samples/documents/PL-400-parts-and-fluids.md")
_WORDS = Path("samples/source/manual.md")
_LAYERS, _ENDING = 46, 34.0
_RUN = """
import sys, time
began = time.perf_counter()
import asyncio, json
from contextlib import aclosing
from pathlib import Path

def main(out, model, documents):
    from doc2data import events, pipeline, project, sealing
    from doc2data.stages.reading import find_sources
    sealing.seal()
    def told(what):
        print(json.dumps([round(time.perf_counter() - began, 2), round(time.process_time(), 2), what]), flush=True)
    target, settings = project.prepare(Path(out), {"model.spec": model, "generate.recipes": ("qa",)})
    pipeline.set_sources(target, find_sources([Path(documents)]), "")
    told("the project is there")
    async def follow():
        async with aclosing(pipeline.build(target, settings, "first")) as run:
            async for event in run:
                match event:
                    case events.StageStarted(stage, total):
                        told(f"{stage}: {total}")
                    case events.ModelLoading(name, 1.0):
                        told("the model is loaded")
                    case events.SampleDrafted() | events.SampleJudged() | events.JobFailed():
                        return told(f"first sample: {type(event).__name__}")
    asyncio.run(follow())

if __name__ == "__main__":
    main(*sys.argv[1:])
"""


def main() -> None:
    """Print both timelines."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", type=Path, help="a GGUF; by default one of random weights is made")
    parser.add_argument("--layers", type=int, default=_LAYERS, help="layers of the model that is made")
    parser.add_argument("--documents", type=Path, default=_DOCUMENTS)
    parser.add_argument("--folder", type=Path, default=Path(tempfile.gettempdir()), help="where the model is made")
    options = parser.parse_args()
    model = options.model or _model(options.folder, options.layers)
    model.read_bytes()
    with tempfile.TemporaryDirectory() as out:
        script = Path(out) / "run.py"
        script.write_text(_RUN, encoding="utf-8")
        for title in ("the first time", "with vectors and replies kept"):
            sys.stdout.write(f"{title}\n{'wall s':>9}{'CPU s':>8}\n")
            command = [sys.executable, str(script), str(Path(out) / "project"), str(model), str(options.documents)]
            done = subprocess.run(command, capture_output=True, text=True, check=False, env=_environment())
            if done.returncode:
                raise SystemExit(done.stderr[-2000:])
            for line in done.stdout.splitlines():
                wall, cpu, what = json.loads(line)
                sys.stdout.write(f"{wall:>9.2f}{cpu:>8.2f}  {what}\n")


def _model(folder: Path, layers: int) -> Path:
    """A model that reads and writes about as many tokens as a trained one."""
    corpus = _WORDS.read_text(encoding="utf-8")
    shape = tiny_gguf.Shape(vocabulary=32_000, corpus=corpus, layers=layers, ending=_ENDING)
    return workload.made(folder / f"random-ending-{layers}.gguf", shape)


def _environment() -> dict[str, str]:
    import os

    return os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, [str(Path.cwd()), os.environ.get("PYTHONPATH")]))}


if __name__ == "__main__":
    main()
