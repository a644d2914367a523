"""New answers of a model to a sample's question, and what the checks of an answer say of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from doc2data.recipes.base import Content, Desk, Job
from doc2data.records import PREFERENCE, Clue, Judged, Message, Rejected, Sample, Verdict
from doc2data.tasks.core import PassageText
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.preferring import RATE, Ratings
from doc2data.tasks.questions import WRITE_ANSWER, answer_over

ANSWER_CHECKS = ("structure", "language", "completeness", "support")
"""Checks that look at the answer; the others look at question and evidence, which a pair's two answers share."""
JUDGE = "judge"


@dataclass(frozen=True, slots=True)
class Told:
    """One answer, and what it stands on."""

    text: str
    clues: tuple[Clue, ...]


class Answering:
    """The answering of one sample's question anew: the passage shown, and the requests counted for their seeds."""

    def __init__(self, job: Job, parent: Sample, desk: Desk) -> None:
        self.job = job
        self.parent = parent
        self.desk = desk
        self._requests = 0
        own = [desk.corpus.clue(id) for id in parent.clues]
        self.units: tuple[Clue, ...] = tuple(own)
        self.passage = evidence_text(parent.evidence)
        if len({clue.chunk for clue in own}) == 1:
            numbered = desk.numbered(own[0])
            self.units, self.passage = numbered.units, numbered.text

    def seed(self) -> int:
        """A seed for the next request."""
        self._requests += 1
        return self.desk.seed(self.job, self._requests)

    async def draft(self) -> Told | None:
        """An answer as the model writes it at once; None where it finds none.

        Raises:
            ModelError: no usable reply came.
        """
        values = {"question": self.parent.question}
        output = answer_over(len(self.units))
        language = self.parent.language
        given = await self.desk.writer.ask(WRITE_ANSWER, language, self.seed(), values, self.passage, output)
        return Told(given.answer, self.cited(given.sentences)) if given.answerable and given.sentences else None

    def cited(self, numbers: Sequence[int]) -> tuple[Clue, ...]:
        """What the given lines hold, in order, each once."""
        return tuple(self.units[n - 1] for n in sorted(set(numbers)))

    def evidence(self, *answers: Told) -> tuple[Clue, ...]:
        """What a pair's two answers may stand on: the parent's clues, then what else either cites."""
        own = tuple(self.desk.corpus.clue(id) for id in self.parent.clues)
        return tuple({clue.id: clue for clue in (*own, *(c for told in answers for c in told.clues))}.values())

    def ground(self, clues: Sequence[Clue]) -> PassageText:
        """Those clues as a judge sees them."""
        return evidence_text([self.desk.corpus.evidence(clue) for clue in clues])

    def judged(self, answers: Sequence[Told], clues: Sequence[Clue]) -> list[tuple[Verdict, ...]]:
        """What the checks of an answer say of each."""
        evidence = tuple(self.desk.corpus.evidence(clue) for clue in clues)
        base = replace(self.parent, evidence=evidence, turns=(), reasoning=())
        asked = self.parent.messages[:-1]
        made = [replace(base, messages=(*asked, Message("assistant", told.text))) for told in answers]
        return self.desk.check(made, names=ANSWER_CHECKS)

    async def ratings(self, answer: str, passage: PassageText) -> Ratings:
        """The four aspects of an answer, as the first judge rates it.

        Raises:
            ModelError: no usable reply came.
        """
        values = {"question": self.parent.question, "answer": answer}
        judge = self.desk.panel.judges[0]
        return await judge.ask(RATE, self.parent.language, self.seed(), values, passage)

    def pair(self, chosen: Told, rejected: Rejected, clues: Sequence[Clue], ratings: Sequence[Ratings] = ()) -> Content:
        """A pair on the parent's question; the ratings are the chosen answer's and the rejected one's."""
        params: dict[str, object] = {"of": self.parent.kind, "operator": rejected.operator}
        if ratings:
            both = zip(("chosen", "rejected"), ratings, strict=True)
            params["ratings"] = {name: {**r.scores, "reason": r.reason} for name, r in both}
        return Content(
            kind=PREFERENCE,
            language=self.parent.language,
            messages=(*self.parent.messages[:-1], Message("assistant", chosen.text)),
            clues=tuple(clues),
            params=params,
            parent=self.parent.id,
            rejected=rejected,
        )

    def refused(self, told: Sequence[Told], check: str, reason: str) -> list[Sample | Judged]:
        """The pair that did not come about, counted: the first answer as chosen, the last one as rejected."""
        told = told or [Told(self.parent.answer, ())]
        rejected = Rejected(told[-1].text, str(self.job.params["by"]), "", "", check, reason)
        content = self.pair(told[0], rejected, self.evidence(*told))
        return [self.desk.refused(self.job, content, check, reason)]


def failing(verdicts: Sequence[Verdict]) -> Verdict | None:
    """The verdict that turns an answer down, or None."""
    return next((verdict for verdict in verdicts if not verdict.passed), None)
