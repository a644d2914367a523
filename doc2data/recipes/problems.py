"""Figures put into the words of their documents: what a cell's thing, attribute and value are called."""

from __future__ import annotations

import re

from doc2data.graph import Fact, Quantity, caption_of
from doc2data.graph.quantities import split_header
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.figures import Figure
from doc2data.records import Clue
from doc2data.tasks.joins import chinese, english
from doc2data.tasks.joins.arithmetic import written
from doc2data.tasks.joins.cells import Cell, Problem, Told
from doc2data.tasks.joins.words import content
from doc2data.tasks.rules.english.attributes import question_for
from doc2data.tasks.rules.english.clause import is_plural
from doc2data.tasks.rules.english.lexicon import can_be_noun

_NUMERIC = re.compile(r"^[+−-]?\d[\d.,]*$")
_TIME_UNITS = "s sec seconds min minutes h hr hours days weeks months years 分钟 小时 天 秒 个月 年"
TIMES = frozenset(_TIME_UNITS.split())
ANY_PART = re.compile(r"^(?:parts?|items?|components?|products?|articles?|部件|产品|零件|项目)$", re.IGNORECASE)
"""Headers of things that have no more in common than being parts."""
MOST_WORDS_OF_LABEL = 8
LEAST_OF_CAPTION = 3
"""Content words from which a caption says what its table is about."""


def told(figure: Figure, atlas: Atlas) -> Told | None:
    """The figure as question, steps and answer; None where its table does not say plainly what is measured of what."""
    first = figure.facts[0]
    language = atlas.corpus.language_of(_table_clue(first, atlas))
    by_name = all(atlas.called(fact.thing, language) for fact in figure.facts)
    cells = tuple(c for fact in figure.facts if (c := _cell(fact, atlas, language, by_name=by_name)) is not None)
    if len(cells) < len(figure.facts) or language not in ("en", CHINESE):
        return None
    if figure.answer and any(cell.at for cell in cells):
        return None
    words = (chinese if language == CHINESE else english).tell(_problem(figure, cells))
    opening = _opening(words.question, first.clue, atlas, language)
    return None if opening is None else Told(opening, words.readings, words.reckoning, words.answer)


def language_of(figure: Figure, atlas: Atlas) -> str:
    """The language of the figure's table."""
    return atlas.corpus.language_of(_table_clue(figure.facts[0], atlas))


def called(fact: Fact, atlas: Atlas, language: str) -> str:
    """How a fact's thing is spoken of; "" where its label does not make a name."""
    return _thing(fact, atlas, language)[0]


def shown(fact: Fact) -> str:
    """A fact's value with its unit."""
    quantity = fact.quantity
    bare = quantity is not None and quantity.unit and quantity.unit not in fact.value
    return f"{fact.value.strip()}{_unit(quantity.unit)}" if bare and quantity is not None else fact.value.strip()


def is_time(fact: Fact) -> bool:
    """Whether a fact is a duration, which is long or short instead of high or low."""
    return fact.quantity is not None and fact.quantity.unit in TIMES


def headers_of(row: Clue, atlas: Atlas) -> tuple[Clue, ...]:
    """The header rows that give a row's cells their meaning, as far as they stand in its chunk."""
    near = atlas.corpus.clues_of(row.chunk)
    above = [c for c in near if c.kind == "table_row" and not c.cells and c.end <= row.start]
    return tuple(c for c in above if (c.section, c.attribute) == (row.section, row.attribute))[-1:]


def _table_clue(fact: Fact, atlas: Atlas) -> Clue:
    """A clue whose words tell the table's language: its header row, or the row itself."""
    return next(iter(headers_of(fact.clue, atlas)), fact.clue)


def _problem(figure: Figure, cells: tuple[Cell, ...]) -> Problem:
    quantity = figure.facts[0].quantity
    assert quantity is not None, "figures are made of exact numbers only"
    unit = "" if figure.operation == "ratio" else figure.target or quantity.unit
    return Problem(
        operation=figure.operation,
        cells=cells,
        expression=figure.executed.expression if figure.executed else "",
        result=amount(Quantity(figure.executed.result, unit)) if figure.executed else "",
        target=figure.target,
        threshold=amount(Quantity(figure.threshold, quantity.unit)),
        chosen=tuple(figure.facts.index(fact) for fact in figure.answer),
        highest=figure.highest,
        is_time=quantity.unit in TIMES,
    )


