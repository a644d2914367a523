"""Chains worded by a model: one question over all clues, answered step by step, then asked again with one withheld.

What code can see to be wrong with a question is refused before another request is spent on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from doc2data.graph import Chain
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.chaining import is_clear, rivals
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.necessity import CHECK, vague
from doc2data.records import Clue, Judged, Message, Sample, Step, content_id
from doc2data.tasks.joining import ANSWER_JOINED, WRITE_JOINED, Joined, JoinedAnswer, joined_answer_over, joined_over
from doc2data.tasks.joins import chinese
from doc2data.tasks.joins.english import phrases
from doc2data.tasks.joins.thing import Thing, names, spellings
from doc2data.tasks.joins.words import content, share

SAME = 0.7
"""Share of the words that an answer adds to its question which one from fewer clues must hold to be the same."""
RIVALS = 2
"""Clues of other things set beside what is left when one is withheld: a guess may then take one of them."""
MOST_WORDS = 45
"""Of a question."""


@dataclass(frozen=True, slots=True)
class Link:
    """A bridge as the sentence that describes it writes it."""

    sentence: int
    """Number of that sentence, from 1."""
    name: str


@dataclass(frozen=True, slots=True)
class Joint:
    """What one question joins: its clues, and the thing by which each goes on to the next."""

    clues: tuple[Clue, ...]
    bridges: tuple[str, ...]
    """Ids of the things."""
    things: tuple[Thing, ...]
    language: str


async def write(job: Job, chain: Chain, atlas: Atlas, desk: Desk) -> Sample | Judged:
    """Ask for the question, then for its answer, then for an answer without each clue that describes.

    Raises:
        ModelError: no usable reply came.
    """
    language = job.params["language"]
    clues = tuple(atlas.graph.clues[clue] for clue in chain.clues)
    joint = Joint(clues, chain.bridges, tuple(atlas.thing(bridge, language) for bridge in chain.bridges), language)
    values, output = _chained(joint, atlas, lines(clues, desk)), joined_over(len(clues))
    asked = await desk.ask(WRITE_JOINED, language, desk.seed(job, 0), values, output=output)
    question = _worded(asked, joint, atlas)
    objection = next(_objections(asked, question, joint, atlas), "")
    if objection:
        return desk.refused(job, unanswered(job, question, clues), CHECK, objection)
    refused = desk.unsound(job, unanswered(job, question, clues))
    return refused or await _proved(job, question, joint, atlas, desk)


async def answered(
    job: Job, question: str, clues: tuple[Clue, ...], desk: Desk, kind: str = "bridge"
) -> Content | Judged:
    """The question with an answer over all its clues; a Judged where that finds none, or passes over a clue.

    Raises:
        ModelError: no usable reply came.
    """
    told = await _answer(question, clues, job.params["language"], desk.seed(job, 1), desk)
    made = _content(job, question, clues, told, kind)
    if not told.is_found:
        return desk.refused(job, made, "answerable", "Asked again with all clues, the model found no answer.")
    if set(told.sentences) != set(range(1, len(clues) + 1)):
        return desk.refused(job, made, CHECK, "The answer does not use every clue.")
    return made


async def _proved(job: Job, question: str, joint: Joint, atlas: Atlas, desk: Desk) -> Sample | Judged:
    """Answer the question, and see that it needs each clue: the last by its words, the others by withholding them."""
    clues = joint.clues
    made = await answered(job, question, clues, desk)
    if isinstance(made, Judged):
        return made
    answer = made.messages[-1].content
    if _says_same(question, answer, " ".join(clue.quote for clue in clues[:-1]), joint, atlas):
        return desk.refused(job, made, CHECK, "With the last clue withheld, the others still give the answer.")
    beside = _beside(joint, atlas)
    for at in range(len(clues) - 1):
        left = sorted((*clues[:at], *clues[at + 1 :], *beside), key=lambda c: content_id("left", job.clues, c.id))
        again = await _answer(question, left, joint.language, desk.seed(job, 2 + at), desk)
        if again.is_found and _says_same(question, answer, again.answer, joint, atlas):
            return desk.refused(job, made, CHECK, f"With clue {at + 1} withheld, the model still gives the answer.")
    return desk.sample(job, made)


def _beside(joint: Joint, atlas: Atlas) -> list[Clue]:
    """The likest clues of other things than the last one, clear by themselves, that name none of the question's."""
    found = rivals(joint.clues[-1], joint.bridges[-1], atlas, joint.language)
    own = {clue.quote for clue in joint.clues}
    named = (clue for clue in found if not set(atlas.graph.named.get(clue.id, ())) & set(joint.bridges))
    clear = {clue.quote: clue for clue in named if is_clear(clue, joint.language)}
    return [clue for quote, clue in clear.items() if quote not in own][:RIVALS]


