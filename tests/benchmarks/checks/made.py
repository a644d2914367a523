"""What the checks catch of a project's own samples made wrong on purpose.

    python -m tests.benchmarks.checks.made PROJECT [--show KIND]

Every accepted sample is made wrong in each way that its answer allows, and goes through all checks again. Prints how
many were caught and by which check; `--show` lists those that passed. Of the samples as they are, none should fail.
"""

from __future__ import annotations

import random
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import replace

from doc2data.checks import check_batch
from doc2data.recipes.surroundings import Surroundings
from doc2data.records import Message, Sample
from doc2data.stages.checking import context
from doc2data.tasks.corruptions import OPERATORS
from tests.benchmarks.checks.made_project import named_project

KINDS = ("qa", "multihop", "cot", "dialogue", "partial")
"""Kinds whose last answer states facts, told or reckoned."""


def corrupted(sample: Sample, around: Surroundings) -> Iterator[tuple[str, Sample]]:
    """The sample with each kind of wrong answer."""
    draw = random.Random(sample.id)
    ground = around.ground(sample, draw)
    for kind, operator in OPERATORS.items():
        wrong = next(operator(ground, draw), None)
        if wrong is not None and wrong.answer != sample.answer:
            yield kind, replace(sample, messages=(*sample.messages[:-1], Message("assistant", wrong.answer)))


def main() -> None:
    """Measure one project."""
    with named_project(__doc__) as made:
        around = Surroundings(made.desk)
        samples = [sample for sample in made.accepted() if sample.kind in KINDS]
        cases = [("untouched", sample) for sample in samples if sample.rejected is None]
        cases += [case for _, sample in list(cases) for case in corrupted(sample, around)]
        found = check_batch([sample for _, sample in cases], context(made.shop, made.corpus))
    by_kind: dict[str, list[str]] = defaultdict(list)
    for (kind, sample), verdicts in zip(cases, found, strict=True):
        failed = next((verdict for verdict in verdicts if not verdict.passed), None)
        by_kind[kind].append(failed.check if failed else "")
        if kind == made.show and (failed is None) == (kind != "untouched"):
            reason = failed.reason if failed else "passed"
            quotes = " / ".join(e.quote for e in sample.evidence)
            sys.stdout.write(f"  Q {sample.question}\n  A {sample.answer}\n  E {quotes}\n  > {reason}\n\n")
    for kind, checks in by_kind.items():
        caught = Counter(filter(None, checks))
        word = "rejected" if kind == "untouched" else "caught"
        share = caught.total() / len(checks)
        by_check = ", ".join(f"{check} {n}" for check, n in caught.most_common())
        sys.stdout.write(f"{kind:18} {len(checks):6} {word} {share:7.2%}   {by_check}\n")


if __name__ == "__main__":
    main()
