"""Whether a name in a sentence is a whole noun phrase, so that other words can take its place."""

from __future__ import annotations

import re

from doc2data.tasks.joins.thing import Thing, mention, names
from doc2data.tasks.rules.english import vocabulary as vocab
from doc2data.tasks.rules.english.clause import is_plural
from doc2data.tasks.rules.english.lexicon import classes, is_verb

_BETWEEN = vocab.PREPOSITIONS | vocab.CONJUNCTIONS | vocab.SUBORDINATORS | vocab.AUXILIARIES | vocab.BE | vocab.ADVERBS
_ASKING = vocab.DO | vocab.MODALS | vocab.words("to")


def is_whole(text: str, found: re.Match[str]) -> bool:
    """Whether nothing beside the mention belongs to its noun phrase: "the RS" in "the RS plan" is a part of one."""
    before, behind = text[: found.start()].rstrip(), text[found.end() :]
    return _open_before(before, bool(found["article"])) and _open_behind(before, behind)


def replaced(text: str, thing: Thing, words: str) -> str:
    """The text with the thing's one mention replaced; "" where it is not named exactly once, as a whole phrase."""
    found = list(mention(thing).finditer(text))
    if len(found) != 1 or not is_whole(text, found[0]) or is_plural(found[0].group()) > is_plural(thing.name):
        return ""
    result = text[: found[0].start()] + words + text[found[0].end() :]
    return "" if names(thing, result) else result


def _open_before(before: str, has_article: bool) -> bool:
    match = re.search(r"(\S+)$", before)
    if match is None or has_article:
        return match is None or match[1].lower() not in vocab.DETERMINERS
    word = match[1].lower()
    if word in _BETWEEN - vocab.DETERMINERS or word in ("what", "which"):
        return True
    return word.isalpha() and "NOUN" not in classes(word) and "ADJ" not in classes(word) and "VERB" in classes(word)


def _open_behind(before: str, behind: str) -> bool:
    match = re.match(r"\s+([A-Za-z][\w-]*)(?:\s+([A-Za-z][\w-]*))?", behind)
    if match is None:
        return not re.match(r"\s*[/\d(“\"']", behind)
    word = match[1].lower()
    if word in _BETWEEN:
        return word != "of"
    if match[1] != word or (word.endswith("s") and "NOUN" in classes(word)):
        return False
    if "NOUN" not in classes(word) and "ADJ" not in classes(word):
        return bool(classes(word))
    asked = any(part.lower() in _ASKING for part in before.split())
    heads = match[2] and (match[2].lower() in vocab.SUBORDINATORS or is_verb(match[2], "VB"))
    return asked and is_verb(word, "VB") and not heads
