"""Wording of chains by rule: who opens, links and closes, and the one question made of all of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache

from doc2data.graph import CODE, Chain, Roles
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.ranks import Closing, Ranks
from doc2data.records import Clue
from doc2data.tasks.joins import chinese, english
from doc2data.tasks.joins.english import asking, phrases
from doc2data.tasks.joins.english.asking import SLOT, Asked
from doc2data.tasks.joins.thing import Thing, mention, names
from doc2data.tasks.rules import drafts

HEAD = "{head}"
MAX_WORDS = 42
MOST_TORN, LONG = 2, 9
"""Up to so many words are lost behind a description of more than so many: "... the sensor whose ... kit work?"."""
_SLOT = re.escape(SLOT)
_BARE = re.compile(rf"^(?:What|Who) (?:is|are) {_SLOT}\?$|^什么是|是指什么|meant by", re.IGNORECASE)
_IN_A_LIST = re.compile(r"that belongs to|^the \{head\} with which .* (?:delivered|supplied|shipped)$")
_JOINED = re.compile(rf"\b(?:and|or) {_SLOT}|{_SLOT},? (?:and|or)\b|{_SLOT}[和与及]|[和与及]{_SLOT}")
_LOOSE = re.compile(rf"^What (?:do|does) {_SLOT} \w+\?$|, (?:because|since|so) ")
"""Questions that are too open, or give their reason away."""
_SOFT_KINDS = frozenset({"yes_no", "definition", "procedure"})


@dataclass(frozen=True, slots=True)
class Written:
    """A chain as one question."""

    question: str
    answer: str
    asked: Asked
    """What is asked of the last bridge."""
    descriptions: tuple[str, ...]
    """For each hop but the last, the words that mean its bridge."""
    bridges: tuple[str, ...]
    """The bridges as the documents call them."""
    ranked: tuple[Clue, ...] = ()
    """Rows that show the first bridge's rank in its table, beside its own."""
    closing: Closing | None = None
    """How the last hop is reckoned, where it takes more than one row."""

    @property
    def hop_rows(self) -> tuple[tuple[Clue, ...], ...]:
        """For each hop the rows that it takes beside its own clue."""
        between = ((),) * (len(self.bridges) - 1)
        return (self.ranked, *between, self.closing.rows if self.closing else ())


