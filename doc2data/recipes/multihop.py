"""multihop: one question that takes clues from several chunks, none of which can be left out.

The clues are a chain through the clue graph, a comparison of two things, or one thing's two properties; a hop over a
table's rows is reckoned by code. The question means every bridge without naming it; reasoning has one step per hop,
each on its clue or on rows of one table, and no two hops share a chunk. Chains and their place in RAGSynth and DRAGON
are due to 2505.10989; that each hop is needed is tested here by withholding it, as MuSiQue (2108.00573) asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from doc2data.graph import Chain, Fork, chains, spread
from doc2data.recipes import chaining, comparing, composing, necessity
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.forking import Forked, planned
from doc2data.recipes.hops import Written, identified, wording
from doc2data.recipes.necessity import Joined
from doc2data.recipes.problems import headers_of
from doc2data.records import Clue, Judged, Message, Sample, Step, content_id
from doc2data.tasks.joins.arithmetic import written as reckoned

VERSION = 4
HOPS = (2, 3, 4)
PER_BRIDGE = 4
"""Chains that end at one bridge, at most, for each length."""
PER_BRIDGE_WITH_MODEL = 4
"""With a model for all lengths together, each asking for another clue: it takes a request per hop and one more."""
LANGUAGES = ("en", CHINESE)


class MultiHop:
    """The recipe `multihop`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per chain, those over more documents and rarer bridges first."""
        known, seed = atlas(desk.corpus), desk.settings.generate.seed
        if desk.engine is not None:
            yield from _few(_for_model(known, seed), known, desk.settings.generate.per_chunk)
            for language in LANGUAGES:
                yield from (_compared_job(fork, language) for fork in comparing.forks(known, language, seed))
            return
        for language in LANGUAGES:
            for hops in HOPS:
                found = list(chains(known.graph, wording(known, language).roles, hops, seed, known.barred))
                for chain in spread(found, PER_BRIDGE):
                    yield _job(chain, known, language)
            for name, forked in planned(known, language, seed).items():
                yield _forked_job(name, forked, language)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Write the chain as a question, and see that it needs every clue."""
        known = atlas(desk.corpus)
        if "compared" in job.params:
            return [await comparing.write(job, known, desk)]
        if "fork" in job.params:
            forked = planned(known, job.params["language"], desk.settings.generate.seed)[job.params["fork"]]
            return [_set_side_by_side(job, forked, desk)]
        chain = Chain(job.clues, tuple(job.params["bridges"]))
        if desk.engine is not None:
            return [await composing.write(job, chain, known, desk)]
        written = _by_seed(wording(known, job.params["language"]).write(chain, desk.settings.generate.seed), job, desk)
        made = [_judged(job, chain, one, known, desk) for one in written]
        return [next((one for one in made if isinstance(one, Sample)), made[0])] if made else []


def _for_model(known: Atlas, seed: int) -> Iterator[Job]:
    """All chains that a model may word: of two and three clues in turns, then the longest, which it seldom words well.

    Within a length every bridge comes in turns.
    """
    for language in LANGUAGES:
        roles = chaining.roles(known, language)
        found = [
            [
                chain
                for chain in chains(known.graph, roles, hops, seed, known.barred)
                if chaining.is_direct(chain, known)
            ]
            for hops in HOPS
        ]
        best = [chaining.promising(of_length, known, language) for of_length in found]
        two, three, four = (spread(of_length, len(of_length)) for of_length in best)
        for turn in (*zip_longest(two, three), *zip(four, strict=True)):
            yield from (_job(chain, known, language) for chain in turn if chain is not None)


def _few(jobs: Iterable[Job], known: Atlas, per_chunk: int) -> Iterator[Job]:
    """The first jobs of each chunk, as many as are kept of one, while bridge and clue asked for are not used up."""
    homes: Counter[str] = Counter()
    bridges: Counter[str] = Counter()
    asked: set[str] = set()
    for job in jobs:
        bridge = job.params["bridges"][-1]
        told = " ".join(known.graph.clues[job.clues[-1]].quote.split())
        fresh = told not in asked and bridges[bridge] < PER_BRIDGE_WITH_MODEL
        if fresh and homes[job.chunk] < per_chunk:
            homes[job.chunk] += 1
            bridges[bridge] += 1
            asked.add(told)
            yield job


