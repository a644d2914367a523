"""The support check on answers written by hand: right ones in other words, and wrong ones close to the right.

Those of the kind `joined` tell two or three sentences of their evidence in one; `invented` ones are right but for a
clause that their evidence does not state, `reworded` ones say it in words of their own, `off` ones say something else.
Those in `held.jsonl` are counted alone and never listed: whoever looks at them to mend the check needs new ones.

    python -m tests.benchmarks.checks.answers [--rules-only] [--corpora DIR]

Prints how many of each were judged as they should be, and lists the others. With `--corpora` come the right and the
hallucinated answers of HaluEval (2305.11747), `halueval/qa_*.json` below that folder, which are counted alone.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import models
from doc2data.checks import CheckContext, check_batch
from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample
from tests.benchmarks.checks.context import embedding, no_search

FILE = Path(__file__).with_name("answers.jsonl")
HELD = Path(__file__).with_name("held.jsonl")


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


def read(file: Path) -> Iterator[dict[str, Any]]:
    """The rows of one list."""
    yield from map(json.loads, file.read_text(encoding="utf-8").splitlines())


def halueval(folder: Path) -> Iterator[dict[str, Any]]:
    """Each question of HaluEval with its right answer and with its hallucinated one."""
    for file in sorted((folder / "halueval").glob("qa_*.json")):
        for line in filter(str.strip, file.read_text(encoding="utf-8").splitlines()):
            row = json.loads(line)
            told = {"language": "en", "evidence": row["knowledge"], "question": row["question"], "kind": "halueval"}
            yield {**told, "answer": row["right_answer"], "right": True}
            yield {**told, "answer": row["hallucinated_answer"], "right": False}


def main() -> None:
    """Judge every row of the file."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--rules-only", action="store_true", help="no embedder: nothing passes as a paraphrase")
    options.add_argument("--corpora", type=Path)
    asked = options.parse_args()
    embedder = None if asked.rules_only else models.open_embedder()
    rows = list(read(FILE))
    rows += ({**row, "kind": f"{row['kind']}, held out"} for row in read(HELD))
    listed = {row.get("kind", "answer") for row in read(FILE)}
    rows += halueval(asked.corpora) if asked.corpora else ()
    context = CheckContext(lambda name: "", no_search, embedding(embedder))
    found = [verdicts[0] for verdicts in check_batch([sample(row) for row in rows], context, ["support"])]
    kinds = dict.fromkeys(row.get("kind", "answer") for row in rows)
    for kind, right in ((kind, right) for kind in kinds for right in (True, False)):
        both = zip(rows, found, strict=True)
        judged = [(r, v) for r, v in both if r["right"] == right and r.get("kind", "answer") == kind]
        if not judged:
            continue
        good = sum(verdict.passed == right for _, verdict in judged)
        word = "right ones passed" if right else "wrong ones caught"
        sys.stdout.write(f"{kind}, {word}: {good} of {len(judged)} ({good / len(judged):.1%})\n")
        for row, verdict in judged:
            if verdict.passed != right and kind in listed:
                sys.stdout.write(f"  {row['answer']}\n    of: {row['evidence']!r}\n    {verdict.reason}\n")


if __name__ == "__main__":
    main()
