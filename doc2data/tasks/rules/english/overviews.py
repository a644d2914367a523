"""What should I know about ...?: questions that a whole paragraph or short section answers, in English."""

from __future__ import annotations

import re

from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import is_plural, parse
from doc2data.tasks.rules.english.lexicon import classes, is_verb
from doc2data.tasks.rules.english.names import lowered
from doc2data.tasks.rules.english.noun_phrase import specific

_GENERIC = re.compile(
    r"^(?:overview|general|introduction|notes?|terms?|preface|summary|scope|purpose|miscellaneous|other|conclusion"
    r"|details?|background|information|contents?|appendix\b.*|definitions?|glossary|conventions|abstract|remarks?"
    r"|schedule|purpose and scope|who should .*|related .*|about this .*|how to (?:read|use) .*)$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(r"^(?:appendix\s+[A-Z][:.]?\s*|[\dA-Z]{1,2}(?:\.\d+)*\.?\s+(?=[A-Z]))")
_WAYS = ("What should I know about {}?", "What is important to know about {}?", "Can you tell me about {}?")
_DOING = ("What matters when {}?", "What do I have to keep in mind when {}?", "What is important when {}?")
_LOOSE = re.compile(
    r"(?:an?|each|every|most|all|some|any|no|both|many|there|other|table|figure|chapter|section|page"
    r"|the (?:two|three|four))\b",
    re.IGNORECASE,
)
_POINTS = re.compile(
    r"\b(?:below|above)(?=[.,;:)]|$)|\bthe (?:following|example|figures?|table) (?:below|above)"
    r"|\b(?:stated|shown|listed|given|named|described) (?:below|above)\b| · .* · "
    r"|\b(?:in this (?:table|figure|list)|table \d|figure \d|fig\. ?\d|appendix [A-Z]\b|chapters? \d|overleaf)",
    re.IGNORECASE,
)
_PHRASAL = re.compile(r"[A-Za-z]+ing (?:out|off|up|down|in|on|back)\b")
_MOST_WORDS = 6
_UNCOUNTED = vocab.words("data safety water power information software maintenance training noise use work time access")


def of_heading(heading: str, around: Around, way: int) -> str:
    """The question about what a heading names; "" where it does not make one.

    Args:
        heading: as it stands over the text.
        around: tells names from common words.
        way: chooses among ways that are equally good.
    """
    title = _NUMBERED.sub("", " ".join(heading.split())).strip()
    words = title.split()
    odd = re.search(r"[.:;?!\"“”()/&|]|^\W", title)
    if not words or len(words) > _MOST_WORDS or odd or _GENERIC.match(title) or not re.search(r"[a-z]{3}", title):
        return ""
    ways = _WAYS
    named = _with_article(_small(title))
    if words[0].lower().endswith("ing") and is_verb(words[0], "VBG") and words[1:2] and words[1] in vocab.DETERMINERS:
        ways, named = _DOING, _small(title)
    elif _PHRASAL.match(title) or (is_verb(words[0], "VB") and not _is_noun(words[0])):
        named = ""
    if not named and len(words) > 1:
        named = f'"{title}"'
    return ways[way % len(ways)].format(named) if named else ""


def of_sentence(sentence: str, around: Around, way: int) -> str:
    """The question about what a sentence speaks of first; "" where it does not say plainly what that is."""
    clause = parse(sentence.rstrip("."))
    if clause is None or clause.imperative:
        return ""
    subject = re.sub(r" \([^)]*\)", "", clause.subject)
    named = subject.startswith("The ") or any(letter.isdigit() or letter.isupper() for letter in subject[1:])
    plain = named and specific(subject) and len(subject.split()) <= _MOST_WORDS and not _LOOSE.match(subject)
    if not plain or re.search(r"[,;:]|\b(?:it|its|they|their|this|these|that|those|who|which|you|we)\b", subject):
        return ""
    return _WAYS[way % len(_WAYS)].format(lowered(subject, around))


def points_elsewhere(sentence: str) -> bool:
    """Whether a sentence points at something beside it that an answer does not show."""
    return bool(_POINTS.search(sentence))


def _small(title: str) -> str:
    """A heading as running text: its first word in lower case, unless a name begins it."""
    first, _, rest = title.partition(" ")
    coded = re.match(r"[A-Z]+-?\d", rest) is not None and _is_noun(first)  # "Alarm E-07"
    is_name = not first[1:].islower() or any(letter.isdigit() for letter in first) or (rest[:1].isupper() and not coded)
    return title if is_name else title[:1].lower() + title[1:]


def _is_noun(word: str) -> bool:
    return "NOUN" in classes(word.lower())


def _with_article(title: str) -> str:
    words = title.split()
    if words[0].lower() in vocab.ARTICLES:
        return title
    if words[0].lower() in vocab.DETERMINERS | vocab.PRONOUNS | vocab.PREPOSITIONS | vocab.SUBORDINATORS | {"how"}:
        return ""
    head = re.split(r" (?:of|for|in|on|at|to|with|by|from|between|during|after|before|and|under) ", title)[0]
    last = head.split()[-1]
    named = any(char.isdigit() or char.isupper() for word in words for char in word)
    if named or is_plural(head) or last.lower() in _UNCOUNTED or is_verb(last, "VBG"):
        return title
    return f"the {title}" if _is_noun(last) else ""
