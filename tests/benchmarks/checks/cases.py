"""Right samples made from public question sets, and the same samples with one thing made wrong.

A right sample answers with the words of the set, or with the whole sentence that holds them; its evidence is that
sentence. A corruption is kept only where it says what the evidence does not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample, content_id
from doc2data.tasks.corruptions import OPERATORS, Elsewhere, Ground
from tests.benchmarks.corpora import QuestionSet

_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
_HAN = re.compile(r"[\u4e00-\u9fff·]{2,8}")
_NAMED = re.compile(
    r"(?:\bthe )?\b(?:[A-Z][\w'-]*|\d[\w-]*)(?: (?:of |the )?(?:[A-Z][\w'-]*|\d[\w-]*))*|“[^”]*”|\"[^\"]*\""
)
_THING = re.compile(
    rf"(?:{_NAMED.pattern})(?=[?,.]|$| (?:is|are|was|were|has|have|had|do|does|did|can|could|must|may|should|will|would"
    r"|in|on|at|to|for|from|with|by|when|if|before|after|as|exceed|last|contain|mean|consist|become|deliver)\b)"
)
"""A name that is the whole of what a question names."""
_OPEN_END = " ,;:"
_CUT = re.compile(r"(?:[\s,;:]|\b(?:and|or|to|of|the|a|an|with|for|in|by)\b)+$")


@dataclass(frozen=True, slots=True)
class Case:
    """One sample and what was done to it."""

    kind: str
    """untouched, or the name of the corruption."""
    sample: Sample
    right: str
    """The answer as it was."""


@dataclass(frozen=True, slots=True)
class Right:
    """A right sample's parts."""

    question: str
    answer: str
    sentence: str
    passage: int
    start: int
    language: str


def rights(questions: QuestionSet, size: int, seed: int = 0) -> Iterator[Right]:
    """Right samples of a set: each question once with its answer, once with the sentence that holds it."""
    for asked in questions.sample(size, seed):
        passage = questions.passages[asked.passage]
        if asked.answer_start < 0 or not passage[asked.answer_start :].startswith(asked.answer):
            continue
        begin, stop = whole(passage, asked.answer_start, asked.answer_start + len(asked.answer))
        start, end = sentence_around(passage, begin, stop)
        sentence = passage[start:end]
        for answer in (passage[begin:stop], sentence.rstrip(_OPEN_END)):
            if answer.count("「") > answer.count("」"):
                continue  # the sentence ends inside a quotation
            yield Right(asked.text, answer, sentence, asked.passage, start, questions.language)


def whole(text: str, start: int, end: int) -> tuple[int, int]:
    """A stretch of text with the words whole that it cuts, and without a comma or conjunction that it breaks off at.

    Annotators of some sets marked spans by eye; a right sample does not end in the middle of a word.
    """
    while start > 0 and text[start - 1 : start + 1].isalpha() and text[start - 1 : start + 1].isascii():
        start -= 1
    while end < len(text) and text[end - 1 : end + 1].isalpha() and text[end - 1 : end + 1].isascii():
        end += 1
    cut = _CUT.search(text[start:end])
    return start, start + cut.start() if cut and cut.start() else end


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """The sentence that holds a stretch of text; ends are told apart from abbreviations by what follows."""
    stops = [m.end() for m in re.finditer(r"(?<=[a-z\d)\"”]{2}[.!?])\s+(?=[A-Z\"“])|(?<=[。！？])|\n", text)]
    before = max((s for s in stops if s <= start), default=0)
    after = min((s for s in stops if s >= end), default=len(text))
    inside = text[before:after]
    left = len(inside) - len(inside.lstrip())
    return before + left, before + left + len(inside.strip())


def case(kind: str, right: Right, document: str, answer: str) -> Case:
    """A sample around an answer."""
    evidence = Evidence(document, "", None, (), right.start, right.start + len(right.sentence), right.sentence)
    sample = Sample(
        id=content_id(kind, right.question, answer),
        kind="qa",
        language=right.language,
        messages=(Message("user", right.question), Message("assistant", answer)),
        evidence=(evidence,),
        recipe=RecipeRef("qa", 1),
        made_by=MadeBy("rules", "rules", "", "", 0),
    )
    return Case(kind, sample, right.answer)


def corruptions(right: Right, others: Sequence[Right], draw: random.Random) -> Iterator[tuple[str, str]]:
    """(kind, wrong answer) for everything that can be made wrong in an answer."""
    ground = _ground(right, others)
    whole = right.answer == right.sentence
    for kind, corrupt in OPERATORS.items():
        wrong = next(corrupt(ground, draw), None)
        if wrong and wrong.answer != right.answer and (whole or kind not in ("negation", "condition")):
            yield kind, wrong.answer


def _ground(right: Right, others: Sequence[Right]) -> Ground:
    """The sentence as evidence; names, answers and sentences of other passages to borrow from."""
    whole = right.answer == right.sentence
    own = next((o.answer for o in others if o.question == right.question and o.answer != o.sentence), "")
    far = [o for o in others if o.passage != right.passage]
    short = [o.answer for o in far if o.answer != o.sentence and _HAN.fullmatch(o.answer)]
    common = _words_in_small(others)
    written = (n.group() for o in far for n in _NAME.finditer(o.sentence))
    latin = [name for name in written if any(word.casefold().rstrip("s") not in common for word in name.split())]
    names = short if right.language == "zh" else latin
    near = [o for o in far if abs(o.passage - right.passage) <= 2]
    elsewhere = Elsewhere(
        names=tuple(dict.fromkeys(names)),
        texts=tuple(o.sentence for o in near),
        answers=tuple(o.answer for o in near if (o.answer == o.sentence) == whole and _says_else(o.answer, right)),
        sentences=tuple(o.sentence for o in far if whole),
    )
    named = (own,) if _HAN.fullmatch(own) else ()
    return Ground(right.question, right.answer, right.sentence, right.language, named, elsewhere)


def _says_else(answer: str, right: Right) -> bool:
    """Whether an answer says something that the evidence and the question do not: "We may share" hardly does."""
    ground = (right.sentence + " " + right.question).casefold()
    if right.language == "zh":
        return answer.casefold() not in ground
    longer = [word for word in re.findall(r"\w+", answer.casefold()) if len(word) > 3 or word.isdigit()]
    return any(word[:5] not in ground for word in longer)


def _words_in_small(rights: Sequence[Right]) -> frozenset[str]:
    """Words that the set writes without a capital somewhere, without the s of a plural: they name nobody."""
    return _small_words(tuple(dict.fromkeys(right.sentence for right in rights)))


@lru_cache(maxsize=4)
def _small_words(sentences: tuple[str, ...]) -> frozenset[str]:
    return frozenset(word.rstrip("s") for text in sentences for word in re.findall(r"\b[a-z]{3,}\b", text))


def vague(right: Right) -> str:
    """The question with its names taken out, as a careless writer would ask it in front of the page."""
    if right.language == "zh":
        return ""
    return pointing(right.question)


def pointing(question: str) -> str:
    """An English question with every thing that it names by name called it; empty where it names none as a whole.

    A name that stands before its noun (the CL-30 sensor) leaves something behind that nobody would write.
    """
    blanked = _THING.sub("it", question[1:])
    left = _NAMED.search(blanked)
    return question[0] + blanked if blanked != question[1:] and not left else ""


def with_question(made: Case, question: str) -> Case:
    """The same sample asked otherwise."""
    messages = (Message("user", question), *made.sample.messages[1:])
    return Case("vague", replace(made.sample, messages=messages), made.right)
