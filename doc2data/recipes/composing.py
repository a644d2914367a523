"""Chains worded by a model: one question over all clues, answered with reasons, then asked again with each withheld."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import permutations

from doc2data.clues import worth
from doc2data.graph import CODE, Chain, Roles, key
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.hops import is_name
from doc2data.recipes.necessity import CHECK
from doc2data.records import Clue, Judged, Message, Sample, Step
from doc2data.tasks.joining import ANSWER_JOINED, WRITE_JOINED, Joined, JoinedAnswer, joined_answer_over
from doc2data.tasks.joins.thing import Thing, names, spellings
from doc2data.tasks.joins.words import content, share
from doc2data.tasks.rules.english.lexicon import classes

LEAST_WORTH = 0.5
"""Clues below it carry too little to be a hop."""
SAME = 0.7
"""Share of the words that an answer adds to its question which one from fewer clues must hold to be the same."""
RIVAL = 0.4
"""Share of a clue's words that a clue about something else must hold to tell the like."""
COMMON = 500
"""Clues that hold a word from which it counts as held by a rival, and is not looked up: time grows with them."""
SIBLING = 0.7
"""Share of a clue's words that stand in another one, from which the two say nearly the same."""
_LEANS_ON_MORE = re.compile(
    r"^(?:(?:please )?note (?:also |however )?that )?"
    r"(?:(?:if|when|before|after|once|while|until|because|as|in|by|for|to|of|with|without) )?"
    r"(?:its?|they|their|them|he|she|his|her|this|these|that|those|such|here|there|both|doing (?:so|this|that))\b"
    r"|\bthese\b|\ball of (?:this|that)\b"
    r"|^(?:如果|若|当|在)?(?:它|其|此(?!外)|该|这|那|上述|前者|后者|否则|因此)",
    re.IGNORECASE,
)
"""Openings and words that only the sentence before explains."""
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True, slots=True)
class Link:
    """A bridge as the sentence that describes it writes it."""

    sentence: int
    """Number of that sentence, from 1."""
    name: str


def roles(atlas: Atlas, language: str) -> Roles:
    """Which clues a model may join: of worth, in one language, clear by themselves, each bridge alone of its kind."""
    keys = {key(name) for clue in atlas.corpus.clues() for name in _labels(clue)}

    def fits(clue: Clue, entity: str) -> bool:
        stands_alone = worth(clue) >= LEAST_WORTH and not _LEANS_ON_MORE.search(clue.quote)
        if not names(atlas.thing(entity, language), _told(clue)):
            return False
        if clue.kind == "key_value" and not names(atlas.thing(entity, language), clue.attribute or clue.subject):
            return False  # "Type: ERROR" says nothing of what is named beside it
        if any(key(form) in keys for form in atlas.graph.entities[entity].forms):
            return False  # "Command Name" is what a form asks for, and no thing
        named = is_name(atlas.thing(entity, language)) and not any(map(_is_plain, atlas.graph.entities[entity].forms))
        return stands_alone and named and atlas.corpus.language_of(clue) == language

    def singles_out(clue: Clue, entity: str) -> bool:
        others = (atlas.thing(e, language) for e in atlas.graph.named[clue.id] if e != entity)
        return fits(clue, entity) and not any(_alike(atlas.thing(entity, language), other) for other in others)

    def leaves_open(clue: Clue, entity: str) -> bool:
        forms = {key(form) for form in atlas.graph.entities[entity].forms if form in clue.quote}
        if clue.cells and len(forms) > 1:
            return False  # a list of abbreviations: what it tells is the name itself
        return fits(clue, entity) and _has_rivals(clue, entity, atlas, language)

    return Roles(opens=singles_out, links=lambda clue, known, entity: singles_out(clue, entity), closes=leaves_open)


def _has_rivals(clue: Clue, entity: str, atlas: Atlas, language: str) -> bool:
    """Whether clues about other things tell the like, so that a question about the clue needs to say which is meant."""
    if clue.cells:
        own = (clue.document, clue.section, clue.attribute, tuple(header for header, _ in clue.cells))
        return own in _tables(atlas)
    words = content(clue.quote) - content(" ".join(atlas.thing(entity, language).forms))
    own_clues = set(atlas.graph.naming[entity])
    common = frozenset(word for word in words if atlas.holders(word) > COMMON)
    least = max(2, math.ceil(RIVAL * len(words))) - len(common)
    shared = atlas.sharing(words - common)
    return least <= 0 or any(held >= least and other not in own_clues for other, held in shared.items())


@lru_cache(maxsize=1)
def _tables(atlas: Atlas) -> frozenset[tuple[str, tuple[str, ...], str, tuple[str, ...]]]:
    """Tables with two rows or more, each by its place and headers."""
    rows = Counter(
        (clue.document, clue.section, clue.attribute, tuple(header for header, _ in clue.cells))
        for clue in atlas.corpus.clues()
        if clue.kind == "table_row" and clue.cells
    )
    return frozenset(table for table, number in rows.items() if number > 1)


def _labels(clue: Clue) -> tuple[str, ...]:
    """What a key-value line or a table row calls its values."""
    if clue.kind == "key_value":
        return tuple(name for name in (clue.attribute,) if name and not CODE.search(name))
    return tuple(header for header, _ in clue.cells if header and not CODE.search(header))


