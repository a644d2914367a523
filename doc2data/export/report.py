"""report.html: one page about a dataset that needs nothing else, on screen, in the dark, and on paper.

It asks the network for nothing, and its content security policy would not let it. Text from documents is escaped.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from doc2data.export.facts import DatasetFacts, check_rows
from doc2data.export.figures import Figures, diversity, gather
from doc2data.export.files import write_text
from doc2data.records import Evidence, Judged, Verdict

if TYPE_CHECKING:
    from numpy.typing import ArrayLike

TextOf = Callable[[str], str | None]
"""The text of a document by its name; None where it is no longer at hand."""
Embed = Callable[[Sequence[str]], "ArrayLike"]
"""Vectors for texts, one row each, for the map of questions."""

_CONTEXT = 160
"""Characters shown before and after a quote."""
_LONGEST_PIECE = 20
_BLANK_LINES = re.compile(r"\s*\n\s*")
_LABEL = 140
"""Characters of a question that the map shows."""
_SCORE_CHARTS = 12
_QUOTES = 6
_HEART = 60


@dataclass(frozen=True, slots=True)
class QuoteInContext:
    """A quote with what stands around it in its document."""

    evidence: Evidence
    before: str
    after: str
    exact: bool
    """Whether the document says at that place what the sample quotes."""


@dataclass(frozen=True, slots=True)
class ShownSample:
    """One sample as the report shows it."""

    judged: Judged
    quotes: tuple[QuoteInContext, ...]

    @property
    def failed(self) -> Verdict | None:
        """The verdict that rejected it."""
        return next((verdict for verdict in self.judged.verdicts if not verdict.passed), None)


def write_report(
    path: Path, facts: DatasetFacts, judged: Iterable[Judged], text_of: TextOf, embed: Embed | None = None
) -> Path:
    """Write the page.

    Args:
        path: where; made whole or not at all.
        facts: what is true of the set.
        judged: all samples, read once.
        text_of: texts of the documents, for the quotes' surroundings.
        embed: vectors of at most 1000 questions, for the map; without it there is none.

    Raises:
        OSError: the disk is full, read-only or gone.
    """
    return write_text(path, render_report(facts, gather(judged, facts), text_of, embed))


def render_report(facts: DatasetFacts, figures: Figures, text_of: TextOf, embed: Embed | None = None) -> str:
    """The page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("doc2data.export"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters |= {"heat": _heat, "thousands": lambda n: f"{n:,}"}
    style, script = (_template(name) for name in ("report.css", "report.js"))
    text_of = lru_cache(maxsize=8)(text_of)
    return environment.get_template("report.html").render(
        facts=facts,
        counts=facts.counts,
        figures=figures,
        coverage=figures.coverage,
        diversity=diversity(figures.mapped),
        scale=heat_scale(figures.most_in_cell),
        checks=check_rows(facts),
        quotes=_shared_quotes(figures),
        charts=_charts(facts, figures, embed),
        shown=[_shown(item, text_of) for item in figures.shown],
        rejected=[_shown(item, text_of) for item in figures.shown_rejected],
        style=Markup(style),
        script=Markup(script),
        script_hash=base64.b64encode(hashlib.sha256(script.encode()).digest()).decode(),
    )


def _shared_quotes(figures: Figures) -> list[tuple[Evidence, int]]:
    """The quotes that several samples stand on, the most used first."""
    ranked = sorted(figures.quotes.items(), key=lambda pair: (-pair[1], pair[0].document, pair[0].start))
    return [(evidence, n) for evidence, n in ranked[:_QUOTES] if n > 1]


def _charts(facts: DatasetFacts, figures: Figures, embed: Embed | None) -> dict[str, Any]:
    from doc2data.export import charts

    counts = facts.counts
    return {
        "funnel": charts.bars(_funnel(facts), charts.WIDE),
        "kinds": charts.bars([(kind, n, "accent") for kind, n in counts.kinds.items()]),
        "languages": charts.bars([(language, n, "accent") for language, n in counts.languages.items()][:10]),
        "splits": charts.bars([(split, n, "accent") for split, n in facts.splits.items()]),
        "questions": charts.lengths(figures.question_lengths, "words, or Chinese characters"),
        "answers": charts.lengths(figures.answer_lengths, "words, or Chinese characters"),
        "scores": {check: charts.scores(found) for check, found in _spread(figures)},
        "openings": charts.bars([(f"{text} …", n, "accent") for text, n in diversity(figures.mapped).openings]),
        "heart": charts.network(*heart(figures)) if figures.joined else None,
        "colours": charts.group_colours(item.sample.kind for item in figures.mapped),
        "map": charts.scatter(_mapped(figures.mapped, embed)) if embed and len(figures.mapped) > 2 else None,
    }


def _spread(figures: Figures) -> list[tuple[str, Counter[tuple[float, bool]]]]:
    """The checks whose scores are more than yes and no."""
    graded = [(check, found) for check, found in sorted(figures.scores.items()) if {s for s, _ in found} - {0.0, 1.0}]
    return graded[:_SCORE_CHARTS]


def _funnel(facts: DatasetFacts) -> list[tuple[str, int, str]]:
    counts = facts.counts
    made = counts.accepted + counts.rejected
    rows = [("made", made + facts.failed, "muted"), ("kept", counts.accepted, "accent")]
    rows += [(f"rejected: {check}", n, "bad") for check, n in counts.rejections.items()]
    if facts.failed:
        rows.append(("failed", facts.failed, "bad"))
    return rows


def heart(figures: Figures) -> tuple[list[tuple[str, int]], list[tuple[int, int, int]]]:
    """The quotes that are joined most, as the nodes and links of a graph."""
    degrees = Counter[Evidence]()
    for (one, other), n in figures.joined.items():
        degrees.update({one: n, other: n})
    ranked = sorted(degrees, key=lambda evidence: (-degrees[evidence], evidence.document, evidence.start))
    best = set(ranked[:_HEART])
    links = {pair: n for pair, n in figures.joined.items() if best.issuperset(pair)}
    linked = {evidence for pair in links for evidence in pair}
    shown = [evidence for evidence in ranked[:_HEART] if evidence in linked]
    places = {evidence: position for position, evidence in enumerate(shown)}
    nodes = [(_shortened(f"{e.quote} ({e.document})"), degrees[e]) for e in shown]
    return nodes, sorted((places[one], places[other], n) for (one, other), n in links.items())


def _mapped(judged: Sequence[Judged], embed: Embed) -> list[tuple[float, float, str, str]]:
    questions = [item.sample.question for item in judged]
    return [
        (x, y, item.sample.kind, _shortened(question))
        for item, question, (x, y) in zip(judged, questions, plane(embed(questions)), strict=True)
    ]


def plane(vectors: ArrayLike) -> list[tuple[float, float]]:
    """The two principal components of vectors, one row each.

    Signs are fixed, which a decomposition leaves open: the largest loading of each component is positive.
    """
    import numpy as np

    matrix = np.asarray(vectors, dtype=np.float64)
    centred = matrix - matrix.mean(axis=0)
    _, _, components = np.linalg.svd(centred, full_matrices=False)
    first_two = np.zeros((2, matrix.shape[1]))
    first_two[: len(components[:2])] = components[:2]
    largest = np.abs(first_two).argmax(axis=1)
    signs = np.where(first_two[[0, 1], largest] < 0, -1.0, 1.0)
    return [(float(x), float(y)) for x, y in centred @ (first_two * signs[:, None]).T]


def _shown(judged: Judged, text_of: TextOf) -> ShownSample:
    return ShownSample(judged, tuple(_in_context(evidence, text_of) for evidence in judged.sample.evidence))


def _in_context(evidence: Evidence, text_of: TextOf) -> QuoteInContext:
    text = text_of(evidence.document)
    if text is None:
        return QuoteInContext(evidence, "", "", exact=True)
    before = _BLANK_LINES.sub("\n", text[max(0, evidence.start - _CONTEXT) : evidence.start])
    after = _BLANK_LINES.sub("\n", text[evidence.end : evidence.end + _CONTEXT])
    exact = text[evidence.start : evidence.end] == evidence.quote
    return QuoteInContext(evidence, _from_word(before), _from_word(after[::-1])[::-1], exact)


def _from_word(text: str) -> str:
    """Drop the piece of a word that a cut has left at the beginning; text without gaps, as Chinese, stays."""
    head, gap, rest = text.partition(" ")
    return rest if gap and len(head) < _LONGEST_PIECE and len(text) > _LONGEST_PIECE else text


def _shortened(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= _LABEL else flat[: _LABEL - 1] + "…"


def heat_scale(most: int) -> list[tuple[int, int | None]]:
    """The steps of the heat strips as inclusive ranges of counts: none, one or few, then doubling up to the most."""
    unit = max(1, -(-most // 31))
    starts = [0, 1, *(unit * 2**n for n in range(1, 5))]
    return [(start, end - 1) for start, end in pairwise(starts)] + [(starts[-1], None)]


def _heat(samples: int, scale: Sequence[tuple[int, int | None]]) -> int:
    return max(step for step, (start, _) in enumerate(scale) if samples >= start)


def _template(name: str) -> str:
    return (resources.files("doc2data.export") / "templates" / name).read_text(encoding="utf-8")
