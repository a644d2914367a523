"""magpie: the model itself says what a user would ask (Xu et al., "Magpie", 2406.08464).

The model's own chat template is fed up to the place where the user speaks, with the passage as the system's text; what
the model puts there is the question. It is answered from the passage and checked like any other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.clues import worth
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.gains import leak
from doc2data.recipes.qa import LEAST_WORTH
from doc2data.recipes.steering import steer
from doc2data.records import Judged, Message, Sample
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

VERSION = 1
CHECK = "turn"
SHORTEST, LONGEST = 8, 480
"""Characters of a question."""
_ENDS = (".", "?", "!", "。", "？", "！", "…", '"', "”")


class Magpie:
    """The recipe `magpie`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """As many turns as asked for of every chunk that bears a fact, each with a seed of its own."""
        for chunk in desk.corpus.chunks if desk.engine is not None else ():
            first = next((clue for clue in desk.corpus.clues_of(chunk) if worth(clue) >= LEAST_WORTH), None)
            if first is not None:
                for index in range(desk.settings.generate.per_chunk):
                    yield Job("magpie", VERSION, chunk, (first.id,), index, seen=(chunk,))

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Let the user speak, then answer."""
        clue = desk.corpus.clue(job.clues[0])
        language, passage = desk.corpus.language_of(clue), desk.numbered(clue)
        steering = await steer(job, desk, passage, language)
        question = (await desk.user_turn("overheard", language, desk.seed(job, 0), steering.asked, passage)).strip()
        said = Content("qa", language, (Message("user", question), Message("assistant", "")), ())
        if objection := _objection(question):
            return [desk.refused(job, said, CHECK, objection)]
        values, output = {"question": question, **steering.answered}, answer_over(len(passage.units))
        answered = await desk.ask(WRITE_ANSWER, language, desk.seed(job, 1), values, passage, output)
        content = Content(
            kind="qa",
            language=language,
            messages=(*steering.system, Message("user", question), Message("assistant", answered.answer)),
            clues=passage.cited(answered.sentences),
            params=steering.params,
        )
        if not (answered.answerable and answered.sentences):
            reason = "Asked from the passage, the model finds no answer."
            return [desk.refused(job, content, "answerable", reason)]
        return [desk.sample(job, content)]


def _objection(question: str) -> str:
    """Why a turn is no question to be answered; empty where it may be one."""
    if not SHORTEST <= len(question) <= LONGEST:
        return f"The user's turn has {len(question)} characters; {SHORTEST} to {LONGEST} make a question."
    if not question.endswith(_ENDS):
        return f"The user's turn breaks off: {question[-40:]!r}."
    if words := leak(question):
        return f"Words of the prompt leak into the question: {words!r}."
    return ""
