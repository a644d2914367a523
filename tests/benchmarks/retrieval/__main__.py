"""Recall of the index and of each of its sides on public question sets.

    python -m tests.benchmarks.retrieval --corpora DIR [--questions 1200] [--set NAME]

Prints one row per set: passages, R@1 and R@5 by vectors, by words, fused, what fusing gains in R@5 over the better
side, and the dense share that the corpus taught.
"""

from __future__ import annotations

import argparse
import sqlite3
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import models
from doc2data.index import Index
from doc2data.records import Hit, Passage, content_id
from doc2data.store.lexical import Lexical
from tests.benchmarks.corpora import Question, QuestionSet, question_sets

DEPTHS = (1, 5)
BATCH = 64
SEARCHED = 100


def measure(questions: QuestionSet, asked: Sequence[Question], embedder: models.Embedder) -> str:
    """One row of the table."""
    with tempfile.TemporaryDirectory() as folder, sqlite3.connect(":memory:") as connection:
        passages = [_passage(i, text) for i, text in enumerate(questions.passages)]
        known = {passage.id: passage for passage in passages}
        index = Index(Path(folder), embedder, Lexical(connection), lambda ids: [known[id] for id in ids])
        started = time.perf_counter()
        index.add(passages)
        indexed = time.perf_counter() - started
        weight = index.learn().of(questions.language)
        started = time.perf_counter()
        hits = [
            found
            for start in range(0, len(asked), BATCH)
            for found in index.search_many([q.text for q in asked[start : start + BATCH]], SEARCHED)
        ]
        searched = (time.perf_counter() - started) / len(asked)
    wanted = [passages[q.passage].id for q in asked]
    sides = [_recalls([_rank(h, w, side) for h, w in zip(hits, wanted, strict=True)]) for side in range(3)]
    columns = [" / ".join(f"{recall:.3f}" for recall in side) for side in sides]
    gain = sides[2][-1] - max(side[-1] for side in sides[:2])
    return (
        f"{questions.name:24} {len(passages):6} {columns[0]:>13} {columns[1]:>13} {columns[2]:>13}"
        f" {gain:+6.3f} {weight.dense:6.2f} {indexed:8.0f} {1000 * searched:6.1f}"
    )


def _passage(number: int, text: str) -> Passage:
    return Passage(content_id(number, text), "set", "", (), None, 0, len(text), text)


def _rank(hits: Sequence[Hit], wanted: str, side: int) -> int:
    """Rank by vectors (0), by words (1) or fused (2); a large number where it is not among the hits."""
    for fused, hit in enumerate(hits, 1):
        if hit.passage.id == wanted:
            return (hit.dense_rank or SEARCHED + 1, hit.lexical_rank or SEARCHED + 1, fused)[side]
    return SEARCHED + 1


def _recalls(ranks: Sequence[int]) -> list[float]:
    return [sum(rank <= depth for rank in ranks) / len(ranks) for depth in DEPTHS]


def main() -> None:
    """Measure every set below the folder."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--corpora", type=Path, required=True)
    options.add_argument("--questions", type=int, default=1200)
    options.add_argument("--set", default="", help="only sets whose name holds this")
    given = options.parse_args()
    embedder = models.open_embedder()
    sys.stdout.write(f"{'set':24} passag.         dense       lexical         fused   gain  share  index s  ms/query\n")
    for questions in question_sets(given.corpora, given.set):
        sys.stdout.write(measure(questions, questions.sample(given.questions), embedder) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
