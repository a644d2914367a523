"""unanswerable: questions near the documents that they do not answer, or answer in part only.

Without a model the questions ask a thing for an attribute that others of its kind have. With one, the model writes a
question that a passage leaves open. Both are kept only if nothing that retrieval brings back answers them. The kinds
follow RAGSynth's axis of clue completeness (2505.10989).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.graph import Fact
from doc2data.recipes import leaving_open
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.gaps import Gap, gaps
from doc2data.recipes.hops import wording
from doc2data.recipes.problems import called, headers_of, is_time, shown
from doc2data.records import Judged, Message, Sample, Step
from doc2data.tasks.joins.chinese import talk as chinese
from doc2data.tasks.joins.english import talk as english
from doc2data.tasks.joins.english.asking import SLOT
from doc2data.tasks.joins.thing import names
from doc2data.tasks.joins.words import content, share

VERSION = 2
CHECK = "absence"
LANGUAGES = ("en", CHINESE)
COMPLETENESS = ("none", "partial")
_LINE = re.compile(r"[\n。]|(?<=[.!?]) ")


class Unanswerable:
    """The recipe `unanswerable`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """A refusal and a partial answer for every gap; with a model one job per chunk."""
        if desk.engine is not None:
            yield from leaving_open.plan(desk)
            return
        known = atlas(desk.corpus)
        for language in LANGUAGES:
            for gap in _gaps(known, language, desk):
                nearest = known.graph.clues[known.graph.naming[gap.entity][0]]
                for completeness in COMPLETENESS if gap.known is not None else COMPLETENESS[:1]:
                    params = {"completeness": completeness, "gap": gap.name, "language": language}
                    yield Job("unanswerable", VERSION, nearest.chunk, (nearest.id,), params=params)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Ask for what is missing, and see that it is."""
        if desk.engine is not None:
            return [await leaving_open.write(job, desk)]
        known, language = atlas(desk.corpus), job.params["language"]
        gap = next(gap for gap in _gaps(known, language, desk) if gap.name == job.params["gap"])
        partly = job.params["completeness"] == "partial" and gap.known is not None
        made = _partial(gap, gap.known, known, language) if partly and gap.known else _none(gap, known, language)
        told = _told(gap, made.messages[0].content, known, desk, language)
        if told:
            return [desk.refused(job, made, CHECK, f"A passage may answer it: {told!r}.")]
        return [desk.sample(job, made)]


def _gaps(known: Atlas, language: str, desk: Desk) -> tuple[Gap, ...]:
    return gaps(known, wording(known, language), language, desk.settings.generate.seed)


def _none(gap: Gap, known: Atlas, language: str) -> Content:
    voice = chinese if language == CHINESE else english
    thing = known.thing(gap.entity, language).name
    missing = gap.missing.replace(SLOT, thing)
    return Content(
        kind="unanswerable",
        language=language,
        messages=(Message("user", voice.question(gap.question, thing)), Message("assistant", voice.refusal(missing))),
        clues=(),
        params={"missing": missing},
    )


def _partial(gap: Gap, fact: Fact, known: Atlas, language: str) -> Content:
    voice = chinese if language == CHINESE else english
    thing, other = known.thing(gap.entity, language).name, called(fact, known, language)
    question, answer = voice.partial(gap.attribute, other, shown(fact), thing, is_time=is_time(fact))
    return Content(
        kind="partial",
        language=language,
        messages=(Message("user", question), Message("assistant", answer)),
        clues=(fact.clue, *headers_of(fact.clue, known)),
        reasoning=(Step(answer, (0,)),),
        params={"missing": gap.missing.replace(SLOT, thing)},
    )


def _told(gap: Gap, question: str, known: Atlas, desk: Desk, language: str) -> str:
    """The line of a retrieved passage that names thing and attribute together; empty where there is none."""
    thing, words = known.thing(gap.entity, language), content(gap.question.replace(SLOT, " "))
    for hit in desk.search(question, desk.settings.index.depth):
        for line in _LINE.split(hit.passage.text):
            if names(thing, line) and share(words, content(line)) == 1:
                return line.strip()[:80]
    return ""
