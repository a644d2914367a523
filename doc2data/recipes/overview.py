"""overview: what a paragraph or a short section tells, asked as a whole and answered in the documents' own sentences.

It comes after the other recipes and takes up facts that no sample stands on yet, so a target of coverage is reached
also where no single sentence makes a question of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from doc2data.clues.coverage import Coverage
from doc2data.recipes.base import Content, Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.records import Clue, Judged, Message, Sample, content_id
from doc2data.tasks.rules.chinese import overviews as chinese
from doc2data.tasks.rules.english import overviews as english

VERSION = 1
NAME = "overview"
LANGUAGES = ("en", CHINESE)
PROSE = ("sentence", "definition", "warning", "key_value", "step")
MOST_CHARACTERS = 900
LEAST_CHARACTERS = 60
_ENDS = (".", "!", "?", "。", "！", "？", "；", ";")
CONFIDENCE = 0.6


class Overview:
    """The recipe `overview`."""

    def plan(self, desk: Desk) -> Iterator[Job]:
        """One job per text that holds a fact which samples of other recipes leave uncovered; by rule only."""
        names = {id: row.name for id, row in desk.corpus.documents.items()}
        coverage = Coverage(desk.corpus.clues(), names)
        for judged in desk.accepted():
            if judged.sample.recipe.name != NAME:
                coverage.add(judged.sample)
        open_facts = {clue.id for clue in coverage.missing()}
        for chunk in desk.corpus.chunks if desk.engine is None else ():
            for text, by in texts(desk.corpus.clues_of(chunk), desk):
                if any(clue.id in open_facts for clue in text):
                    yield Job(NAME, VERSION, chunk, tuple(clue.id for clue in text), params={"by": by})

    async def run(self, job: Job, desk: Desk) -> Sequence[Sample | Judged]:
        """Ask for what the text tells."""
        text = [desk.corpus.clue(clue) for clue in job.clues]
        question = _question(text, job.params["by"], desk)
        return [desk.sample(job, _content(question, text, desk.corpus.language_of(text[0])))]


def texts(clues: Sequence[Clue], desk: Desk) -> Iterator[tuple[tuple[Clue, ...], str]]:
    """A chunk's prose as texts of a length for one answer, each with what names its topic: heading or sentence.

    A section stays whole where it is short and its heading makes a question; else its paragraphs are asked for one by
    one, by what their first sentence speaks of.
    """
    for section in _runs(_in_order(clues), lambda a, b: a.section == b.section):
        sound = tuple(clue for clue in section if not _points(clue, desk))
        if _fits(sound) and _question(sound, "heading", desk):
            yield sound, "heading"
            continue
        for paragraph in _runs(section, lambda a, b: "\n" not in _between(a, b, desk)):
            sound = tuple(clue for clue in paragraph if not _points(clue, desk))
            if _fits(sound) and sound[0] == paragraph[0] and _question(sound, "sentence", desk):
                yield sound, "sentence"


def _question(text: Sequence[Clue], by: str, desk: Desk) -> str:
    """The question for a text; "" where its heading, or its first sentence, makes none."""
    first = text[0]
    language, around = desk.corpus.language_of(first), desk.corpus.around(first)
    if language not in LANGUAGES:
        return ""
    way = int(content_id(desk.settings.generate.seed, [clue.id for clue in text])[:4], 16)
    voice = chinese if language == CHINESE else english
    question: str
    if by == "heading":
        question = voice.of_heading(first.section[-1], around, way) if first.section else ""
    else:
        question = voice.of_sentence(" ".join(first.quote.split()), around, way)
    return question


def _points(clue: Clue, desk: Desk) -> bool:
    voice = chinese if desk.corpus.language_of(clue) == CHINESE else english
    return bool(voice.points_elsewhere(clue.quote))


def _fits(text: Sequence[Clue]) -> bool:
    return LEAST_CHARACTERS <= sum(len(clue.quote) for clue in text) <= MOST_CHARACTERS


def _runs(clues: Sequence[Clue], belongs: Callable[[Clue, Clue], bool]) -> Iterator[tuple[Clue, ...]]:
    run: list[Clue] = []
    for clue in clues:
        if run and not belongs(run[-1], clue):
            yield tuple(run)
            run = []
        run.append(clue)
    if run:
        yield tuple(run)


def _in_order(clues: Sequence[Clue]) -> list[Clue]:
    """Prose in reading order, of clues that overlap the longest."""
    found: list[Clue] = []
    for clue in sorted(clues, key=lambda c: (c.start, -c.end, c.id)):
        if clue.kind in PROSE and (not found or clue.start >= found[-1].end):
            found.append(clue)
    return found


def _between(one: Clue, other: Clue, desk: Desk) -> str:
    return desk.corpus.text(one.document)[one.end : other.start]


def _content(question: str, text: Sequence[Clue], language: str) -> Content:
    return Content(
        kind="qa",
        language=language,
        messages=(Message("user", question), Message("assistant", _answer(text, language))),
        clues=tuple(text),
        params={"question_kind": "overview", "confidence": CONFIDENCE},
    )


def _answer(text: Sequence[Clue], language: str) -> str:
    """The sentences one after the other; what is no sentence gets a line of its own."""
    said = ""
    for clue in text:
        quote = " ".join(clue.quote.split())
        blank = "" if language == CHINESE else " "
        joint = blank if said.endswith(_ENDS) and quote.endswith(_ENDS) and clue.kind != "step" else "\n"
        said += quote if not said else joint + quote
    return said
