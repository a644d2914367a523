"""multihop: one question that takes clues from several chunks, none of which can be left out.

The clues are a chain through the clue graph. The question means every bridge without naming it; reasoning has one
step per hop, each on its clue. Chains and their place in RAGSynth and DRAGON are due to 2505.10989; that each hop is
needed is tested here by withholding it, as MuSiQue (2108.00573) asks of a composed question.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from doc2data.graph import Chain, chains, spread
from doc2data.recipes import composing, necessity
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.hops import Written, wording
from doc2data.recipes.necessity import Joined
from doc2data.records import Judged, Message, Sample, Step, content_id

VERSION = 2
HOPS = (2, 3)
PER_BRIDGE = 4
"""Chains that end at one bridge, at most, for each length."""
PER_BRIDGE_WITH_MODEL = 2
"""Fewer with a model, for all lengths together: it can word nearly all and takes a request per hop and two more."""
LANGUAGES = ("en", CHINESE)


class MultiHop:
    """The recipe `multihop`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per chain, those over more documents and rarer bridges first."""
        known, seed = atlas(desk.corpus), desk.settings.generate.seed
        if desk.engine is not None:
            yield from _few(_for_model(known, seed), desk.settings.generate.per_chunk)
            return
        for language in LANGUAGES:
            for hops in HOPS:
                found = list(chains(known.graph, wording(known, language).roles, hops, seed, known.barred))
                for chain in spread(found, PER_BRIDGE):
                    yield _job(chain, known, language)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Write the chain as a question, and see that it needs every clue."""
        known = atlas(desk.corpus)
        chain = Chain(job.clues, tuple(job.params["bridges"]))
        if desk.engine is not None:
            return [await composing.write(job, chain, known, desk)]
        written = _by_seed(wording(known, job.params["language"]).write(chain), job, desk)
        made = [_judged(job, chain, one, known, desk) for one in written]
        return [next((one for one in made if isinstance(one, Sample)), made[0])] if made else []


def _for_model(known: Atlas, seed: int) -> Iterator[Job]:
    """All chains that a model may word, short and long in turns, and within a length every bridge in turns."""
    for language in LANGUAGES:
        roles = composing.roles(known, language)
        found = (list(chains(known.graph, roles, hops, seed, known.barred)) for hops in HOPS)
        for turn in zip_longest(*(spread(of_length, len(of_length)) for of_length in found)):
            direct = (chain for chain in turn if chain is not None and composing.is_direct(chain, known))
            yield from (_job(chain, known, language) for chain in direct)


def _few(jobs: Iterable[Job], per_chunk: int) -> Iterator[Job]:
    """The first jobs of each chunk, as many as are kept of one, while their bridge is not used up."""
    homes: Counter[str] = Counter()
    bridges: Counter[str] = Counter()
    for job in jobs:
        bridge = job.params["bridges"][-1]
        if homes[job.chunk] < per_chunk and bridges[bridge] < PER_BRIDGE_WITH_MODEL:
            homes[job.chunk] += 1
            bridges[bridge] += 1
            yield job


def _job(chain: Chain, known: Atlas, language: str) -> Job:
    chunk = known.graph.clues[chain.clues[0]].chunk
    return Job("multihop", VERSION, chunk, chain.clues, params={"bridges": list(chain.bridges), "language": language})


def _by_seed(written: Iterable[Written], job: Job, desk: Desk) -> list[Written]:
    """The questions in an order by the seed, so that a corpus is not asked the same attribute throughout."""
    seed = desk.settings.generate.seed
    return sorted(written, key=lambda w: content_id("multihop", seed, job.clues, w.question))


def _judged(job: Job, chain: Chain, written: Written, known: Atlas, desk: Desk) -> Sample | Judged:
    clues = tuple(known.graph.clues[clue] for clue in chain.clues)
    steps = [
        Step(_identified(described, bridge, job.params["language"]), (at,))
        for at, (described, bridge) in enumerate(zip(written.descriptions, written.bridges, strict=True))
    ]
    content = Content(
        kind="multihop",
        language=job.params["language"],
        messages=(Message("user", written.question), Message("assistant", written.answer)),
        clues=clues,
        reasoning=(*steps, Step(written.answer, (len(clues) - 1,))),
        params={"hops": len(clues), "question_kind": "bridge"},
    )
    objection = necessity.objection(Joined(written, clues, chain.bridges), known, desk)
    if objection:
        return desk.refused(job, content, necessity.CHECK, objection)
    return desk.sample(job, content)


def _identified(described: str, bridge: str, language: str) -> str:
    if language == CHINESE:
        return f"{described}是{bridge}。"
    return f"{described[0].upper()}{described[1:]} is {bridge}."
