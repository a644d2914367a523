"""Evidence for answers that come without any: what retrieval finds for each, cut to the lines that it needs.

A passage holds more than an answer tells. The lines are those that share most with question and answer, and then those
that bring in what of the answer is still missing; a row of a table brings its header, and the row that it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from doc2data.checks.facts import without_list_marks
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, is_ideographic, sentences
from doc2data.records import Evidence, Hit, Passage, Sample

FOUND = 3
"""Passages that are looked into for each answer."""
MOST = 10
"""Lines that one answer takes at most, headers aside."""
UNKNOWN = "und"
CHINESE = "zh"
_CELL = "|"
_LINE = re.compile(r"[^\n]*\S[^\n]*")


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a passage that was found."""

    passage: Passage
    number: int
    start: int
    """In the passage's text."""
    text: str
    words: frozenset[str]

    @property
    def end(self) -> int:
        """Behind its last character in the passage's text."""
        return self.start + len(self.text)

    @property
    def label(self) -> str:
        """What a row is about, by its first cell."""
        return self.text.partition(_CELL)[0].strip()

    @property
    def is_row(self) -> bool:
        """Whether it is a row of a table."""
        return _CELL in self.text


def ground(
    samples: Sequence[Sample],
    search_many: Callable[[Sequence[str], int], list[list[Hit]]],
    languages: Mapping[str, str],
) -> list[Sample]:
    """Each sample with what its answers can stand on, and in the language of its script or else of its documents.

    Args:
        samples: without evidence.
        search_many: hybrid search.
        languages: of the documents, by name.
    """
    told = [list(_exchanges(sample)) for sample in samples]
    hits = iter(search_many([f"{asked} {answer}" for of_sample in told for asked, answer in of_sample], FOUND))
    return [
        _grounded(sample, [(*pair, next(hits)) for pair in pairs], languages)
        for sample, pairs in zip(samples, told, strict=True)
    ]


def _exchanges(sample: Sample) -> Iterator[tuple[str, str]]:
    """Each answer with the question before it; the reasoning that leads to the last one counts as a part of it."""
    asked, left = "", sum(message.role == "assistant" for message in sample.messages)
    for message in sample.messages:
        if message.role == "assistant":
            left -= 1
            steps = [] if left else [step.text for step in sample.reasoning]
            yield asked, "\n".join((*steps, message.content))
        asked = message.content


def _grounded(sample: Sample, told: Sequence[tuple[str, str, Sequence[Hit]]], languages: Mapping[str, str]) -> Sample:
    language = _language(sample, [hit for *_, hits in told for hit in hits], languages)
    refusing = [_refusing(m.content, language) for m in sample.messages if m.role == "assistant"]
    if refusing == [1.0]:
        return replace(sample, language=language, kind="unanswerable")
    evidence: dict[Evidence, int] = {}
    turns = []
    for (asked, answer, hits), refused in zip(told, refusing, strict=True):
        found = needed(asked, answer, hits, language) if refused < 1 else []
        turns.append(tuple(evidence.setdefault(one, len(evidence)) for one in found))
    partial = len(told) == 1 and refusing[0] > 0
    return replace(
        sample,
        language=language,
        kind="partial" if partial else sample.kind,
        evidence=tuple(evidence),
        turns=tuple(turns) if len(turns) > 1 else (),
    )


def _language(sample: Sample, hits: Sequence[Hit], languages: Mapping[str, str]) -> str:
    if sample.language != UNKNOWN:
        return sample.language
    if is_ideographic(f"{sample.question} {sample.answer}"):
        return CHINESE
    return languages.get(hits[0].passage.document, UNKNOWN) if hits else UNKNOWN


def _refusing(answer: str, language: str) -> float:
    """Share of an answer's sentences that say that the documents do not tell."""
    pattern = vocabulary(language).refusal
    parts = sentences(answer)
    if not pattern or not parts:
        return 0.0
    return sum(re.search(pattern, part, re.IGNORECASE) is not None for part in parts) / len(parts)


def needed(asked: str, answer: str, hits: Sequence[Hit], language: str) -> list[Evidence]:
    """The lines of the passages found that an answer needs, in reading order within each passage, best first."""
    lines = [line for hit in hits for line in _lines(hit.passage, language)]
    of_question = frozenset(content_words(asked, language))
    of_answer = frozenset(content_words(without_list_marks(answer), language))
    chosen = _chosen(lines, of_question, of_answer)
    if chosen and sum(without_list_marks(line) != line for line in answer.splitlines()) > 1:
        return [_from_first_to_last([line for line in lines if line in chosen])]
    named = of_question | of_answer
    chosen |= {other for line in chosen if line.is_row for other in _belonging(line, lines, named, language)}
    return [_evidence(run[0].passage, run[0].start, run[-1].end) for run in _runs(o for o in lines if o in chosen)]


def _runs(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Neighbouring rows of a table together, any other line by itself."""
    run: list[_Line] = []
    for line in lines:
        follows = run and line.passage == run[-1].passage and line.number == run[-1].number + 1
        if run and not (follows and line.is_row and run[-1].is_row):
            yield run
            run = []
        run.append(line)
    if run:
        yield run


def _lines(passage: Passage, language: str) -> Iterator[_Line]:
    for number, match in enumerate(_LINE.finditer(passage.text)):
        words = frozenset(content_words(match.group(), language))
        yield _Line(passage, number, match.start(), match.group(), words)


def _chosen(lines: Sequence[_Line], asked: frozenset[str], answer: frozenset[str]) -> set[_Line]:
    """The line nearest to question and answer, and those that bring in what is missing still; the first of equals."""
    chosen: set[_Line] = set()
    missing = set(answer | asked)
    while missing and len(chosen) < MOST:
        best = max(
            lines, key=lambda line: (len(line.words & missing), len(line.words & asked), -len(line.words)), default=None
        )
        if best is None or not best.words & missing:
            break
        chosen.add(best)
        if len(chosen) == 1:
            missing = {word for word in missing if word not in asked or any(map(str.isdigit, word))}
        missing = missing - best.words
    return chosen


def _from_first_to_last(chosen: Sequence[_Line]) -> Evidence:
    """What a list tells as one quote, from its first line to its last, in the passage that has most of them."""
    passages = [line.passage for line in chosen]
    home = max(passages, key=passages.count)
    own = [line for line in chosen if line.passage == home]
    return _evidence(home, min(line.start for line in own), max(line.end for line in own))


def _belonging(row: _Line, lines: Sequence[_Line], named: frozenset[str], language: str) -> Iterator[_Line]:
    """Of a row's table the header, the rows that are named, and what an empty first cell leans on."""
    table = [line for line in lines if line.passage == row.passage and line.is_row]
    yield from table[:1]
    yield from (line for line in table if named & frozenset(content_words(line.label, language)))
    if not row.label:
        labelled = [line.number for line in table if line.number < row.number and line.label]
        yield from (line for line in table if labelled and labelled[-1] <= line.number < row.number)


def _evidence(passage: Passage, start: int, end: int) -> Evidence:
    """A slice of a passage's text."""
    p = passage
    return Evidence(p.document, p.document, p.page, p.section, p.start + start, p.start + end, p.text[start:end])
