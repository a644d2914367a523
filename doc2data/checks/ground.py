"""What an answer may say: its evidence, the headings over it, and what was said before."""

from __future__ import annotations

import re
from functools import cached_property

from doc2data.checks.claims import Claim
from doc2data.checks.facts import Facts, facts_of
from doc2data.checks.families import description, kindred, light_stems, things_named
from doc2data.checks.numerals import CHINESE_NUMERALS, before_unit
from doc2data.checks.quantities import Quantity
from doc2data.checks.units import known_unit
from doc2data.checks.vocabulary import vocabulary
from doc2data.checks.words import content_words, normal, unknown_runs, words
from doc2data.tasks.rules.english.lexicon import classes

_OPENING = re.compile(r"[A-Z][a-z]{3,}\b(?![-'’.])")
"""A word with a capital at the head of a sentence."""


class Ground:
    """The texts of one claim, read once."""

    def __init__(self, claim: Claim) -> None:
        self.claim = claim
        self.language = claim.language
        self.text = "\n".join((*claim.headings, *claim.quotes, claim.question, claim.steps))
        self.facts = facts_of(self.text, self.language)
        self.plain = normal(self.text)
        self.stems = frozenset(content_words(self.text, self.language))

    @cached_property
    def told(self) -> Facts:
        """The facts of quotes and question, without those of headings."""
        return facts_of("\n".join((*self.claim.quotes, self.claim.question)), self.language)

    @cached_property
    def worked_out(self) -> Facts:
        """The facts of the reasoning and of what asked for it."""
        return facts_of(f"{self.claim.question}\n{self.claim.steps}", self.language)

    @cached_property
    def single(self) -> list[Quantity]:
        """What is told with an article for its number: a week is one week."""
        words = tuple(sorted(vocabulary(self.language).single))
        found = before_unit(words).finditer(self.text) if words else ()
        units = ((match, known_unit(match["unit"], self.language)) for match in found)
        return [Quantity(match.group(), *match.span(), frozenset({1.0}), unit) for match, unit in units if unit]

    def quotes(self, sentence: str) -> bool:
        """Whether a sentence stands here word for word, and no number or word is cut by its ends."""
        plain = normal(sentence).rstrip(" .!?。！？")
        start = self.plain.find(plain) if plain else -1
        while start >= 0:
            end = start + len(plain)
            if not _joined(self.plain[start - 1 : start + 1]) and not _joined(self.plain[end - 1 : end + 1]):
                return True
            start = self.plain.find(plain, start + 1)
        return False

    def stranger(self, sentence: str) -> str:
        """What a sentence names that is not here, told by something else than a capital inside it; empty if nothing."""
        return self._unheard_of(sentence) or self._opens_with_a_stranger(sentence) or self._untold(sentence)

    def compare(self, text: str) -> tuple[int, list[str]]:
        """How many content words a text has, and those of them that are not here in any form.

        What any other wording may bring in counts only where it is here.
        """
        light = light_stems(self.language)
        found = [(word, self.has(word)) for word in content_words(text, self.language)]
        return sum(here or word not in light for word, here in found), [
            w for w, here in found if not here and w not in light
        ]

    def things(self, sentence: str, said: Facts) -> list[str]:
        """The things that a sentence names and that are not here in any form, as they are written.

        What stands right behind a code only says what sort of thing that is: the NF-8 air filter.
        """
        light = light_stems(self.language)
        apposed = {word for code in said.codes for word in description(sentence.partition(code)[2], self.language)}
        return [
            thing
            for thing in things_named(said.rest, self.language)
            if thing not in apposed
            and not all(stem in light or self.has(stem) for stem in content_words(thing, self.language))
        ]

    def has(self, stem: str) -> bool:
        """Whether a word or one of its family is here."""
        return stem in self.stems or self._kindred(stem)

    def _unheard_of(self, sentence: str) -> str:
        """What a Chinese sentence names: characters in a row that are neither here nor common words."""
        if self.language not in ("zh", "ja"):
            return ""
        run = next(unknown_runs(sentence, self.plain), "")
        return f"the name or term {run!r} is neither in the evidence nor in the question" if run else ""

    def _opens_with_a_stranger(self, sentence: str) -> str:
        """A name that only opens an English sentence, where its capital tells nothing: no word of the dictionary."""
        opening = _OPENING.match(sentence) if self.language == "en" else None
        if opening is None:
            return ""
        word = opening.group()
        stems = content_words(word, self.language)
        known = not stems or all(map(self.has, stems)) or classes(word.lower())
        return "" if known else f"the name {word!r} is neither in the evidence nor in the question"

    def _untold(self, sentence: str) -> str:
        """A colour, a material or a day of the week: words that no other wording brings in."""
        telling = vocabulary(self.language).telling
        word = next((w for w in words(sentence) if w in telling and not self._has(w)), "")
        return f"{word!r} is neither in the evidence nor in the question" if word else ""

    def _has(self, word: str) -> bool:
        return all(map(self.has, content_words(word, self.language)))

    def _kindred(self, word: str) -> bool:
        """Whether a word of the same family is here, as replacement is of replace."""
        return any(kindred(word, stem, self.language) for stem in self.stems)


def _joined(pair: str) -> bool:
    """Whether two neighbouring characters belong to one word or one number."""
    return len(pair) == 2 and all((c.isascii() and c.isalnum()) or c in CHINESE_NUMERALS for c in pair)