def _is_plain(form: str) -> bool:
    """Whether a spelling is plain English: words written small, or one word of the dictionary with a capital."""
    if not form.isascii() or any(map(str.isdigit, form)):
        return False
    return form == form.lower() or (form.isalpha() and form.istitle() and bool(classes(form.lower())))


def is_direct(chain: Chain, atlas: Atlas) -> bool:
    """Whether each bridge is named by the two clues it joins and no other, and no two clues say nearly the same.

    So no clue can be passed over: documents with many like entries say the same of each of them.
    """
    named = atlas.graph.named
    told = [content(atlas.graph.clues[clue].quote) for clue in chain.clues]
    if any(share(one, other) >= SIBLING for one, other in permutations(told, 2)):
        return False
    return all(sum(bridge in named[clue] for clue in chain.clues) == 2 for bridge in chain.bridges)


def _alike(one: Thing, other: Thing) -> bool:
    """Whether two things are of one kind: a common noun stands for both, or their codes differ in digits only."""
    shapes = (_DIGIT.sub("0", thing.forms[0]) for thing in (one, other))
    return bool(set(one.heads) & set(other.heads)) or len(set(shapes)) == 1


async def write(job: Job, chain: Chain, atlas: Atlas, desk: Desk) -> Sample | Judged:
    """Ask for the question, then for its answer, then for an answer without each clue.

    Raises:
        ModelError: no usable reply came.
    """
    clues = tuple(atlas.graph.clues[clue] for clue in chain.clues)
    language = job.params["language"]
    things = [atlas.thing(bridge, language) for bridge in chain.bridges]
    asked = await desk.ask(WRITE_JOINED, language, desk.seed(job, 0), _chained(things, lines(clues, desk)))
    objection = _objection(asked, things)
    if objection:
        return desk.refused(job, unanswered(job, asked.question, clues), CHECK, objection)
    return await proved(job, asked.question, clues, things, desk)


async def proved(
    job: Job, question: str, clues: tuple[Clue, ...], things: Sequence[Thing], desk: Desk, kind: str = "bridge"
) -> Sample | Judged:
    """Answer a question over clues, then without each of them, and keep it where it needs them all.

    Raises:
        ModelError: no usable reply came.
    """
    language = job.params["language"]
    answered = await _answer(question, clues, language, desk.seed(job, 1), desk)
    made = _content(job, question, clues, answered, kind)
    if not answered.answerable:
        return desk.refused(job, made, "answerable", "Asked again with all clues, the model found no answer.")
    if set(answered.sentences) != set(range(1, len(clues) + 1)):
        return desk.refused(job, made, CHECK, "The answer does not use every clue.")
    for at in range(len(clues)):
        rest = clues[:at] + clues[at + 1 :]
        again = await _answer(question, rest, language, desk.seed(job, 2 + at), desk)
        if again.answerable and _says_same(question, answered.answer, again.answer, things):
            return desk.refused(job, made, CHECK, f"With clue {at + 1} withheld, the model still gives the answer.")
    return desk.sample(job, made)


def _says_same(question: str, answer: str, again: str, things: Sequence[Thing]) -> bool:
    """Whether an answer from fewer clues tells what the full one adds to the question, bridges aside."""
    added = content(answer) - content(question)
    told = added - content(" ".join(form for thing in things for form in thing.forms))
    return share(told or added or content(answer), content(again)) >= SAME


def _chained(things: Sequence[Thing], shown: Sequence[str]) -> dict[str, object]:
    """What the prompt tells of the chain: which sentence describes which bridge, and the names not to be written."""
    told = zip(things, shown, strict=False)
    links = [Link(at, max(spellings(t, line), key=len, default=t.name)) for at, (t, line) in enumerate(told, 1)]
    hidden = dict.fromkeys(form for thing in things for form in spellings(thing, "\n".join(shown)))
    return {"lines": shown, "links": links, "hidden": ", ".join(hidden)}


def _objection(asked: Joined, things: Sequence[Thing]) -> str:
    """Why a question is not worth an answer; empty where it is."""
    if not asked.possible:
        return f"The model finds no question that needs every clue: {asked.question[:80]!r}."
    if any(names(thing, asked.question) for thing in things):
        return "The question names a bridge that it should only describe."
    return ""


async def _answer(question: str, clues: Sequence[Clue], language: str, seed: int, desk: Desk) -> JoinedAnswer:
    values = {"lines": lines(clues, desk), "question": question}
    return await desk.ask(ANSWER_JOINED, language, seed, values, output=joined_answer_over(len(clues)))


def unanswered(job: Job, question: str, clues: tuple[Clue, ...]) -> Content:
    """The content of a question that was given up before it was answered."""
    return _content(job, question, clues, None, "bridge")


def _content(job: Job, question: str, clues: tuple[Clue, ...], answered: JoinedAnswer | None, kind: str) -> Content:
    steps = zip(answered.sentences, answered.steps, strict=False) if answered else ()
    said = (Message("assistant", answered.answer),) if answered else ()
    return Content(
        kind="multihop",
        language=job.params["language"],
        messages=(Message("user", question), *said),
        clues=clues,
        reasoning=tuple(Step(text, (number - 1,)) for number, text in steps),
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
