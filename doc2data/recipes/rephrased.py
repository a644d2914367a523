"""rephrased: a question asked in other words, with the same clues behind it.

The axes are RAGSynth's (2505.10989): near synonyms, another point of view, an added condition or detail that the
clues hold, and another order. The new question is answered afresh; it is kept where that answer stands on a clue of
the first one, so the mapping from question to clues stays what it was.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.qa import QA
from doc2data.recipes.qa import VERSION as QA_VERSION
from doc2data.records import Judged, Message, Sample, content_id
from doc2data.tasks.joining import REPHRASE
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

VERSION = 1
CHECK = "same clues"
AXES = ("synonyms", "perspective", "condition", "detail", "order")
UNCHANGED = 1.0
"""Share of content words from which a question was not put in other words at all, only in another order."""


class Rephrased:
    """The recipe `rephrased`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """For every question of `qa` one other wording, along an axis that the seed chooses."""
        for job in QA().plan(desk) if desk.engine is not None else ():
            number = int(content_id("axis", desk.settings.generate.seed, job.clues)[:4], 16)
            yield Job("rephrased", VERSION, job.chunk, job.clues, params={"axis": AXES[number % len(AXES)]})

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Ask the first question again in other words, and answer it again; nothing where there is no first one."""
        first = Job("qa", QA_VERSION, job.chunk, job.clues)
        parents = [made for made in await QA().run(first, desk) if isinstance(made, Sample)]
        return [await _reworded(job, parent, desk) for parent in parents]


async def _reworded(job: Job, parent: Sample, desk: Desk) -> Sample | Judged:
    passage = desk.numbered(desk.corpus.clue(job.clues[0]))
    values = {"question": parent.question, "axis": job.params["axis"]}
    asked = await desk.ask(REPHRASE, parent.language, desk.seed(job, 0), values, passage)
    again = {"question": asked.question}
    output = answer_over(len(passage.units))
    answered = await desk.ask(WRITE_ANSWER, parent.language, desk.seed(job, 1), again, passage, output)
    cited = passage.cited(answered.sentences)
    made = Content(
        kind="qa",
        language=parent.language,
        messages=(Message("user", asked.question), Message("assistant", answered.answer)),
        clues=cited,
        params=dict(job.params),
        parent=parent.id,
    )
    if not answered.answerable or not {clue.id for clue in cited} & set(parent.clues):
        return desk.refused(job, made, CHECK, "In other words the question no longer stands on the same clues.")
    same = share(content(parent.question), content(asked.question)) >= UNCHANGED
    if same and job.params["axis"] in ("synonyms", "perspective"):
        return desk.refused(job, made, CHECK, "The question was not put in other words.")
    return desk.sample(job, made)
