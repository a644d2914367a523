"""What an English pronoun in a question may stand for: a thing named in the question, and not what is asked for.

Read by a dictionary's parts of speech and by place, without a parser: where a word may be a noun, it is taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from doc2data.checks.words import function_words
from doc2data.tasks.rules.english.lexicon import classes, singular

_TOKEN = re.compile(r"[^\W_]+(?:['’.&/-][^\W_]+)*|[,;:?!–—]|--|(?<=\s)-(?=\s)|\.(?=\s)")
_LOOSE = re.compile(r"\s+(?=['’]s\b)")
"""What stands before the s of a possessive in tokenised text."""
_ONE = frozenset({"it", "its"})
PRONOUNS = _ONE | {"he", "him", "his", "she", "her", "hers", "they", "them", "their", "theirs"}
"""Those that stand for something outside their own clause, as himself does not."""
_SUBJECTS = frozenset({"he", "she", "they"})
DEMONSTRATIVES = frozenset({"this", "these", "those"})
_TOLD_BEHIND = frozenset({"who", "that", "of", "which", "whose", "born"})
"""Words near behind a demonstrative that tell what it points at: those who."""
NEAR = 6
_POSSESSIVE = frozenset({"its", "his", "her", "their"})
_ASKING = frozenset({"what", "which", "whose", "who", "whom", "how", "when", "where", "why"})
_BEING = frozenset({"is", "are", "was", "were"})
_AUXILIARY = _BEING | frozenset(
    """
    be been being am do does did has have had can could may might must shall should will would isn't aren't wasn't
    weren't don't doesn't didn't hasn't haven't can't couldn't won't wouldn't shouldn't
    """.split()  # noqa: SIM905
)
_VERB_FOLLOWS = frozenset({"to", "who", "i", "you", "we", *PRONOUNS, "can", "could", "may", "might", "must", "will"})
_OF_IT = frozenset({"of", "for", "by", "about"})
_SUPPOSING = frozenset({"if", "when", "while", "before", "after", "although", "though", "since", "once", "unless"})
_LEADING = _SUPPOSING | {"besides", "despite", "during", "unlike", "with", "without", "other", "along", "apart", "in"}
"""Words that open a part of a sentence whose pronoun may stand for what only comes behind it."""
_HAVING = frozenset({"have", "has", "had", "having", "with", "without", "contain", "contains", "containing"})
_RELATIVE = frozenset({"who", "which", "that", "whose", "whom"})
_AND_THEN = _SUPPOSING | {"and", "or", "but", "than", "as", "until", "because", "so", "where", "whether", "then", ","}
_MARKS = frozenset(";:?!.–—-") | {"--"}
"""What ends a statement, behind which a pronoun may stand for all of it."""
"""What begins another clause, in which a pronoun may stand for what the first one asked for."""


class Question:
    """The words of an English question, read once."""

    def __init__(self, text: str, generic: frozenset[str]) -> None:
        """`generic` are words that name no certain thing."""
        self.written = _TOKEN.findall(_LOOSE.sub("", text))
        opens_a_title = "".join(self.written[1:2]).istitle()
        self._plain = [_folded(token, first=not (at or opens_a_title)) for at, token in enumerate(self.written)]
        self._generic = generic

    def dangling(self) -> str:
        """The first pronoun or demonstrative that nothing in the question can stand behind; empty without one."""
        for at, word in enumerate(self._plain):
            points = word in DEMONSTRATIVES and not _TOLD_BEHIND & set(self._plain[at + 1 : at + 1 + NEAR])
            if not (points or word in PRONOUNS) or self._follows_a_statement(at) or self._is_of_who(at):
                continue
            if not any(self._may_mean(at, other) for other in self._places(at)):
                return " ".join(self.written[at : at + 1 + points])
        return ""

    def _is_of_who(self, at: int) -> bool:
        """Whether a possessive stands for the one who is asked for: who released their second album?"""
        return self._plain[at] in _POSSESSIVE and "who" in self._plain[:at] and self._plain[at - 1] not in _AUXILIARY

    def _follows_a_statement(self, at: int) -> bool:
        """Whether a part of the question ends before a word, so that a pronoun may stand for all of it."""
        end = max((i for i in range(at) if self._plain[i] in _MARKS), default=0)
        return any(self._names(i) for i in range(end))

    def names_a_thing(self) -> bool:
        """Whether it names anything: by a noun that is not generic, by a name, a number or a code."""
        return any(self._names(at) for at in range(len(self._plain)))

    def _places(self, at: int) -> Iterator[int]:
        """Where what a pronoun stands for may be: before it, or behind the part of a sentence that opens with it."""
        clause = at if self._plain[at] in _POSSESSIVE | DEMONSTRATIVES else self._clause(at)
        yield from range(clause)
        yield from (i for i in range(clause, at) if self.written[i].endswith(("'s", "’s")))
        leading = _LEADING if self._plain[at] in _POSSESSIVE else _SUPPOSING
        if self._plain[1] in _AUXILIARY:
            return  # the when of a question
        if self._plain[0] in leading and not any(word in _ASKING - _SUPPOSING for word in self._plain[:at]):
            yield from range(at + 1, len(self._plain))

    def _clause(self, at: int) -> int:
        """Where the clause of a pronoun begins: it stands for nothing that its own verb joins it to (principle B).

        Not so beside a verb of having (what does the box have in it?), nor where the pronoun has a verb of its own.
        """
        before, behind = self._plain[at - 1] if at else "", "".join(self._plain[at + 1 : at + 2])
        if behind == "to" or (before not in _AUXILIARY and (behind in _AUXILIARY or self._plain[at] in _SUBJECTS)):
            return at
        for start in range(at - 1, -1, -1):
            word = self._plain[start]
            if word in _HAVING:
                return at
            if start and (word in _RELATIVE or self._is_participle(start)):
                return start - 1
            if word in _AND_THEN or self._opens_a_clause(start):
                return start
        return 0

    def _is_participle(self, at: int) -> bool:
        """Whether a verb in -ing tells more of the noun before it: a treaty granting rights."""
        word = self._plain[at]
        return word.endswith("ing") and "VERB" in classes(word) and self._names(at - 1)

    def _opens_a_clause(self, at: int) -> bool:
        """Whether a verb in -ing or behind `to` stands here, with a clause of its own: without damaging it."""
        word, before = self._plain[at], self._plain[at - 1] if at else ""
        if word.endswith("ing") and "VERB" in classes(word):
            return before in function_words("en") and before not in _AUXILIARY | {"the", "a", "an"}
        return before == "to" and "VERB" in classes(word)

    def _may_mean(self, at: int, other: int) -> bool:
        """Whether the pronoun at `at` may stand for the word at `other`."""
        pronoun = self._plain[at]
        if not self._names(other) or self._is_modifier(other):
            return False
        if other < at and self._is_asked_for(other) and not self._owns(at):
            return False
        if at - other == 2 and self._plain[at - 1] in _OF_IT and pronoun not in _POSSESSIVE:
            return False  # the purpose of it
        return pronoun not in _ONE | {"this"} or self._is_one(other)

    def _owns(self, at: int) -> bool:
        """Whether a possessive may stand for what is asked for: which school has its origins, not: what is its name."""
        before = self._plain[at - 1]
        return self._plain[at] in _POSSESSIVE and (before not in _AUXILIARY or before in ("has", "have", "had"))

    def _names(self, at: int) -> bool:
        """Whether a word names something: a noun, a name, a code or a number."""
        word = self._plain[at]
        if word in self._generic or not self._is_content(word):
            return False
        kinds = classes(word)
        if not kinds or not word.isalpha() or (at and self.written[at][0].isupper()):
            return True
        if "VERB" in kinds and at and self._plain[at - 1] in _VERB_FOLLOWS:
            return False
        return "NOUN" in kinds or word.endswith("ing")

    def _is_content(self, word: str) -> bool:
        return word[0].isalnum() and word not in function_words("en") and word not in PRONOUNS | _ASKING

    def _is_modifier(self, at: int) -> bool:
        """Whether a word only tells more of the noun behind it: the close of `a close ally`."""
        kinds, following = classes(self._plain[at]), "".join(self._plain[at + 1 : at + 2])
        behind = classes(following) if following and self._is_content(following) else frozenset()
        if self.written[at].endswith(("'s", "’s")):
            return False
        return behind == {"NOUN"} or ("ADJ" in kinds and "NOUN" in behind)

    def _is_one(self, at: int) -> bool:
        word = self._plain[at]
        return self.written[at][0].isupper() or not word.endswith("s") or singular(word) == word

    def _is_asked_for(self, at: int) -> bool:
        """Whether a word belongs to what is asked for: the river of `what river runs`, the use of `what is the use`."""
        for start in range(at - 1, -1, -1):
            word = self._plain[start]
            if word in _AND_THEN:
                return False
            if word in ("what", "which", "who") and self._plain[start + 1] in _BEING:
                return not any(self._is_head(i) for i in range(start + 2, at))
            if word in ("what", "which", "whose", "many", "much"):
                return not any(self._ends_what_is_asked(i, start) for i in range(start + 1, at + 1))
            if word in _ASKING:
                return False
        return False

    def _is_head(self, at: int) -> bool:
        word = self._plain[at]
        return self._is_content(word) and "NOUN" in classes(word) and not self._is_modifier(at)

    def _ends_what_is_asked(self, at: int, start: int) -> bool:
        """Whether a word is behind the noun that is asked for, which ends at a verb or at what it is joined to."""
        word = self._plain[at]
        if word in _AUXILIARY or (word in function_words("en") and word not in ("much", "many", "other")):
            return True
        return "VERB" in classes(word) and at > start + 1 and "NOUN" in classes(self._plain[at - 1])


def _folded(token: str, *, first: bool) -> str:
    """A word as it is compared; with a capital inside a sentence, or with capitals alone, who and it are names."""
    plain = token.casefold().replace("’", "'")
    if plain in _ASKING | PRONOUNS and (token.isupper() or (token.istitle() and not first)):
        return token
    return "its" if plain == "it's" else plain.removesuffix("'s")
