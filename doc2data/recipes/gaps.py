"""Gaps: what the documents tell of some things and, looked at from every side, not of a thing of the same kind."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from doc2data.graph import CODE, Fact
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.hops import Wording, is_name
from doc2data.recipes.problems import ANY_PART, attribute_of, shown
from doc2data.records import Clue, content_id
from doc2data.tasks.joins.chinese import talk as chinese
from doc2data.tasks.joins.english import talk as english
from doc2data.tasks.joins.english.asking import SLOT
from doc2data.tasks.joins.thing import Thing
from doc2data.tasks.joins.words import content, share

TOLD = 0.5
"""Share of what is asked that, beside a thing's name, may tell it after all."""
PER_QUESTION = 6
PER_THING = 2
LEAST_ANSWERED = 2
"""Things of which a sentence must answer a question before it is asked of others."""
_GENERAL = re.compile(r"^How (?:long|often) (?:does|is) \{thing\} [a-z]+\?$|made of\?$|number of \{thing\}\?$")
"""Questions that make sense of any part or product."""
_TIMES = re.compile(r"^(?:s|min|h|seconds?|minutes?|hours?|days?|weeks?|months?|years?|times)$")
_ANY_TIME = (
    r"\d\s?(?:s|min|h|seconds?|minutes?|hours?|days?|weeks?|months?|years?|个月|小时|分钟|天|年)(?![A-Za-z])"
    r"|every (?:second|other)"
)
_OF_ANYTHING = re.compile(
    r"^(?:mass|weight|price|cost|length|width|height|size|volume|质量|重量|价格|长度)$", re.IGNORECASE
)
_MANY = frozenset(("series", "family", "range", "model"))
_NUMBERS = re.compile(r"number|code|name|description|编号|名称|料号", re.IGNORECASE)
_MEASURED = re.compile(r"\d\s?(?P<unit>[A-Za-zµ°℃Ω%][A-Za-z·/²³]*|个月|分钟|小时|天|年)")
_PRONOUN = re.compile(r"^(?:It|Its|They|Their|它|其)")


