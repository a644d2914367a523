"""What counts as a fact, and which facts evidence covers."""

from __future__ import annotations

from doc2data.clues.coverage import Coverage, Share
from doc2data.records import Clue, Evidence, MadeBy, Message, RecipeRef, Sample

TEXT = "The FS-11 has a mass of 40 g. The FS-11 lasts 14 months. See also here. X-1 | 40 | g"
SENTENCE, OTHER, POINTER, ROW = (0, 29), (30, 56), (57, 71), (72, 84)


def clue(kind: str, span: tuple[int, int], chunk: str = "c", section: str = "S") -> Clue:
    quote = TEXT[slice(*span)]
    cells = (("Part", "X-1"), ("Mass", "40")) if kind == "table_row" else ()
    return Clue(f"{kind}{span}", "d", chunk, kind, *span, quote, (section,), entities=("FS-11",), cells=cells)  # type: ignore[arg-type]


CLUES = [
    clue("sentence", SENTENCE),
    clue("sentence", OTHER),
    clue("sentence", POINTER),
    clue("table_row", ROW, "t", "T"),
]


def sample(*spans: tuple[int, int], document: str = "a.md") -> Sample:
    evidence = tuple(Evidence(document, "A", None, (), a, b, TEXT[a:b]) for a, b in spans)
    messages = (Message("user", "What?"), Message("assistant", "That."))
    return Sample("s", "qa", "en", messages, evidence, RecipeRef("qa", 1), MadeBy("rules", "rules", "", "", 0))


def test_only_what_bears_a_fact_is_counted() -> None:
    found = Coverage(CLUES, {"d": "a.md"}).measure()
    assert (found.sentences, found.rows, found.sections) == (Share(0, 2), Share(0, 1), Share(0, 2))


def test_evidence_covers_the_facts_that_it_holds_by_half() -> None:
    coverage = Coverage(CLUES, {"d": "a.md"})
    coverage.add(sample((0, 29), (40, 56)))
    assert coverage.measure().sentences == Share(2, 2) and coverage.measure().sections == Share(1, 2)
    assert [fact.kind for fact in coverage.missing()] == ["table_row"]
    assert coverage.of_chunk("c") == Share(2, 2) and coverage.of_chunk("t") == Share(0, 1)


def test_a_glimpse_of_a_fact_covers_nothing() -> None:
    coverage = Coverage(CLUES, {"d": "a.md"})
    coverage.add(sample((0, 5)))
    coverage.add(sample((0, 29), document="b.md"))
    assert coverage.measure().facts == Share(0, 3)


def test_what_a_sample_would_add_is_told_before_it_is_added() -> None:
    coverage = Coverage(CLUES, {"d": "a.md"})
    coverage.add(sample(SENTENCE))
    assert [fact.start for fact in coverage.gains(sample(SENTENCE, OTHER))] == [30]
