"""A sample is complete, well-formed, and free of what only prompts and templates contain."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.words import length, normal, words
from doc2data.records import Message, Sample, Verdict

NAME = "structure"
DATA = "extract"
"""The kind whose answers are JSON."""

_JUNK = (
    (
        re.compile(
            r"<\|[^|<>]{1,40}\|>|<｜[^｜<>]{1,40}｜>|\[/?INST\]|<</?SYS>>|</?(?:s|think|tool_call|tool_response)>"
            r"|<(?:bos|eos|unk|pad|(?:start|end)_of_turn)>|(?m:^#{2,} ?(?:Instruction|Response|Assistant|Human)\b)"
        ),
        "a chat template's token",
    ),
    (re.compile(r"(?m)^[^\S\n]*(?:Assistant|Human|助手)\s*[:：]"), "a speaker's name in front of what is said"),
    (
        re.compile(
            r"(?i)\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}\b(?:previous|prior|above|earlier|preceding|all)\b"
            r"[^.!?\n]{0,30}\b(?:instruction|prompt|direction|command)s?\b"
            r"|\b(?:reveal|print|repeat|show)\b[^.!?\n]{0,30}\bsystem prompt\b"
            r"|(?:忽略|无视|忘记)[^。！？\n]{0,12}(?:之前|以上|上述|先前|前面|所有)[^。！？\n]{0,10}(?:指令|指示|提示|命令)"
        ),
        "an instruction to a model",
    ),
    (re.compile("[\u202a-\u202e\u2066-\u2069]"), "a control that turns the direction of writing"),
    (re.compile("[\U000e0000-\U000e007f]"), "characters that nobody sees"),
    (re.compile(r"\{\{.*?\}\}|\{%.*?%\}"), "an unfilled template"),
    (re.compile(r"(?i)\bas an? (?:large )?(?:ai|language) (?:language )?(?:model|assistant)\b"), "a model's voice"),
    (re.compile(r"作为(?:一个)?(?:人工智能|语言模型|AI)"), "a model's voice"),
    (re.compile(r"(?i)\blorem ipsum\b|\bTODO\b|\bTBD\b|\[(?:insert|your)[^\]]{0,40}\]"), "a placeholder"),
    (re.compile(r"(?i)^\s*(?:question|answer|q|a|问题|问|回答|答案|答)\s*[:：]"), "a label instead of plain text"),
    (re.compile(r"\ufffd|[\x00-\x08\x0b\x0c\x0e-\x1f]"), "a character that no text should hold"),
    (re.compile(r"^\s*[\[{].*\"\s*:.*[\]}]\s*$", re.DOTALL), "JSON instead of plain text"),
)  # fmt: skip

_UNFINISHED = re.compile(
    r"(?i)(?:[,;:，；：、(（\[-]|\b(?:and|or|the|a|an|of|to|with|for|in|by|und|oder|der|die|das|et|ou|le|la|les)|\.\.\.|…)$"
)
_PAIRS = (("(", ")"), ("（", "）"), ("[", "]"), ("“", "”"), ("「", "」"), ("《", "》"))
_CLOSES = re.compile(r"(?m)(?:^|\s)(?:\d{1,2}|[a-zA-Z])\)")
"""`1)` and `a)` number a list; they close no bracket."""
LOOP_LENGTH = 4
LOOP_TIMES = 4


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Look at the form of each sample."""
    return [_verdict(sample, context) for sample in samples]


def _verdict(sample: Sample, context: CheckContext) -> Verdict:
    problem = next(_problems(sample, context), "")
    return failed(NAME, problem) if problem else passed(NAME, "complete and well-formed")


def _problems(sample: Sample, context: CheckContext) -> Iterator[str]:
    """What is wrong, worst first."""
    yield from _roles(sample)
    talk = [m for m in sample.messages if m.role != "system"]
    names = {"user": "the question", "assistant": "the answer"}
    yield from (f"{names.get(m.role, m.role)} is empty" for m in talk if not m.content.strip())
    yield from _sizes(sample, talk, context)
    for message in talk:
        if sample.kind == DATA and message.role == "assistant":
            yield from _broken(message.content)
        else:
            yield from _junk(message.content)
        yield from _forbidden(message.content, context.forbidden)
    for message in talk:
        if message.role == "assistant" and sample.kind != DATA:
            yield from _ending(message.content)
            yield from _loops(message.content)
    if normal(sample.question) == normal(sample.answer):
        yield "the answer repeats the question"
    for step in sample.reasoning:
        yield from _junk(step.text)
    if any(not step.text.strip() for step in sample.reasoning):
        yield "a step of the reasoning is empty"


def _roles(sample: Sample) -> Iterator[str]:
    roles = [m.role for m in sample.messages]
    talk = roles[1:] if roles[:1] == ["system"] else roles
    if not talk or len(talk) % 2 or any(role != ("user", "assistant")[i % 2] for i, role in enumerate(talk)):
        yield f"messages do not alternate between user and assistant ({', '.join(roles) or 'none'})"
    elif sample.turns and len(sample.turns) != len(talk) // 2:
        yield f"evidence is given for {len(sample.turns)} answers of {len(talk) // 2}"
    elif any(i not in range(len(sample.evidence)) for turn in sample.turns for i in turn):
        yield "an answer points at evidence that is not there"


def _sizes(sample: Sample, talk: Sequence[Message], context: CheckContext) -> Iterator[str]:
    settings = context.settings
    opening = next((m.content for m in talk if m.role == "user"), "")
    if length(opening) < settings.min_question_words:
        yield f"the question has {length(opening)} words, fewer than {settings.min_question_words}"
    for message in talk:
        if message.role == "assistant" and length(message.content) > settings.max_answer_words:
            yield f"the answer has {length(message.content)} words, more than {settings.max_answer_words}"


def _junk(text: str) -> Iterator[str]:
    for pattern, name in _JUNK:
        if found := pattern.search(text):
            yield f"holds {name}: {found.group().strip()[:40]!r}"
    if text.count("```") % 2:
        yield "a code block is opened and not closed"


def _broken(text: str) -> Iterator[str]:
    """What is wrong with an answer that has to be JSON."""
    try:
        json.loads(text)
    except (ValueError, RecursionError) as error:
        yield f"the answer is not JSON: {error}"


def _forbidden(text: str, forbidden: Sequence[str]) -> Iterator[str]:
    folded = normal(text)
    yield from (f"holds the forbidden word {word!r}" for word in forbidden if normal(word) and normal(word) in folded)


def _ending(answer: str) -> Iterator[str]:
    text = answer.strip()
    if "```" not in text and (found := _UNFINISHED.search(text)):
        yield f"the answer breaks off at {found.group()!r}"
    plain = _CLOSES.sub("", text)
    for opening, closing in _PAIRS:
        if plain.count(opening) > plain.count(closing):
            yield f"the answer opens {opening!r} and does not close it"


def _loops(answer: str) -> Iterator[str]:
    found = words(answer)
    grams = Counter(tuple(found[i : i + LOOP_LENGTH]) for i in range(len(found) - LOOP_LENGTH + 1))
    if grams:
        gram, times = grams.most_common(1)[0]
        if times >= LOOP_TIMES and times * LOOP_LENGTH > len(found) / 2:
            yield f"the answer says {' '.join(gram)!r} {times} times"
