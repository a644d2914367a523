"""Right samples made from public question sets, and the same samples with one thing made wrong.

A right sample answers with the words of the set, or with the whole sentence that holds them; its evidence is that
sentence. A corruption is kept only where it says what the evidence does not.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from doc2data.records import Evidence, MadeBy, Message, RecipeRef, Sample, content_id
from tests.benchmarks.corpora import QuestionSet

UNITS = ["mm", "cm", "m", "km", "kg", "g", "hours", "days", "minutes", "years", "miles", "%", "°C", "kW", "MPa"]
UNITS_CHINESE = ["公里", "米", "小时", "天", "年", "公斤", "分钟", "吨"]
_NUMBER = re.compile(
    r"(?<![\w.,-])\d[\d,.]*(?<![.,])(?![\w-])"
    r"|(?<=[\u4e00-\u9fff])\d[\d,.]*(?<![.,])(?=[\u4e00-\u9fff])"
)
_UNIT = re.compile(
    r"(?<=\d)(\s?)(km|mm|cm|m|kg|hours|days|minutes|years|miles|feet|percent|°C|kW|%|square miles|"
    r"公里|小时|小時|年|天|公斤|分钟|分鐘|吨|噸|米)(?![A-Za-z])"
)
_CODE = re.compile(r"\b[A-Z]{1,5}-?\d+[A-Za-z0-9-]*\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+(?: [A-Z][a-z]+)*")
FLIPS = [
    ("before", "after"), ("at least", "at most"), ("more than", "less than"), ("increased", "decreased"),
    ("if", "unless"),
    ("above", "below"), ("all", "none of the"), ("largest", "smallest"), ("first", "last"), ("with", "without"),
    ("higher", "lower"), ("must", "may"), ("may", "must"), ("should", "must not"), ("can", "cannot"),
    ("until", "since"),
    ("allowed", "forbidden"), ("include", "exclude"), ("required", "optional"), ("always", "never"),
]  # fmt: skip
FLIPS_CHINESE = [
    ("之前", "之后"), ("至少", "至多"), ("增加", "减少"), ("必须", "可以"), ("可以", "不得"), ("最大", "最小"),
    ("允许", "禁止"),
    ("超过", "不足"), ("包括", "不包括"), ("开始", "结束"), ("之後", "之前"), ("必須", "可以"), ("高于", "低于"),
]  # fmt: skip
_AUXILIARY = re.compile(r"\b(is|are|was|were|can|could|will|would|must|should|does|did|has|have|had)\b(?! not|n't)")
_NOT = re.compile(r"\b(is|are|was|were|can|could|will|would|must|should|does|did|has|have|had) not\b")
_CHINESE_NOT = re.compile(r"(?<![不没未])(?=是|能|会|可以|允许|属于|在|有|得到|应)")


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


def rights(questions: QuestionSet, size: int) -> Iterator[Right]:
    """Right samples of a set: each question once with its answer, once with the sentence that holds it."""
    for asked in questions.sample(size):
        passage = questions.passages[asked.passage]
        if asked.answer_start < 0 or not passage[asked.answer_start :].startswith(asked.answer):
            continue
        start, end = sentence_around(passage, asked.answer_start, asked.answer_start + len(asked.answer))
        sentence = passage[start:end]
        for answer in (asked.answer, sentence):
            yield Right(asked.text, answer, sentence, asked.passage, start, questions.language)


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
    for kind, corrupt in CORRUPTIONS.items():
        wrong = corrupt(right, others, draw)
        if wrong and wrong != right.answer:
            yield kind, wrong


def _number(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    # The number that opens a heading or a list's item says nothing.
    found = [m for m in _NUMBER.finditer(right.answer) if m.start() or not right.answer[m.end() :].startswith(". ")]
    if not found:
        return ""
    match = draw.choice(found)
    digits = re.sub(r"\D", "", match.group())
    changed = str(int(digits) + draw.choice([1, 2, 3, 10, 100]))
    if changed in re.sub(r"[,.]", "", right.sentence + right.question):
        return ""
    return right.answer[: match.start()] + changed + right.answer[match.end() :]


def _unit(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    found = list(_UNIT.finditer(right.answer))
    if not found:
        return ""
    match = draw.choice(found)
    pool = UNITS_CHINESE if right.language == "zh" else UNITS
    unit = draw.choice([u for u in pool if u not in right.sentence and u[:3] != match.group(2)[:3]])
    return right.answer[: match.start(2)] + unit + right.answer[match.end() :]


def _identifier(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    found = list(_CODE.finditer(right.answer))
    if not found:
        return ""
    match = draw.choice(found)
    code = match.group()
    position = draw.choice([i for i, c in enumerate(code) if c.isdigit()])
    wrong = code[:position] + str((int(code[position]) + draw.randint(1, 8)) % 10) + code[position + 1 :]
    return "" if wrong in right.sentence else right.answer.replace(code, wrong)


def _entity(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    if right.language == "zh":
        return _entity_chinese(right, others, draw)
    found = list(_NAME.finditer(right.answer)) or (
        [m] if (m := re.fullmatch(r"[A-Z][a-z]+(?: [A-Z][a-z]+)*", right.answer)) else []
    )
    names = [n.group() for o in others if o.passage != right.passage for n in _NAME.finditer(o.sentence)]
    ground = (right.sentence + " " + right.question).casefold()
    names = [n for n in names if all(len(word) > 3 and word[:5].casefold() not in ground for word in n.split())]
    if not found or not names:
        return ""
    match, name = draw.choice(found), draw.choice(names)
    return right.answer[: match.start()] + name + right.answer[match.end() :]


def _entity_chinese(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    spans = [
        o.answer for o in others if o.passage != right.passage and o.answer != o.sentence and 2 <= len(o.answer) <= 8
    ]
    spans = [s for s in spans if re.fullmatch(r"[\u4e00-\u9fff·]+", s) and s not in right.sentence + right.question]
    own = next((o.answer for o in others if o.question == right.question and o.answer != o.sentence), "")
    if not spans or not re.fullmatch(r"[\u4e00-\u9fff·]{2,8}", own) or own not in right.answer:
        return ""
    return right.answer.replace(own, draw.choice(spans), 1)


def _negation(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    if right.answer != right.sentence:
        return ""
    if right.language == "zh":
        for cue in ("不得", "没有", "不能", "不会", "不是", "沒有", "不會"):
            if cue in right.answer:
                return right.answer.replace(cue, cue.replace("不", "").replace("没", "").replace("沒", "") or "有", 1)
        places = [m.start() for m in _CHINESE_NOT.finditer(right.answer)]
        return _insert(right.answer, draw.choice(places), "不") if places else ""
    if found := _NOT.search(right.answer):
        return right.answer[: found.start()] + found.group(1) + right.answer[found.end() :]
    places = [m.end() for m in _AUXILIARY.finditer(right.answer)]
    return _insert(right.answer, draw.choice(places), " not") if places else ""


def _condition(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    if right.answer != right.sentence:
        return ""
    chinese = right.language == "zh"
    pairs = FLIPS_CHINESE if chinese else FLIPS
    patterns = [(re.escape(a) if chinese else rf"\b{a}\b", b) for a, b in pairs]
    possible = [(m, b) for a, b in patterns if (m := re.search(a, right.answer))]
    if not possible:
        return ""
    match, wrong = draw.choice(possible)
    return right.answer[: match.start()] + wrong + right.answer[match.end() :]


def _neighbour(right: Right, others: Sequence[Right], draw: random.Random) -> str:
    whole = right.answer == right.sentence
    near = [
        o.answer
        for o in others
        if abs(o.passage - right.passage) in (1, 2)
        and (o.answer == o.sentence) == whole
        and o.answer.casefold() not in (right.sentence + right.question).casefold()
    ]
    return draw.choice(near) if near else ""


def _insert(text: str, at: int, what: str) -> str:
    return text[:at] + what + text[at:]


CORRUPTIONS: dict[str, Callable[[Right, Sequence[Right], random.Random], str]] = {
    "number": _number,
    "unit": _unit,
    "identifier": _identifier,
    "entity": _entity,
    "negation": _negation,
    "condition": _condition,
    "neighbour": _neighbour,
}


def vague(right: Right) -> str:
    """The question with its names taken out, as a careless writer would ask it in front of the page."""
    if right.language == "zh":
        return ""
    blanked = re.sub(r"(?:\bthe )?\b[A-Z][\w'-]+(?: (?:of |the )?[A-Z][\w'-]+)*", "it", right.question[1:])
    return right.question[0] + blanked if blanked != right.question[1:] else ""


def with_question(made: Case, question: str) -> Case:
    """The same sample asked otherwise."""
    messages = (Message("user", question), *made.sample.messages[1:])
    return Case("vague", replace(made.sample, messages=messages), made.right)