def _job(chain: Chain, known: Atlas, language: str) -> Job:
    chunk = known.graph.clues[chain.clues[0]].chunk
    return Job("multihop", VERSION, chunk, chain.clues, params={"bridges": list(chain.bridges), "language": language})


def _compared_job(fork: Fork, language: str) -> Job:
    params = {"compared": list(fork.entities), "language": language}
    return Job("multihop", VERSION, fork.claims[0].clue.chunk, fork.clues, params=params)


def _forked_job(name: str, forked: Forked, language: str) -> Job:
    clues = tuple(clue.id for clue in forked.clues)
    return Job("multihop", VERSION, forked.clues[0].chunk, clues, params={"fork": name, "language": language})


def _by_seed(written: Iterable[Written], job: Job, desk: Desk) -> list[Written]:
    """The questions in an order by the seed, so that a corpus is not asked the same attribute throughout."""
    seed = desk.settings.generate.seed
    return sorted(written, key=lambda w: content_id("multihop", seed, job.clues, w.question))


def _judged(job: Job, chain: Chain, written: Written, known: Atlas, desk: Desk) -> Sample | Judged:
    clues = tuple(known.graph.clues[clue] for clue in chain.clues)
    hops = [(clue, *rows) for clue, rows in zip(clues, written.hop_rows, strict=True)]
    closing = written.closing
    said = [
        identified(described, bridge, job.params["language"])
        for described, bridge in zip(written.descriptions, written.bridges, strict=True)
    ]
    params: dict[str, object] = {"hops": len(hops), "question_kind": (closing and closing.operation) or "bridge"}
    if closing and closing.operation:
        params |= {"operands": list(closing.operands)}
    if closing and closing.executed:
        params |= {"expression": closing.executed.expression, "result": reckoned(closing.executed.result)}
        said.append(closing.executed.expression)
    else:
        said.append(written.answer)
    content = _content(job, written.question, written.answer, list(zip(said, hops, strict=True)), params, known)
    if not _is_apart(hops):
        return desk.refused(job, content, necessity.CHECK, "Two hops stand in one chunk.")
    objection = necessity.objection(Joined(written, clues, chain.bridges), known, desk)
    if objection:
        return desk.refused(job, content, necessity.CHECK, objection)
    return desk.sample(job, content)


def _set_side_by_side(job: Job, forked: Forked, desk: Desk) -> Sample | Judged:
    params: dict[str, object] = {"hops": len(forked.steps), "question_kind": forked.kind}
    content = _content(job, forked.question, forked.answer, forked.steps, params, atlas(desk.corpus))
    found = necessity.first_passage(forked.question, desk)
    if all(necessity.stands_in(clue, found) for clue in forked.clues):
        reason = "The passage found first holds every clue, so one passage answers the question."
        return desk.refused(job, content, necessity.CHECK, reason)
    return desk.sample(job, content)


def _content(
    job: Job,
    question: str,
    answer: str,
    hops: Sequence[tuple[str, Sequence[Clue]]],
    params: Mapping[str, object],
    known: Atlas,
) -> Content:
    """The sample's content; rows that are ranked or reckoned with bring their header along."""
    clues = tuple(dict.fromkeys(clue for _, of_hop in hops for clue in of_hop))
    several = [row for _, of_hop in hops if len(of_hop) > 1 for row in of_hop]
    headers = tuple(dict.fromkeys(header for row in several for header in headers_of(row, known)))
    stands_on = (*clues, *(header for header in headers if header not in clues))
    return Content(
        kind=_kind(stands_on),
        language=job.params["language"],
        messages=(Message("user", question), Message("assistant", answer)),
        clues=stands_on,
        reasoning=tuple(Step(text, tuple(clues.index(clue) for clue in of_hop)) for text, of_hop in hops),
        params=params,
    )


def _kind(clues: Sequence[Clue]) -> str:
    """Where a hop goes over several rows of one table, the sample is reasoning over a table that hops lead to."""
    return "multihop" if len({clue.chunk for clue in clues}) == len(clues) else "cot"


def _is_apart(hops: Sequence[Sequence[Clue]]) -> bool:
    """Whether no hop shares a chunk with another."""
    chunks = [{clue.chunk for clue in of_hop} for of_hop in hops]
    return sum(map(len, chunks)) == len(set[str]().union(*chunks))