def _cell(fact: Fact, atlas: Atlas, language: str, *, by_name: bool) -> Cell | None:
    attribute = attribute_of(fact, language)
    thing, at = _thing(fact, atlas, language) if by_name else _labelled(fact, language)
    if not attribute or not thing or fact.quantity is None:
        return None
    kind = split_header(fact.condition_kind)[0].lower()
    return Cell(thing, attribute, shown(fact), fact.condition, kind, at)


def attribute_of(fact: Fact, language: str) -> str:
    """The attribute as it is said; "" where it is no noun that goes with "of"."""
    name = re.sub(r"^([^,]+), ([a-z]+)$", lambda m: f"{m[2]} {m[1].lower()}", fact.attribute.rstrip(" ,"))
    caption = fact.clue.attribute
    if caption.lower().startswith(f"{name.lower()} of "):
        name = caption
    if language == CHINESE:
        return name
    name = name if name[1:2].isupper() else name[:1].lower() + name[1:]
    measured = fact.quantity is not None and fact.quantity.unit and re.fullmatch(r"[a-z]+(?: [a-z]+)?", name)
    return name if question_for(name, "it") or (measured and can_be_noun(name.split()[-1])) else ""


def _thing(fact: Fact, atlas: Atlas, language: str) -> tuple[str, bool]:
    """How the thing is called, and whether it is a value at which something is measured."""
    name = atlas.called(fact.thing, language)
    return (name, False) if name else _labelled(fact, language)


def _labelled(fact: Fact, language: str) -> tuple[str, bool]:
    """The same by the row's label alone."""
    kind, unit = split_header(fact.things)
    if not kind or len(fact.thing.split()) > MOST_WORDS_OF_LABEL:
        return "", False
    if _NUMERIC.match(fact.thing):
        if not unit:
            return _numbered(kind, fact.thing, language), False
        value = f"{fact.thing}{_unit(unit)}"
        return (f"{kind}为{value}" if language == CHINESE else f"a {kind.lower()} of {value}"), True
    return (f"“{fact.thing}”" if language == CHINESE else f"the {kind.lower()} “{fact.thing}”"), False


def _numbered(kind: str, number: str, language: str) -> str:
    """A thing that only a number tells from its like: "pipe 3"; "" where its kind is no plain noun."""
    if language == CHINESE:
        return f"{kind}{number}" if len(kind) <= MOST_WORDS_OF_LABEL // 2 else ""
    plain = kind.isalpha() and can_be_noun(kind.lower()) and not is_plural(kind)
    return f"{kind.lower()} {number}" if plain else ""


def _opening(question: str, clue: Clue, atlas: Atlas, language: str) -> str | None:
    """The question with what it is about said first, where it names nothing itself; None where that is unknown."""
    if any(True for _ in atlas.named_in(question)):
        return question
    caption = caption_of(clue)
    if len(content(caption)) >= LEAST_OF_CAPTION and not re.search(r"[^\w\s-]|^\d", caption):
        told = caption if caption[1:2].isupper() else caption[0].lower() + caption[1:]
        asked = question[0].lower() + question[1:]
        return f"关于{caption}，{question}" if language == CHINESE else f"Regarding the {told}, {asked}"
    about = atlas.corpus.subject(clue.document)
    if not about:
        return None
    return f"对于{about}，{question}" if language == CHINESE else f"For {about}, {question[0].lower()}{question[1:]}"


def amount(quantity: Quantity) -> str:
    """A number with its unit, as a sentence gives it."""
    unit = quantity.unit.removesuffix("s") if quantity.number == 1 and len(quantity.unit) > 1 else quantity.unit
    return f"{written(quantity.number)}{_unit(unit)}"


def _unit(unit: str) -> str:
    return unit if unit.startswith("%") or not unit else f" {unit}"
