"""Words that checks treat apart, by language: read from `vocabulary/LANGUAGE.toml`; a language is added with a file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of one language."""

    function_words: frozenset[str] = frozenset()
    common: frozenset[str] = frozenset()
    """Words that a paraphrase may bring in without naming anything new."""
    negations: tuple[str, ...] = ()
    refusal: str = ""
    """Regular expression of what says that the documents do not tell."""
    pointing: tuple[str, ...] = ()
    """Regular expressions of what points at a source that the reader has not got."""
    unnamed: frozenset[str] = frozenset()
    """Nouns that, with an article alone and no name beside them, name no certain thing: the company."""
    unnamed_alone: frozenset[str] = frozenset()
    """Those that do not where a question names nothing else at all: the city."""
    definite: tuple[str, ...] = ()
    """Articles of what is taken for known."""
    telling_which: str = "(?!)"
    """Regular expression of what, behind a noun, tells which one it is."""
    standing_in: tuple[str, ...] = ()
    """Pronouns of a question that stand for what it should have named before them."""
    owning: frozenset[str] = frozenset()
    """Those of them that are possessives, which may stand for what is asked for: which pump has its origin."""
    asked_for: str = "(?!)"
    """Regular expression of the words that ask and the noun that they ask for: which pump."""
    asked_about: str = "(?!)"
    """Regular expression of the words that ask for a thing by another one: what is the purpose."""
    prohibitions: frozenset[str] = frozenset()
    """Words that deny what stands before them as well as what stands behind: forbidden, excluded."""
    permitted: frozenset[str] = frozenset()
    """Words that a negation before them makes a prohibition: not allowed."""
    negative_prefixes: tuple[str, ...] = ()
    """Beginnings that turn a word into its opposite: un, non."""
    averting: tuple[str, ...] = ()
    """Words by which something is kept from happening: avoid, prevent."""
    articles: frozenset[str] = frozenset()
    """Words behind which a thing is named: the, a, no."""
    single: frozenset[str] = frozenset()
    """Articles that before a unit tell one of it: an hour."""
    answers: frozenset[str] = frozenset()
    """Words that answer a question by themselves: yes, no."""
    clause_starts: frozenset[str] = frozenset()
    """Words that begin another clause, to which a negation does not reach."""
    supposing: frozenset[str] = frozenset()
    """Those of them after which something is only supposed: if, when."""
    joints: frozenset[str] = frozenset()
    """Words that join two clauses or things: and, or."""
    pronouns: frozenset[str] = frozenset()
    """Words at the head of a sentence that stand for what the one before it names."""
    reckoning: str = ""
    """Regular expression of what asks for a number that has to be reckoned."""
    telling: frozenset[str] = frozenset()
    """Colours, materials, days of the week: words that no other wording of a source brings in."""
    modality: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """obligation, recommendation, permission: the words that express each."""
    opposites: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = ()
    """Pairs of word groups, each of one meaning, the two of opposite meaning."""
    order: frozenset[str] = frozenset()
    """Those of them that tell an order: A before B is B after A."""
    opposite_characters: tuple[str, ...] = ()
    """Pairs of ideographs of opposite meaning."""
    months: Mapping[str, int] = field(default_factory=dict)
    small_numbers: Mapping[str, int] = field(default_factory=dict)
    """Words for one and two, which stand for something else as well."""
    units: Mapping[str, str] = field(default_factory=dict)
    """Words of the language for units, to the names that the unit registry knows."""


@cache
def languages() -> tuple[str, ...]:
    """Codes of the languages that have a vocabulary."""
    files = (resources.files("doc2data.checks") / "vocabulary").iterdir()
    return tuple(sorted(file.name.removesuffix(".toml") for file in files if file.name.endswith(".toml")))


@cache
def vocabulary(language: str) -> Vocabulary:
    """The words of a language; empty for one that has no file."""
    if language not in languages():
        return Vocabulary()
    file = resources.files("doc2data.checks") / "vocabulary" / f"{language}.toml"
    raw: Mapping[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    return Vocabulary(
        function_words=frozenset(raw["function_words"].split()),
        common=frozenset(raw.get("common", "").split()),
        negations=_entries(raw["negations"]),
        prohibitions=frozenset(raw.get("prohibitions", "").split()),
        permitted=frozenset(raw.get("permitted", "").split()),
        negative_prefixes=tuple(raw.get("negative_prefixes", "").split()),
        refusal=raw.get("refusal", ""),
        pointing=tuple("".join(pattern.split("\n")) for pattern in raw.get("pointing", ())),
        averting=tuple(raw.get("averting", "").split()),
        articles=frozenset(raw.get("articles", "").split()),
        single=frozenset(raw.get("single", "").split()),
        unnamed=frozenset(raw.get("unnamed", "").split()),
        unnamed_alone=frozenset(raw.get("unnamed_alone", "").split()),
        definite=tuple(raw.get("definite", "").split()),
        telling_which=raw.get("telling_which", "(?!)"),
        standing_in=tuple(raw.get("standing_in", "").split()),
        owning=frozenset(raw.get("owning", "").split()),
        asked_for=raw.get("asked_for", "(?!)"),
        asked_about=raw.get("asked_about", "(?!)"),
        answers=frozenset(raw["answers"].split()),
        clause_starts=frozenset(raw.get("clause_starts", "").split()),
        supposing=frozenset(raw.get("supposing", "").split()),
        joints=frozenset(raw.get("joints", "").split()),
        pronouns=frozenset(raw.get("pronouns", "").split()),
        reckoning=raw.get("reckoning", ""),
        telling=frozenset(raw.get("telling", "").split()),
        modality={name: _entries(words) for name, words in raw.get("modality", {}).items()},
        opposites=tuple((_entries(pair["a"]), _entries(pair["b"])) for pair in raw.get("opposites", ())),
        order=frozenset(
            word
            for pair in raw.get("opposites", ())
            if pair.get("order")
            for word in _entries(pair["a"]) + _entries(pair["b"])
        ),
        opposite_characters=tuple(raw.get("opposite_characters", "").split()),
        months=raw.get("months", {}),
        small_numbers=raw.get("small_numbers", {}),
        units=raw.get("units", {}),
    )


def _entries(text: str) -> tuple[str, ...]:
    parts = text.split(",") if "," in text else text.split()
    return tuple(part.strip() for part in parts if part.strip())
