"""What the checks catch of samples made wrong on purpose, and what they cost in right ones.

    python -m tests.benchmarks.checks --corpora DIR [--size 400] [--show KIND] [--rules-only]

Prints for each set and corruption how many were caught, and of the untouched how many were rejected by which check.
Retrieval is not part of it (see tests.benchmarks.retrieval); `--show` lists the cases that went wrong.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path

import models
from doc2data.checks import CHECKS, CheckContext, check_batch
from doc2data.records import Verdict
from tests.benchmarks.checks.cases import Case, case, corruptions, rights, vague, with_question
from tests.benchmarks.checks.context import embedding, no_search
from tests.benchmarks.corpora import QuestionSet, question_sets

WITHOUT_INDEX = [name for name in CHECKS if name != "retrievability"]
VAGUE_CHECKS = ["selfcontained"]
BESIDE_THE_PAGE = ("policyqa",)
"""Sets whose questions were asked with the page at hand ("Do they share my data?"): not right by themselves, so
what self-containedness says of them is no error, and is not counted as one."""


def cases(questions: QuestionSet, size: int, seed: int) -> list[Case]:
    """Untouched and corrupted samples of one set."""
    draw = random.Random(seed)
    found = list(rights(questions, size, seed))
    made = []
    for right in found:
        document = str(right.passage)
        untouched = case("untouched", right, document, right.answer)
        made.append(untouched)
        made += [case(kind, right, document, wrong) for kind, wrong in corruptions(right, found, draw)]
        if question := vague(right):
            made.append(with_question(untouched, question))
    return made


def judge(questions: QuestionSet, made: Sequence[Case], embedder: models.Embedder | None) -> list[Verdict | None]:
    """The first failed verdict of each case, or None where it passed."""
    context = CheckContext(lambda name: questions.passages[int(name)], no_search, embedding(embedder))
    answers = check_batch([one.sample for one in made], context, [n for n in WITHOUT_INDEX if n != "selfcontained"])
    asked = check_batch([one.sample for one in made], context, VAGUE_CHECKS)
    alone = not questions.name.startswith(BESIDE_THE_PAGE)
    with_question = {"vague", "untouched"} if alone else {"vague"}
    both = [(*b, *a) if one.kind in with_question else a for one, a, b in zip(made, answers, asked, strict=True)]
    return [next((v for v in verdicts if not v.passed), None) for verdicts in both]


def report(name: str, made: Sequence[Case], found: Sequence[Verdict | None], seconds: float) -> str:
    """The rows of one set."""
    by_kind: dict[str, list[Verdict | None]] = defaultdict(list)
    for one, verdict in zip(made, found, strict=True):
        by_kind[one.kind].append(verdict)
    lines = [f"{name} ({1000 * seconds / max(1, len(made)):.1f} ms a sample)"]
    for kind, verdicts in by_kind.items():
        caught = Counter(v.check for v in verdicts if v)
        share = sum(caught.values()) / len(verdicts)
        by_check = ", ".join(f"{check} {n}" for check, n in caught.most_common())
        word = "rejected" if kind == "untouched" else "caught"
        lines.append(f"  {kind:12} {len(verdicts):6} {word} {share:7.2%}   {by_check}")
    return "\n".join(lines)


def shown(kind: str, made: Sequence[Case], found: Sequence[Verdict | None]) -> str:
    """The cases of a kind that went wrong: right ones rejected, wrong ones passed."""
    rows = []
    for one, verdict in zip(made, found, strict=True):
        if one.kind == kind and (verdict is not None) == (kind == "untouched"):
            rows.append(f"  Q {one.sample.question}\n  A {one.sample.answer}\n  E {one.sample.evidence[0].quote}")
            rows.append(f"  > {verdict.reason if verdict else 'passed'}\n")
    return "\n".join(rows)


def main() -> None:
    """Measure every set that gives answers with their places."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--corpora", type=Path, required=True)
    options.add_argument("--size", type=int, default=400)
    options.add_argument("--seed", type=int, default=0, help="another one draws other questions")
    options.add_argument("--set", default="")
    options.add_argument("--show", default="")
    options.add_argument("--rules-only", action="store_true", help="no embedder: nothing passes as a paraphrase")
    given = options.parse_args()
    embedder = None if given.rules_only else models.open_embedder()
    for questions in question_sets(given.corpora, given.set):
        if not (made := cases(questions, given.size, given.seed)):
            continue
        started = time.perf_counter()
        found = judge(questions, made, embedder)
        sys.stdout.write(report(questions.name, made, found, time.perf_counter() - started) + "\n")
        if given.show:
            sys.stdout.write(shown(given.show, made, found) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
