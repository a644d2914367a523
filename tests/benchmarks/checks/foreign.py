"""What the audit of a dataset made elsewhere keeps of right rows and catches of wrong ones.

    python -m tests.benchmarks.checks.foreign PROJECT [--show KIND]

Every accepted sample of a project is taken for a row of another tool: the conversation alone, without its evidence. The
audit has to find what it stands on, and should let it pass; then it is made wrong in each way that its answer allows.
Prints how many of each kind were turned down and by which check; `--show` lists those judged wrongly.
"""

from __future__ import annotations

import sys
from collections import Counter, defaultdict
from dataclasses import replace

from doc2data.checks import check_batch
from doc2data.recipes.surroundings import Surroundings
from doc2data.records import RecipeRef, Sample
from doc2data.stages.checking import context
from doc2data.stages.grounding import UNKNOWN, ground
from tests.benchmarks.checks.made import KINDS, corrupted
from tests.benchmarks.checks.made_project import named_project


def bare(sample: Sample) -> Sample:
    """The sample as a row of another tool holds it."""
    kind = (
        "dialogue" if sum(m.role == "assistant" for m in sample.messages) > 1 else "cot" if sample.reasoning else "qa"
    )
    return replace(
        sample, kind=kind, language=UNKNOWN, evidence=(), turns=(), clues=(), recipe=RecipeRef("imported", 1)
    )


def main() -> None:
    """Measure one project."""
    with named_project(__doc__) as made:
        around = Surroundings(made.desk)
        samples = [sample for sample in made.accepted() if sample.kind in (*KINDS, "unanswerable")]
        cases = [(f"right {sample.kind}", bare(sample)) for sample in samples]
        cases += [
            (kind, bare(wrong))
            for sample in samples
            if sample.kind in KINDS and sample.evidence
            for kind, wrong in corrupted(sample, around)
        ]
        languages = {row.name: row.language for row in made.corpus.documents.values()}
        rows = ground([sample for _, sample in cases], made.shop.index.search_many, languages)
        found = check_batch(rows, context(made.shop, made.corpus))
    by_kind: dict[str, list[str]] = defaultdict(list)
    for (kind, _), row, verdicts in zip(cases, rows, found, strict=True):
        failed = next((verdict for verdict in verdicts if not verdict.passed), None)
        by_kind[kind].append(failed.check if failed else "")
        if kind == made.show and (failed is None) == (not kind.startswith("right")):
            quotes = "\n    ".join(e.quote for e in row.evidence)
            sys.stdout.write(
                f"Q {row.question}\nA {row.answer}\n    {quotes}\n  > {failed.reason if failed else 'passed'}\n"
            )
    for kind, checks in sorted(by_kind.items()):
        caught = Counter(filter(None, checks))
        word = "rejected" if kind.startswith("right") else "caught"
        by_check = ", ".join(f"{check} {n}" for check, n in caught.most_common())
        sys.stdout.write(f"{kind:20} {len(checks):6} {word} {caught.total() / len(checks):7.2%}   {by_check}\n")


if __name__ == "__main__":
    main()
