"""How near the engine comes to what llama.cpp can do here, and where the rest goes.

    python -m tests.benchmarks.engine.ceiling --vocabulary 152000

The ceiling is the CPU time of the same work at the best rates of the same model in the same process: the prompt's
tokens, shared ones once, at the rate of long prompts, and the drawn tokens at the rate of the best batch over 640
tokens of context. The other bounds are the same with more live cells, since llama.cpp lets every row attend over all
of them, those of other sequences too: a passage of 600 tokens with eight replies half-way has about 1,100. The share
of the time that is not llama.cpp's decoding is told apart: drawing (llama.cpp's samplers), and structure and Python.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from models.llama.native import Memory, Row
from models.llama.prefixes import PrefixTree
from models.llama.service import Service
from models.llama.tasks import Task, Writing
from tests.benchmarks.engine import workload
from tests.benchmarks.engine.contenders import answers, serving

_CONTEXT = 640
_PROMPT = 512
_BATCHES = (1, 4, 8, 16, 32)
_CELLS = (640, 1024, 1536, 2048)
_REPEATS = 3


@dataclass(slots=True)
class Clock:
    """CPU seconds by what they went into."""

    spent: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def on(self, what: str) -> Iterator[None]:
        """Count what runs inside."""
        start = time.process_time()
        yield
        self.spent[what] = self.spent.get(what, 0.0) + time.process_time() - start

    def watch(self, owner: Any, method: str) -> None:
        """Count every call of a method."""
        plain = getattr(owner, method)

        def watched(*arguments: Any) -> Any:
            with self.on(method):
                return plain(*arguments)

        setattr(owner, method, watched)


def main() -> None:
    """Print rates, costs of a step, the ceiling and the shares."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--vocabulary", type=int, default=32_000, help="tokens of the model")
    parser.add_argument("--passages", type=int, default=2, help="passages, eight requests each")
    parser.add_argument("--text", action="store_true", help="free text instead of a structure")
    options = parser.parse_args()
    model = workload.model(Path(tempfile.gettempdir()), options.vocabulary, 28)
    requests = list(workload.requests(workload.Workload(options.passages), structured=not options.text))
    service, out = serving(model)
    costs = _costs(service.scheduler.memory)
    clock, tree = Clock(), PrefixTree()
    clock.watch(service.scheduler.memory, "read")
    clock.watch(service.scheduler.memory, "draw")
    add = service.scheduler.add

    def noted(task: Task) -> None:
        assert isinstance(task, Writing)
        tree.add(task.number, task.prompt)
        add(task)

    service.scheduler.add = noted  # type: ignore[method-assign]
    with clock.on("all"):
        replies = answers(service, out, requests)
    _report(clock.spent, costs, Work(tree.cells, sum(reply.generated_tokens for reply in replies), service))


@dataclass(frozen=True, slots=True)
class Costs:
    """CPU seconds."""

    prompt_row: float
    """One row of a long prompt."""
    step: dict[tuple[int, int], float]
    """One batch, by rows and cells."""


@dataclass(frozen=True, slots=True)
class Work:
    """What was done."""

    prompt: int
    """Tokens of all prompts, shared ones once."""
    drawn: int
    """Tokens that were drawn."""
    service: Service


def _report(spent: dict[str, float], costs: Costs, work: Work) -> None:
    everything, decoding = spent["all"], spent["read"]
    rows = work.service.scheduler.prompt_rows + work.service.scheduler.reply_rows
    say = sys.stdout.write
    say("ms a row, by rows of a step and live cells\n")
    say("      " + "".join(f"{cells:>8}" for cells in _CELLS) + "\n")
    for batch in _BATCHES:
        if (batch, _CELLS[0]) in costs.step:
            say(f"{batch:>6}" + "".join(f"{1000 * costs.step[batch, cells] / batch:>8.2f}" for cells in _CELLS) + "\n")
    say(f"  {_PROMPT} rows of a prompt: {1000 * costs.prompt_row:.2f}\n\n")
    say(f"{work.prompt} prompt tokens, {work.drawn} drawn, {rows} rows in {work.service.scheduler.steps} steps\n")
    for cells in _CELLS:
        row = min(seconds / batch for (batch, live), seconds in costs.step.items() if live == cells)
        bound = work.prompt * costs.prompt_row + work.drawn * row
        say(f"bound with {cells:>4} live cells {bound:>7.2f} s, reached {bound / everything:.0%}\n")
    python = everything - decoding - spent["draw"]
    say(f"took {everything:.2f} s: decoding {decoding / everything:.1%}, drawing {spent['draw'] / everything:.1%}, ")
    say(f"structure and Python {python / everything:.1%}\n")


def _costs(memory: Memory) -> Costs:
    """Measure with sequences that all share what is in memory."""
    holder, held, prompts = memory.sequences - 1, 0, []
    step: dict[tuple[int, int], float] = {}
    for _ in range(_REPEATS):
        prompts.append(_timed(lambda: _read(memory, holder, 0, _PROMPT)) / _PROMPT)
        memory.drop(holder)
    for cells in _CELLS:
        # Cells are attended over in parts of 256: the batch itself is to fit into the last part.
        target = cells - max(_BATCHES)
        for begin in range(held, target, _PROMPT):
            _read(memory, holder, begin, min(_PROMPT, target - begin))
        held = target
        for batch in (size for size in _BATCHES if size < memory.sequences):
            step[batch, cells] = statistics.median(_step(memory, holder, batch, held) for _ in range(_REPEATS))
    memory.drop(holder)
    return Costs(statistics.median(prompts), step)


def _read(memory: Memory, sequence: int, begin: int, length: int) -> None:
    memory.read([Row(300 + position % 1000, position, sequence, False) for position in range(begin, begin + length)])


def _step(memory: Memory, holder: int, batch: int, held: int) -> float:
    for sequence in range(batch):
        memory.share(holder, sequence, held)
    rows = [Row(300 + sequence, held, sequence, True) for sequence in range(batch)]
    seconds = _timed(lambda: memory.read(rows))
    for sequence in range(batch):
        memory.drop(sequence)
    return seconds


def _timed(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
