"""rewrite: a table as running text, every row in sentences.

Without a model only those columns are shown whose cells can be told plainly: "the mass of the BT-3 is 3 g".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from doc2data.graph import Fact, TableView
from doc2data.recipes.atlas import Atlas, atlas
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.problems import attribute_of, called, shown
from doc2data.recipes.texts import evidence_of, parts, table_text
from doc2data.records import Clue, Judged, Message, Sample
from doc2data.tasks.judging import evidence_text
from doc2data.tasks.rules.english.clause import is_plural
from doc2data.tasks.texts import REWRITE, request

VERSION = 1
MOST_WORDS = 6
"""Words of a cell that can stand behind "is"."""


class Rewrite:
    """The recipe `rewrite`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job for each part of each table."""
        known = atlas(desk.corpus)
        for view in known.tables:
            for rows in parts(view):
                if desk.engine is not None or prose(view, rows, known):
                    yield Job(
                        "rewrite", VERSION, rows[0].chunk, tuple(row.id for row in rows), params={"form": "rewrite"}
                    )

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Tell the table."""
        known = atlas(desk.corpus)
        rows = tuple(desk.corpus.clue(id) for id in job.clues)
        view = next(view for view in known.tables if rows[0] in view.rows)
        language = desk.corpus.language_of(next(iter(evidence_of(rows, known))))
        if desk.engine is None:
            made = prose(view, rows, known)
            assert made is not None, "only tables that can be told are planned"
            columns, told = made
        else:
            passage = evidence_text([desk.corpus.evidence(clue) for clue in evidence_of(rows, known)])
            given = await desk.writer.ask(REWRITE, language, desk.seed(job), {}, passage)
            columns, told = view.headers, given.text
        asked = request("rewrite", language, table_text(view, rows, columns))
        content = Content(
            kind="rewrite",
            language=language,
            messages=(Message("user", asked), Message("assistant", told)),
            clues=evidence_of(rows, known),
        )
        return [desk.sample(job, content)]


Told = tuple[tuple[str, ...], str]
"""The columns that are told, and the telling."""


@lru_cache(maxsize=512)
def prose(view: TableView, rows: tuple[Clue, ...], known: Atlas) -> Told | None:
    """Rows of a table in sentences, by the columns that can be told of every one of them; None where none can."""
    language = known.corpus.language_of(next(iter(evidence_of(rows, known))))
    facts = [[fact for fact in view.facts if fact.clue == row and not fact.condition] for row in rows]
    if language not in ("en", CHINESE) or not all(facts):
        return None
    names = [called(of_row[0], known, language) for of_row in facts]
    columns = [name for name in view.headers if all(_tells(name, of_row, language) for of_row in facts)]
    if not columns or not all(names) or any(fact.clue.id in known.barred for of_row in facts for fact in of_row):
        return None
    told = [
        _sentence(name, [_of(column, of_row) for column in columns], language)
        for name, of_row in zip(names, facts, strict=True)
    ]
    return (view.headers[view.label_at], *columns), ("" if language == CHINESE else " ").join(told)


def _of(column: str, facts: Sequence[Fact]) -> Fact | None:
    """The fact of a column, by its cell."""
    return next(
        (
            fact
            for fact in facts
            if dict(fact.clue.cells).get(column) == fact.value and column.startswith(fact.attribute)
        ),
        None,
    )


def _tells(column: str, facts: Sequence[Fact], language: str) -> bool:
    """Whether a row's cell of that column is short, and its header a noun of which something can be said."""
    fact = _of(column, facts)
    if fact is None or not attribute_of(fact, language):
        return False
    return len(fact.value.split()) <= MOST_WORDS and not fact.value.rstrip().endswith((".", "。"))


def _sentence(thing: str, facts: Sequence[Fact | None], language: str) -> str:
    said = [(attribute_of(fact, language), shown(fact)) for fact in facts if fact is not None]
    (attribute, value), *others = said
    if language == CHINESE:
        return f"{thing}的{'，'.join(f'{name}为{text}' for name, text in said)}。"
    condition = thing.startswith(("a ", "an "))  # "a sample temperature of 5 °C" has nothing; things are measured at it
    more = [f"{'the' if condition else 'its'} {name} {_be(name)} {text}" for name, text in others]
    first = f"the {attribute} of {thing} {_be(attribute)} {value}"
    if condition:
        first = f"at {thing} the {attribute} {_be(attribute)} {value}"
    joined = first if not more else f"{', '.join([first, *more[:-1]])} and {more[-1]}"
    return f"{joined[0].upper()}{joined[1:]}."


def _be(attribute: str) -> str:
    return "are" if is_plural(attribute) else "is"
