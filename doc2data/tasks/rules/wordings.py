"""Questions in other words by rule, for forms of question in which the other words are sure to be right."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

Form = tuple[re.Pattern[str], tuple[str, ...]]
"""What a whole question looks like, and templates of what asks the same."""

_AUXILIARY = r"(?:is|are|was|were|do|does|did|can|could|may|must|shall|should|will|would|has|have|had)"
_ENGLISH: tuple[Form, ...] = (
    (re.compile(r"How do you (?P<task>[^,?]+)\?"), ("What are the steps to {task}?", "Please explain how to {task}.")),
    (re.compile(r"What does (?P<short>[^,? ]+) stand for\?"), ("What is {short} short for?",)),
    (re.compile(r"What (?:does|do) (?P<term>(?!you\b)[^,?]+) mean\?"), ("What is meant by {term}?",)),
    (
        re.compile(r"What (?:is|are) (?P<thing>the [^,?]+? (?:of|for|between) [^,?]+)\?"),
        ("Could you tell me {thing}?", "Please state {thing}."),
    ),
    (
        re.compile(r"What is (?P<term>an? [\w -]+)\?"),
        ("How is {term} defined?", "What is meant by {term}?"),
    ),
    (re.compile(rf"Why (?P<rest>{_AUXILIARY} [^?]+)\?"), ("For what reason {rest}?",)),
    (re.compile(rf"How often (?P<rest>{_AUXILIARY} [^?]+)\?"), ("At what intervals {rest}?",)),
    (re.compile(r"How much does (?P<thing>[^,?]+) weigh\?"), ("What is the weight of {thing}?",)),
    (re.compile(r"May you (?P<task>[^,?]+)\?"), ("Are you allowed to {task}?", "Is it permitted to {task}?")),
    (re.compile(rf"Which (?P<rest>[a-z]+(?: [a-z]+)? {_AUXILIARY} [^?]+)\?"), ("What {rest}?",)),
)
_CHINESE: tuple[Form, ...] = (
    (re.compile(r"什么是(?P<term>[^，？]+)？"), ("{term}是什么？", "{term}指的是什么？")),
    (re.compile(r"(?P<head>[^，？]*)如何(?P<rest>[^，？]+)？"), ("{head}怎样{rest}？", "请说明{head}如何{rest}。")),
    (re.compile(r"为什么(?P<rest>[^？]+)？"), ("{rest}，这是为什么？",)),
    (re.compile(r"(?P<whole>(?!请)[^？]+(?:是多少|是什么|有哪些|多久|几次))？"), ("请问{whole}？",)),
)
_DANGLES = re.compile(
    r"\b(?:of|for|with|from|by|in|on|at|to|into|about|as|do|done|used|made|called|named|set|allowed|required|permitted|"
    r"filled|mounted|installed|located|stored|kept|available)$"
)
"""Ends of what is no noun phrase: the question asks for something that belongs behind them."""
_ENDS_WITH_CLAUSE = re.compile(
    rf"(?P<main>(?:What|Which|How|Where|Who)\b[^,?]*?\b{_AUXILIARY}\b[^,?]*?) "
    r"(?P<clause>(?:if|when|before|after|while|until) (?!which\b|what\b)[^,?]+)\?"
)
_POINTS = re.compile(r"\b(?:it|its|they|them|their|he|she|him|her|his|this|that|these|those)\b", re.IGNORECASE)


def wordings(question: str, language: str) -> list[str]:
    """Other words for a question, surest first; none where no rule fits.

    Args:
        question: one question.
        language: ISO 639-1 code; there are rules for English and Chinese.
    """
    rules: dict[str, Callable[[str], Iterator[str]]] = {"en": _english, "zh": _chinese}
    found = rules[language](question.strip()) if language in rules else iter(())
    return list(dict.fromkeys(text for text in found if text != question))


def _english(question: str) -> Iterator[str]:
    if match := _ENDS_WITH_CLAUSE.fullmatch(question):
        main, clause = match["main"], match["clause"]
        if not _POINTS.search(clause) and not _DANGLES.search(main):
            yield f"{clause[0].upper()}{clause[1:]}, {main[0].lower()}{main[1:]}?"
    for match, templates in _fitting(question, _ENGLISH):
        thing = match.groupdict().get("thing") or match.groupdict().get("term") or ""
        if not _DANGLES.search(thing):
            yield from (template.format(**match.groupdict()) for template in templates)


def _chinese(question: str) -> Iterator[str]:
    for match, templates in _fitting(question, _CHINESE):
        yield from (template.format(**match.groupdict()) for template in templates)


def _fitting(question: str, forms: Sequence[Form]) -> Iterator[tuple[re.Match[str], tuple[str, ...]]]:
    for pattern, templates in forms:
        if match := pattern.fullmatch(question):
            yield match, templates
