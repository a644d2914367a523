"""Whether joined questions that can do without a clue are told from those that need each of theirs.

    python -m tests.benchmarks.checks.necessity PROJECT [--show]

Every chain of a project that rules word and keep as a question is made one that needs a clue less, in three ways: the
first clue tells the answer as well, the last clue tells which thing is meant as well, or the question names the thing.
Those should be caught. It is also given a sentence that has nothing to do with it, beside its first or its last clue:
that makes no clue needless, and should be left alone. `--show` lists what went wrong.
"""

from __future__ import annotations

import random
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from doc2data.graph import Chain
from doc2data.recipes import necessity
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Desk
from doc2data.recipes.hops import Written, wording
from doc2data.recipes.multihop import MultiHop
from doc2data.recipes.necessity import Joined
from doc2data.records import Clue
from tests.benchmarks.checks.made_project import named_project


def kept(desk: Desk, known: Atlas) -> Iterator[Joined]:
    """One question per chain that the recipe would keep."""
    seed = desk.settings.generate.seed
    for job in MultiHop().plan(desk):
        if "bridges" not in job.params:
            continue
        chain = Chain(job.clues, tuple(job.params["bridges"]))
        clues = tuple(known.graph.clues[clue] for clue in chain.clues)
        made = (
            Joined(written, clues, chain.bridges)
            for written in wording(known, job.params["language"]).write(chain, seed)
        )
        if found := next((one for one in made if not necessity.objection(one, known, desk)), None):
            yield found


def needless(joined: Joined) -> Iterator[tuple[str, Joined]]:
    """The same question with a clue that it can do without."""
    written, clues = joined.written, joined.clues
    yield "answer in the first clue", saying(joined, 0, written.answer)
    if not written.hop_rows[0]:
        yield "meaning in the last clue", saying(joined, len(clues) - 1, clues[0].quote)
        described, thing = written.descriptions[0], written.bridges[0]
        if described in written.question:
            yield "named in the question", replace(joined, written=naming(written, described, thing))


def saying(joined: Joined, at: int, text: str) -> Joined:
    """The same with a text behind one of its clues."""
    clues = [replace(c, quote=f"{c.quote} {text}") if i == at else c for i, c in enumerate(joined.clues)]
    return replace(joined, clues=tuple(clues))


def naming(written: Written, described: str, thing: str) -> Written:
    """The same with the first thing called by its name."""
    question = written.question.replace(described, thing)
    return replace(written, question=question, descriptions=(thing, *written.descriptions[1:]))


def unrelated(joined: Joined, clues: Sequence[Clue], draw: random.Random) -> str:
    """A sentence of another document that shares no number, code or bridge with the question or its answer."""
    own = necessity.facts(" ".join((joined.written.question, joined.written.answer, *joined.written.bridges)))
    documents = {clue.document for clue in joined.clues}
    others = [c for c in clues if c.document not in documents and not own & necessity.facts(c.quote)]
    return draw.choice(others).quote if others else ""


def cases(desk: Desk, known: Atlas) -> Iterator[tuple[str, Joined]]:
    """Every kept question in each way, with whether it lacks need or not."""
    every = list(known.graph.clues.values())
    for joined in kept(desk, known):
        draw = random.Random(joined.written.question)
        yield from needless(joined)
        if text := unrelated(joined, every, draw):
            yield "left: sentence beside the first", saying(joined, 0, text)
            yield "left: sentence beside the last", saying(joined, len(joined.clues) - 1, text)


def main() -> None:
    """Measure one project."""
    with named_project(__doc__) as made:
        desk, known = made.desk, atlas(made.corpus)
        found: dict[str, list[bool]] = defaultdict(list)
        for kind, joined in cases(desk, known):
            objection = necessity.objection(joined, known, desk)
            found[kind].append(bool(objection))
            if made.show and bool(objection) == kind.startswith("left:"):
                quotes = "\n    ".join(clue.quote for clue in joined.clues)
                sys.stdout.write(f"{kind}: {joined.written.question} | {joined.written.answer}\n    {quotes}\n")
                sys.stdout.write(f"    > {objection or 'passed'}\n")
    for kind, objections in found.items():
        word = "refused" if kind.startswith("left:") else "caught"
        sys.stdout.write(f"{kind:32} {len(objections):5} {word} {sum(objections) / len(objections):7.2%}\n")


if __name__ == "__main__":
    main()
