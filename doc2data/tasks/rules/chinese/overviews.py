"""Questions that a whole paragraph or short section answers, in Chinese."""

from __future__ import annotations

import re

from doc2data.tasks.rules.draft import Around

_GENERIC = re.compile(r"^(?:概述|总则|前言|引言|说明|术语|一般要求|其他|附录.*|目录|简介|总结)$")
_NUMBERED = re.compile(r"^(?:第[\d一二三四五六七八九十]+[章节]|[一二三四五六七八九十]+、|\d+(?:\.\d+)*[.、]?)\s*")
_POINTS = re.compile(r"[如见][上下]?[图表]|[图表]\s?\d|以下|如下|下[图表]|上[图表]|附录")
_WAYS = ("关于{}，需要了解什么？", "关于{}，有哪些要注意的？", "能介绍一下{}吗？")
_MOST = 16
_SUBJECT = re.compile(r"(?P<name>[A-Z]{1,4}-?\d+[\u4e00-\u9fff]{2,7}?)(?=的|应|须|必|不|在|可|是|为|由|将|仅|用)")


def of_heading(heading: str, around: Around, way: int) -> str:
    """The question about what a heading names; arguments as in the English twin."""
    title = _NUMBERED.sub("", "".join(heading.split()))
    fits = 2 <= len(title) <= _MOST and not _GENERIC.match(title) and not re.search(r"[：。；？！（）“”]", title)
    return _WAYS[way % len(_WAYS)].format(title) if fits else ""


def of_sentence(sentence: str, around: Around, way: int) -> str:
    """The question about what a sentence speaks of first."""
    match = _SUBJECT.match(sentence)
    return _WAYS[way % len(_WAYS)].format(match["name"]) if match else ""


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence points at something beside it that an answer does not show."""
    return bool(_POINTS.search(sentence))
