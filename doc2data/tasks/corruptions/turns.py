"""A statement turned round: denied, affirmed, or put under another condition."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator

from doc2data.tasks.corruptions.ground import Ground, Wrong, exchanged

FLIPS = [
    ("before", "after"), ("after", "before"), ("at least", "at most"), ("at most", "at least"),
    ("more than", "less than"), ("less than", "more than"), ("increased", "decreased"), ("if", "unless"),
    ("unless", "if"), ("above", "below"), ("below", "above"), ("all", "none of the"), ("largest", "smallest"),
    ("first", "last"), ("with", "without"), ("without", "with"), ("higher", "lower"), ("lower than", "higher than"),
    ("the lower", "the upper"), ("the upper", "the lower"),
    ("must", "may"), ("may", "must"), ("should", "must not"), ("can", "cannot"), ("until", "since"),
    ("allowed", "forbidden"), ("include", "exclude"), ("required", "optional"), ("always", "never"),
    ("open", "closed"), ("closed", "open"), ("clockwise", "counterclockwise"), ("left", "right"),
    ("minimum", "maximum"), ("maximum", "minimum"),
]  # fmt: skip
FLIPS_CHINESE = [
    ("之前", "之后"), ("之后", "之前"), ("至少", "至多"), ("至多", "至少"), ("增加", "减少"), ("必须", "可以"),
    ("可以", "不得"), ("最大", "最小"), ("允许", "禁止"), ("超过", "不足"), ("包括", "不包括"), ("开始", "结束"),
    ("之後", "之前"), ("必須", "可以"), ("高于", "低于"), ("低于", "高于"), ("打开", "关闭"), ("关闭", "打开"),
]  # fmt: skip
_VERBS = "is|are|was|were|can|could|will|would|must|should|does|did|has|have|had"
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|can|could|will|would|must|should|(?:has|have|had)(?= (?:been|\w+ed)\b))\b"
    r"(?! not|n't| [\"“\d±])"
)
"""What can be denied; "is not 20 min" leaves open what it is, and so is no false answer to a look-up."""
_NOT = re.compile(rf"\b({_VERBS}) not\b")
_FORBIDS = re.compile(r"(?m)(^|(?<=[.!?] )|(?<=\d[.)] ))(?:Do not|Never) ([a-z])")
_CHINESE_NOT = re.compile(
    r"(?<![不没未可还也若总都])(?=是(?!否)|能够|可以|允许|属于|会(?!议)|应当|应该|应(?![用急答变该当]))"
)
_CHINESE_AFFIRMED = (
    ("不得", "可以"), ("没有", "有"), ("不能", "能"), ("不会", "会"), ("不是", "是"), ("沒有", "有"), ("不會", "會"),
    ("严禁", "允许"), ("禁止", "允许"), ("请勿", "请"), ("切勿", "请"),
)  # fmt: skip


def negation(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """What is denied is affirmed; what is affirmed is denied."""
    if ground.language == "zh":
        yield from _negation_chinese(ground, draw)
    elif ground.language == "en":
        for match in _NOT.finditer(ground.answer):
            yield exchanged(ground, match.start(), match.end(), match.group(1))
        for match in _FORBIDS.finditer(ground.answer):
            yield exchanged(ground, match.start(), match.end(), match.group(2).upper())
        places = list(_AUXILIARY.finditer(ground.answer))
        for match in draw.sample(places, len(places)):
            denied = "cannot" if match.group(1) == "can" else f"{match.group(1)} not"
            yield exchanged(ground, match.start(), match.end(), denied)


def condition(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    """A word of time, limit, permission or condition exchanged for its opposite."""
    chinese = ground.language == "zh"
    if not chinese and ground.language != "en":
        return
    pairs = FLIPS_CHINESE if chinese else FLIPS
    for before, after in draw.sample(pairs, len(pairs)):
        match = re.search(re.escape(before) if chinese else rf"\b{before}\b(?! not\b|n't\b)", ground.answer)
        if match:
            yield exchanged(ground, match.start(), match.end(), after)


def _negation_chinese(ground: Ground, draw: random.Random) -> Iterator[Wrong]:
    for cue, affirmed in _CHINESE_AFFIRMED:
        if cue in ground.answer:
            start = ground.answer.index(cue)
            yield exchanged(ground, start, start + len(cue), affirmed)
    places = [match.start() for match in _CHINESE_NOT.finditer(ground.answer)]
    for at in draw.sample(places, len(places)):
        yield exchanged(ground, at, at, "不")