class Wording:
    """Writes chains by rule; what a clue can say is worked out once."""

    def __init__(self, atlas: Atlas, language: str) -> None:
        self._atlas = atlas
        self._language = language
        self._told: dict[tuple[str, str], list[str]] = {}
        self._asked: dict[tuple[str, str], list[Asked]] = {}
        self.ranks = Ranks(atlas, language)

    @cached_property
    def roles(self) -> Roles:
        """Which clues may stand where."""
        return Roles(
            opens=lambda clue, entity: bool(self.told(clue, entity)) or any(self.ranks.standing_out(clue, entity)),
            links=lambda clue, known, entity: any(self._linked(clue, known, entity)),
            closes=lambda clue, entity: bool(self.asked(clue, entity)),
        )

    def told(self, clue: Clue, entity: str) -> list[str]:
        """How the clue tells which entity is meant, with a slot for the noun."""
        if (clue.id, entity) not in self._told:
            self._told[clue.id, entity] = self._descriptions(clue, entity)
        return self._told[clue.id, entity]

    def asked(self, clue: Clue, entity: str) -> list[Asked]:
        """What can be asked of the entity by the clue."""
        if (clue.id, entity) not in self._asked:
            self._asked[clue.id, entity] = list(self._questions(clue, entity)) if self._speaks(clue) else []
        return self._asked[clue.id, entity]

    def write(self, chain: Chain, seed: int) -> Iterator[Written]:
        """Every question that the chain makes; the seed chooses what is set beside what."""
        clues = [self._atlas.graph.clues[clue] for clue in chain.clues]
        last = clues[-1], chain.bridges[-1]
        called = tuple(self._thing(bridge).name for bridge in chain.bridges)
        ways = [*(Closing(asked) for asked in self.asked(*last)), *self.ranks.closings(*last, seed)]
        for said, ranked in self._nested(clues, chain.bridges):
            for closing in ways:
                asked = closing.asked
                question = _sentence(asked.question.replace(SLOT, said[-1]))
                if self._fine(question, chain) and not _is_torn(asked.question, said[-1]):
                    yield Written(question, asked.answer, asked, said, called, ranked, closing)

    def openings(self, clue: Clue, entity: str) -> Iterator[tuple[str, tuple[Clue, ...]]]:
        """How the clue means the entity without naming it, each with further rows where it takes them."""
        yield from ((text, ()) for text in self._with_head(self.told(clue, entity), entity))
        yield from self.ranks.standing_out(clue, entity)

    def _nested(
        self, clues: list[Clue], bridges: tuple[str, ...]
    ) -> Iterator[tuple[tuple[str, ...], tuple[Clue, ...]]]:
        """Descriptions of every bridge, each told by the one before it, with the rows that rank the first."""
        for opening, rows in self.openings(clues[0], bridges[0]):
            said: list[str] = [opening]
            for clue, known, entity in zip(clues[1:], bridges, bridges[1:], strict=False):
                linked = [self._put(t, self._thing(known), said[-1]) for t in self._linked(clue, known, entity)]
                following = next(iter(self._with_head(linked, entity)), "")
                if not following:
                    break
                said.append(following)
            if len(said) == len(bridges):
                yield tuple(said), rows

    def _put(self, text: str, thing: Thing, words: str) -> str:
        rules = chinese.replaced if self._language == CHINESE else phrases.replaced
        return rules(text, thing, words)

    def _linked(self, clue: Clue, known: str, entity: str) -> Iterator[str]:
        thing = self._thing(known)
        return (text for text in self.told(clue, entity) if len(mention(thing).findall(text)) == 1)

    def _with_head(self, templates: list[str], entity: str) -> Iterator[str]:
        for template in templates:
            head = self._specific(entity) if _IN_A_LIST.search(template) else self._head(entity)
            if template and (head or HEAD not in template):
                yield template.replace(HEAD, head)

    def _head(self, entity: str) -> str:
        """The most telling noun that other things share, so that the noun alone gives nothing away."""
        thing, shared = self._thing(entity), self._atlas.shared_heads
        common = next((head for head in thing.heads if shared[head] > 1), "")
        if common or not thing.heads:
            return common
        if self._language == CHINESE:
            return "部件" if CODE.fullmatch(thing.forms[0]) else thing.heads[0]
        return "component" if thing.after and CODE.fullmatch(thing.forms[0]) else thing.heads[0]

    def _specific(self, entity: str) -> str:
        heads = self._thing(entity).heads
        return heads[0] if heads else ""

    def _descriptions(self, clue: Clue, entity: str) -> list[str]:
        thing = self._thing(entity)
        if not self._speaks(clue) or not is_name(thing):
            return []
        if self._language == CHINESE:
            return chinese.descriptions(clue, thing)
        return english.descriptions(clue, thing, self._atlas.corpus.around(clue))

    def _questions(self, clue: Clue, entity: str) -> Iterator[Asked]:
        thing = self._thing(entity)
        facts = self._atlas.facts_about.get((clue.id, entity), ())
        if self._language == CHINESE:
            for fact in facts:
                yield from chinese.of_cell(fact.attribute, fact.value, fact.unit, thing)
        else:
            for fact in facts:
                yield from asking.of_cell(fact.attribute, fact.value, fact.unit, thing)
            yield from asking.of_sentence(" ".join(clue.quote.split()), thing) if not clue.cells else ()
        if not clue.cells:
            yield from self._drafted(clue, thing)

    def _drafted(self, clue: Clue, thing: Thing) -> Iterator[Asked]:
        for draft in drafts(clue, self._atlas.corpus.around(clue)):
            question = self._put(draft.question, thing, SLOT)
            sound = draft.clues == (clue,) and draft.kind not in _SOFT_KINDS and not _BARE.search(question)
            if question and sound and not _JOINED.search(question) and not _LOOSE.search(question):
                yield Asked(question, draft.answer)

    def _fine(self, question: str, chain: Chain) -> bool:
        short = len(question.split()) <= MAX_WORDS and len(question) <= 8 * MAX_WORDS
        return short and not any(names(self._thing(bridge), question) for bridge in chain.bridges)

    def _speaks(self, clue: Clue) -> bool:
        return self._atlas.corpus.language_of(clue) == self._language

    def _thing(self, entity: str) -> Thing:
        return self._atlas.thing(entity, self._language)


def _is_torn(asked: str, described: str) -> bool:
    """Whether a long description would part a verb from a word or two that belong to it."""
    behind = asked.partition(SLOT)[2].strip(" ?？").split()
    return 0 < len(behind) <= MOST_TORN and len(described.split()) > LONG


@lru_cache(maxsize=4)
def wording(atlas: Atlas, language: str) -> Wording:
    """The wording of a corpus in a language, made once for all recipes."""
    return Wording(atlas, language)


def identified(described: str, bridge: str, language: str) -> str:
    """The step that says which thing a description means."""
    if language == CHINESE:
        return f"{described}是{bridge}。"
    return f"{described[0].upper()}{described[1:]} is {bridge}."


def is_name(thing: Thing) -> bool:
    """Whether a thing goes by a name wherever it stands, and not by a plain word."""
    form = thing.forms[0]
    return (form != form.lower() or any(c.isdigit() for c in form)) and not english.is_common_word(form)


def _sentence(text: str) -> str:
    plain = " ".join(text.split()).replace(" ?", "?")
    return plain[:1].upper() + plain[1:]
