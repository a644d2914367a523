"""Greedy replies in a batch against the same ones alone, token by token: `python -m tests.benchmarks.engine.agreement`.

The same requests in the same order make the same batches and give the same tokens. In other company the sums of a row
are added up in another order: logits differ in their last bits, and where two tokens are nearly as likely the other
one may win; from there on the replies differ. What is printed says how often, and how near the two likeliest tokens
were at the place where replies part, against how near they are in the middle. Random weights are the worst case: their
logits are flat.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from models import Request
from models.llama.native import Sampler
from models.llama.prefixes import common_prefix
from models.llama.tasks import Task, Writing
from tests.benchmarks.engine import workload
from tests.benchmarks.engine.contenders import answers, serving


@dataclass(frozen=True, slots=True)
class Written:
    """A reply."""

    tokens: list[int]
    """All after the prompt, forced ones too."""
    margins: list[float]
    """Of each drawn token: its logit less that of the next likeliest."""
    places: list[int]
    """Of each drawn token: how many tokens were there before it."""


def main() -> None:
    """Print the shares of replies and tokens that agree."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--vocabulary", type=int, default=32_000, help="tokens of the model")
    parser.add_argument("--layers", type=int, default=28, help="layers of the model")
    parser.add_argument("--passages", type=int, default=1, help="passages, eight requests each")
    options = parser.parse_args()
    path = workload.model(Path(tempfile.gettempdir()), options.vocabulary, options.layers)
    requests = [
        replace(request, sampling=replace(request.sampling, temperature=0.0))
        for request in workload.requests(workload.Workload(options.passages), structured=True)
    ]
    together = _written(path, [requests])
    again = _written(path, [requests])
    alone = _written(path, [[request] for request in requests])
    _report("the same batch again", together, again)
    _report("each alone", together, alone)


def _written(path: Path, groups: list[list[Request]]) -> list[Written]:
    """Run groups one after another; what was written for each request, in order."""
    service, out = serving(path)
    tasks: list[Writing] = []
    margins: dict[int, list[tuple[int, float]]] = {}
    scheduler, memory = service.scheduler, service.scheduler.memory
    add, draw = scheduler.add, memory.draw

    def noted(task: Task) -> None:
        assert isinstance(task, Writing)
        tasks.append(task)
        add(task)

    def measured(sampler: Sampler, row: int) -> int:
        best = np.partition(memory.logits(row), -2)[-2:]
        writing = next(task for task in tasks if task.sampler is sampler)
        margins.setdefault(writing.number, []).append((len(writing.tokens), float(best[1] - best[0])))
        return draw(sampler, row)

    scheduler.add, memory.draw = noted, measured  # type: ignore[method-assign]
    first: list[Writing] = []
    for group in groups:
        begin = len(tasks)
        answers(service, out, group)
        # Further attempts, at replies that were cut, come after.
        first += tasks[begin : begin + len(group)]
    return [
        Written(
            task.tokens[len(task.prompt) :],
            [margin for _, margin in margins[task.number]],
            [length - len(task.prompt) for length, _ in margins[task.number]],
        )
        for task in first
    ]


def _report(what: str, some: list[Written], others: list[Written]) -> None:
    pairs = list(zip(some, others, strict=True))
    same = sum(one.tokens == other.tokens for one, other in pairs)
    agreed = [common_prefix(one.tokens, other.tokens) for one, other in pairs]
    parted = [(one, length) for (one, other), length in zip(pairs, agreed, strict=True) if one.tokens != other.tokens]
    parting = [_margin(one, length) for one, length in parted]
    usual = statistics.median(margin for one in some for margin in one.margins)
    total = sum(len(one.tokens) for one in some)
    sys.stdout.write(
        f"{what}: {same} of {len(pairs)} replies agree, {sum(agreed) / total:.0%} of {total} tokens before the first "
        f"difference; margin in the middle {usual:.3f}"
    )
    sys.stdout.write(f", where replies part {statistics.median(parting):.3f}\n" if parting else "\n")


def _margin(one: Written, length: int) -> float:
    """Of the draw that gave the token at a place, which may have come with forced ones."""
    last = max(place for place in one.places if place <= length)
    return min(margin for margin, place in zip(one.margins, one.places, strict=True) if place == last)


if __name__ == "__main__":
    main()