def _says_same(question: str, answer: str, again: str, joint: Joint, atlas: Atlas) -> bool:
    """Whether a text tells what an answer adds to its question, bridges aside; of two answers the shorter counts."""
    given = content(question) | content(" ".join(_forms(joint, atlas)))
    told, other = content(answer) - given, content(again) - given
    if not told:
        return share(content(answer), content(again)) >= SAME
    return bool(other) and len(told & other) / min(len(told), len(other)) >= SAME


def _forms(joint: Joint, atlas: Atlas) -> list[str]:
    """Every spelling of the bridges, those in small letters included."""
    return [form for bridge in joint.bridges for form in atlas.graph.entities[bridge].forms]


def _chained(joint: Joint, atlas: Atlas, shown: Sequence[str]) -> dict[str, object]:
    """What the prompt tells of the chain: which sentence describes which bridge, and the names not to be written."""
    told = zip(joint.things, shown, strict=False)
    links = [Link(at, max(spellings(t, line), key=len, default=t.name)) for at, (t, line) in enumerate(told, 1)]
    text = "\n".join(shown).casefold()
    hidden = dict.fromkeys(form for form in _forms(joint, atlas) if form.casefold() in text)
    return {"lines": shown, "links": links, "hidden": ", ".join(hidden)}


def _worded(asked: Joined, joint: Joint, atlas: Atlas) -> str:
    """The model's question; where it names the last bridge, its plain question with the description put in."""
    if not _names_any(asked.question, joint, atlas) or _names_any(asked.descriptions[-1], joint, atlas):
        return asked.question
    rules = chinese.replaced if joint.language == CHINESE else phrases.replaced
    return rules(asked.plain, joint.things[-1], asked.descriptions[-1]) or asked.question


def _names_any(text: str, joint: Joint, atlas: Atlas) -> bool:
    everywhere = (Thing(atlas.graph.entities[bridge].forms, "", ()) for bridge in joint.bridges)
    return any(names(thing, text) for thing in (*joint.things, *everywhere))


def _objections(asked: Joined, question: str, joint: Joint, atlas: Atlas) -> Iterator[str]:
    """Why a question is not worth an answer."""
    if not asked.possible:
        yield f"The model finds no question that needs every clue: {question[:80]!r}."
    if _names_any(question, joint, atlas):
        yield "The question names a bridge that it should only describe."
    if len(question.split()) > MOST_WORDS:
        yield f"The question is longer than {MOST_WORDS} words."
    for at, (clue, bridge) in enumerate(zip(joint.clues, joint.bridges, strict=False)):
        others = [*joint.clues[:at], *joint.clues[at + 1 :]]
        if not (content(question) & content(clue.quote)) - content(" ".join(_forms(joint, atlas))):
            yield f"The question takes nothing from clue {at + 1}."
        through = joint.bridges[at - 1] if at else ""
        if found := vague(question, clue, bridge, others, atlas, through):
            yield found


async def _answer(question: str, clues: Sequence[Clue], language: str, seed: int, desk: Desk) -> JoinedAnswer:
    values = {"lines": lines(clues, desk), "question": question}
    return await desk.ask(ANSWER_JOINED, language, seed, values, output=joined_answer_over(len(clues)))


def unanswered(job: Job, question: str, clues: tuple[Clue, ...]) -> Content:
    """The content of a question that was given up before it was answered."""
    return _content(job, question, clues, None, "bridge")


def _content(job: Job, question: str, clues: tuple[Clue, ...], answered: JoinedAnswer | None, kind: str) -> Content:
    steps = [step for step in answered.steps if step.sentence] if answered else []
    said = (Message("assistant", answered.answer),) if answered else ()
    return Content(
        kind="multihop",
        language=job.params["language"],
        messages=(Message("user", question), *said),
        clues=clues,
        reasoning=tuple(Step(step.says, (step.sentence - 1,)) for step in steps),
        params={"hops": len(clues), "question_kind": kind},
    )


def lines(clues: Sequence[Clue], desk: Desk) -> list[str]:
    """Clues as numbered lines, each with where it stands; nothing in one can close the list or add a line."""
    return [f"[{number}] ({_place(clue, desk)}) {_told(clue)}" for number, clue in enumerate(clues, 1)]


def _told(clue: Clue) -> str:
    """A clue in one line; a table row with each cell's header, behind a label that stands in a merged cell above."""
    cells = "; ".join(f"{header}: {text}" if header else text for header, text in clue.cells if text.strip())
    text = cells or clue.quote
    label = f"{clue.subject}: " if cells and clue.subject not in cells else ""
    return " ".join(f"{label}{text}".split())


def _place(clue: Clue, desk: Desk) -> str:
    title = desk.corpus.documents[clue.document].title
    return " ".join(" > ".join((title, *clue.section[-1:])).split())