@dataclass(frozen=True, slots=True)
class Gap:
    """A question about a thing that the documents answer of others only."""

    entity: str
    question: str
    """With a slot for the thing."""
    missing: str
    """What is missing, as a phrase with a slot: "the shelf life of {thing}"."""
    attribute: str
    """As it is said, where a table tells it of others: "shelf life"; else empty."""
    known: Fact | None
    """The same attribute of a thing of the same kind, from a table."""

    @property
    def name(self) -> str:
        """Tells gaps apart, whatever order they were found in."""
        return content_id("gap", self.entity, self.question)


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A question that the documents answer of some things."""

    question: str
    missing: str
    words: frozenset[str]
    values: frozenset[str]
    """Expressions for values such as the answers have: a thing beside one may have been told of."""
    kin: tuple[Thing, ...]
    answered: frozenset[str]
    """Ids of the things of which it is answered."""
    of_any_part: bool = True
    """Whether it makes sense of whatever is a part or a product, not of one kind of them only."""
    attribute: str = ""
    known: tuple[Fact, ...] = ()


@lru_cache(maxsize=4)
def gaps(atlas: Atlas, wording: Wording, language: str, seed: int) -> tuple[Gap, ...]:
    """Gaps that make a plausible question, each thing and each question a few times only, in an order by the seed."""
    found = sorted(_found(atlas, wording, language), key=lambda gap: content_id(seed, gap.name))
    things: Counter[str] = Counter()
    questions: Counter[str] = Counter()
    kept: list[Gap] = []
    for gap in found:
        if things[gap.entity] < PER_THING and questions[gap.question] < PER_QUESTION:
            things[gap.entity] += 1
            questions[gap.question] += 1
            kept.append(gap)
    return tuple(kept)


def _found(atlas: Atlas, wording: Wording, language: str) -> Iterator[Gap]:
    sentences = _of_sentences(atlas, wording, language) if language != CHINESE else ()
    patterns = [*_of_columns(atlas, language), *sentences]
    said = {entity: _said_of(entity, atlas) for entity in atlas.graph.naming}
    for pattern in patterns:
        for entity, quotes in said.items():
            thing = atlas.thing(entity, language)
            if entity not in pattern.answered and _is_kin(thing, pattern) and not _is_told(pattern, quotes):
                known = min(pattern.known, key=lambda fact: content_id(entity, fact.thing), default=None)
                yield Gap(entity, pattern.question, pattern.missing, pattern.attribute, known)


def _of_columns(atlas: Atlas, language: str) -> Iterator[_Pattern]:
    """Measured attributes of things in rows."""
    voice = chinese if language == CHINESE else english
    for column in _columns(atlas, language):
        entities = [atlas.entity_of(fact.thing, language) for fact in column]
        facts = tuple(fact for fact in column if fact.quantity is not None)
        attribute = attribute_of(facts[0], language)
        quantity = facts[0].quantity
        if not all(entities) or not attribute or quantity is None:
            continue
        asked, missing = voice.asked_for(attribute)
        yield _Pattern(
            question=asked,
            missing=missing,
            words=content(attribute),
            values=frozenset({_value_in(quantity.unit)}),
            kin=tuple(atlas.thing(entity, language) for entity in sorted(set(entities))),
            answered=frozenset(entities),
            of_any_part=bool(_OF_ANYTHING.match(attribute) or ANY_PART.match(facts[0].things)),
            attribute=attribute,
            known=facts,
        )


def _columns(atlas: Atlas, language: str) -> Iterator[Sequence[Fact]]:
    """Whole columns, in tables of things in rows, of which at least two cells are numbers with a unit."""
    for table in atlas.tables:
        if atlas.corpus.language_of(table.rows[0]) != language or table.columns_are_things:
            continue
        for attribute in dict.fromkeys(fact.attribute for fact in table.facts):
            facts = [fact for fact in table.facts if fact.attribute == attribute]
            measured = [fact for fact in facts if fact.quantity is not None and fact.quantity.unit]
            if len(measured) > 1 and not _NUMBERS.search(attribute):
                yield facts


def _of_sentences(atlas: Atlas, wording: Wording, language: str) -> Iterator[_Pattern]:
    """Short questions that sentences answer: how long it lasts, what it is made of."""
    answered: dict[str, set[str]] = {}
    values: dict[str, set[str]] = {}
    for entity, clues in atlas.graph.naming.items():
        for clue in (atlas.graph.clues[clue] for clue in clues):
            for asked in wording.asked(clue, entity) if not clue.cells else ():
                answered.setdefault(asked.question, set()).add(entity)
                values.setdefault(asked.question, set()).update(_values(asked.answer))
    for question, entities in sorted(answered.items()):
        words, missing = content(question.replace(SLOT, " ")), english.indirect(question)
        if missing and len(entities) >= LEAST_ANSWERED and _GENERAL.search(question):
            kin = tuple(atlas.thing(entity, language) for entity in sorted(entities))
            yield _Pattern(question, missing, words, frozenset(values[question]), kin, frozenset(entities))


def _values(text: str) -> Iterator[str]:
    yield from (_value_in(match["unit"]) for match in _MEASURED.finditer(text))
    codes = (code for code in CODE.findall(text) if code[0].isdigit())
    yield from (rf"(?<![\d-]){re.sub(r'[0-9]', '0', code).replace('0', chr(92) + 'd')}(?![\d-])" for code in codes)


def _value_in(unit: str) -> str:
    """Matches a number with that unit, or with any unit of time where it is one."""
    if _TIMES.match(unit):
        return _ANY_TIME
    return rf"\d\s?{re.escape(unit.removesuffix('s'))}s?(?![A-Za-z])"


def _said_of(entity: str, atlas: Atlas) -> list[str]:
    """Every clue that names the thing, and those after it that go on speaking of it."""
    quotes: list[str] = []
    for clue in (atlas.graph.clues[clue] for clue in atlas.graph.naming[entity]):
        quotes.append(clue.quote)
        quotes += [following.quote for following in _carried_on(clue, atlas)]
        quotes += [f"{fact.attribute} {shown(fact)}" for fact in atlas.facts_about.get((clue.id, entity), ())]
    return quotes


def _carried_on(clue: Clue, atlas: Atlas) -> Iterator[Clue]:
    for other in atlas.corpus.clues_of(clue.chunk):
        if other.start >= clue.end:
            if not _PRONOUN.match(other.quote):
                return
            yield other


def _is_kin(thing: Thing, pattern: _Pattern) -> bool:
    """Whether a thing is of a kind with those answered: it shares a common noun, or is a part as they are."""
    heads = set(thing.heads)
    if heads & _MANY or not is_name(thing):
        return False
    if heads & {head for other in pattern.kin for head in other.heads}:
        return True
    alike = sum(_is_part(other) for other in pattern.kin)
    return pattern.of_any_part and _is_part(thing) and 2 * alike >= len(pattern.kin)


def _is_part(thing: Thing) -> bool:
    """Whether common nouns follow its code, as in "the FS-11 flow sensor"."""
    return bool(thing.after) and bool(CODE.fullmatch(thing.forms[0]))


def _is_told(pattern: _Pattern, quotes: Sequence[str]) -> bool:
    """Whether any sentence on the thing may answer: by its words, or by a value of the kind asked for."""
    return any(
        share(pattern.words, content(quote)) >= TOLD or any(re.search(value, quote) for value in pattern.values)
        for quote in quotes
    )
