"""Capital letters: which first words keep theirs inside a question."""

from __future__ import annotations

import re

from doc2data.tasks.rules.draft import Around
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.lexicon import classes
from doc2data.tasks.rules.english.tokens import tokens

_FORMED = re.compile(r"[a-z]{3}(?:ic|ical|al|ed|ing|ive|ous|able|ible|ary|ly|tion|ment|ity|ness)$")
"""Endings by which a word that is in no dictionary is an ordinary one."""
_CLOSED = vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.PRONOUNS | vocab.SUBORDINATORS | vocab.NUMBER_WORDS
_NUMERAL = re.compile(
    r"(?:one|(?:thir|four|fif|six|seven|eigh|nine)teen|(?:twen|thir|for|fif|six|seven|eigh|nine)ty(?:-[a-z]+)?|hundreds?|thousands?)"
)
_PREFIXED = re.compile(
    r"(?:Non|Pre|Post|Multi|Anti|Sub|Inter|Intra|Co|Re|Self|Semi|Over|Under|Cross|Mid|Well|High|Low)-[a-z]"
)


def capitalised(text: str) -> str:
    """The text with its first letter in upper case."""
    return text[:1].upper() + text[1:]


def lowered(text: str, around: Around) -> str:
    """The text with its first word in lower case, unless it is a name."""
    first = next(iter(tokens(text)), None)
    if first is None or first.text[1:] != first.text[1:].lower() or any(c.isdigit() for c in first.text):
        return text
    if _NUMERAL.fullmatch(first.low) or first.low in _CLOSED:
        return text[:1].lower() + text[1:]
    return text if _is_name(text, first.text, around) else text[:1].lower() + text[1:]


def plain(cell: str) -> str:
    """A table cell inside a sentence: its capital first letter is only the table's habit, unless a name begins it."""
    words = cell.split()
    first = re.match(r"[A-Z][a-z]+(?=[\s,-]|$)", cell)
    if len(words) > 1 and words[0].lower() in vocab.DETERMINERS | vocab.PREPOSITIONS | vocab.NUMBER_WORDS:
        return cell[0].lower() + cell[1:]
    known = first is not None and (classes(first.group()) or _FORMED.search(first.group()))
    if not known or (len(words) > 1 and words[1][:1].isupper()):
        return cell
    return cell[0].lower() + cell[1:]


def header_words(header: str) -> str:
    """A column header as running text: title case and capitals taken back where the words are common ones."""
    return " ".join(_common(word) for word in header.split())


def _common(word: str) -> str:
    title = word[:1].isupper() and word[1:].islower()
    shouted = word.isupper() and len(word) > 4
    return word.lower() if (title or shouted) and word.isalpha() and classes(word) else word


def _is_name(text: str, first: str, around: Around) -> bool:
    second = text[len(first) :].split()
    if _PREFIXED.match(first):
        return False
    known = classes(first) or classes(first.split("-", maxsplit=1)[0]) or _FORMED.search(first)
    if second and second[0][:1].isupper() and second[0] != second[0].upper():
        return True
    if second and re.fullmatch(r"[A-Z](?:-?\d+)?[.,]?", second[0]):
        return not known
    if not known:
        return True
    inside = re.compile(rf"[a-z,] (?:({re.escape(first)})|{re.escape(first.lower())})\b")
    written = [match for clue in around.chunk_clues for match in inside.finditer(clue.quote)]
    return bool(written) and all(match[1] for match in written)
