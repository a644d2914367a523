"""The support check on answers written by hand: right ones in other words, and wrong ones close to the right.

Those of the kind `joined` tell two or three sentences of their evidence in one.

    python -m tests.benchmarks.checks.answers [--rules-only]

Prints how many of each were judged as they should be, and lists the others.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import models
from doc2data.checks import CheckContext, check_batch
from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample
from tests.benchmarks.checks.context import embedding, no_search

FILE = Path(__file__).with_name("answers.jsonl")


def sample(row: Mapping[str, Any]) -> Sample:
    """A sample around one row of the file."""
    given = row["evidence"]
    quotes = [given] if isinstance(given, str) else given
    return Sample(
        id="",
        kind="qa",
        language=row["language"],
        messages=(Message("user", row["question"]), Message("assistant", row["answer"])),
        evidence=tuple(Evidence("", "", None, (), 0, len(quote), quote) for quote in quotes),
        recipe=RecipeRef("qa", 1),
        made_by=MadeBy("rules", "rules", "", "", 0),
    )


def main() -> None:
    """Judge every row of the file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rules-only", action="store_true", help="no embedder: nothing passes as a paraphrase")
    embedder = None if options.parse_args().rules_only else models.open_embedder()
    rows = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
    context = CheckContext(lambda name: "", no_search, embedding(embedder))
    found = [verdicts[0] for verdicts in check_batch([sample(row) for row in rows], context, ["support"])]
    for kind, right in ((kind, right) for kind in ("answer", "joined") for right in (True, False)):
        both = zip(rows, found, strict=True)
        judged = [(r, v) for r, v in both if r["right"] == right and r.get("kind", "answer") == kind]
        good = sum(verdict.passed == right for _, verdict in judged)
        word = "right ones passed" if right else "wrong ones caught"
        sys.stdout.write(f"{kind}, {word}: {good} of {len(judged)} ({good / len(judged):.1%})\n")
        for row, verdict in judged:
            if verdict.passed != right:
                sys.stdout.write(f"  {row['answer']}\n    of: {row['evidence']!r}\n    {verdict.reason}\n")


if __name__ == "__main__":
    main()
