"""dialogue: three to six exchanges about one thing, in which later questions need the ones before them.

Follow-ups lean on a pronoun or an ellipsis; one question in some conversations takes something wrong for granted and
is put right, another is left open because the documents do not answer it. Each answer has evidence of its own.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from doc2data.recipes import conversing
from doc2data.recipes.atlas import atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.talks import Talk, talks
from doc2data.records import Judged, Message, Sample

VERSION = 2
LANGUAGES = ("en", CHINESE)


class Dialogue:
    """The recipe `dialogue`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One conversation per thing of which enough is told; with a model one per chunk that bears enough facts."""
        if desk.engine is not None:
            yield from conversing.plan(desk)
            return
        for language in LANGUAGES:
            for talk in talks(atlas(desk.corpus), language, desk.settings.generate.seed):
                clues = tuple(clue.id for clue in talk.clues)
                params = {"language": language, "talk": talk.name}
                yield Job("dialogue", VERSION, talk.clues[0].chunk, clues, params=params)

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Hold the conversation."""
        if desk.engine is not None:
            return [await conversing.write(job, desk)]
        found = talks(atlas(desk.corpus), job.params["language"], desk.settings.generate.seed)
        talk = next(talk for talk in found if talk.name == job.params["talk"])
        return [desk.sample(job, content(talk))]


def content(talk: Talk) -> Content:
    """The conversation as messages, each answer with the numbers of its own evidence."""
    clues = talk.clues
    messages = [m for e in talk.exchanges for m in (Message("user", e.question), Message("assistant", e.answer))]
    return Content(
        kind="dialogue",
        language=talk.language,
        messages=tuple(messages),
        clues=clues,
        turns=tuple(tuple(clues.index(clue) for clue in exchange.clues) for exchange in talk.exchanges),
        params={"exchanges": [exchange.kind for exchange in talk.exchanges]},
    )
