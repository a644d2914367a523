"""Forms of English words by the dictionary that ships inside lemminflect; nothing is guessed for unknown words."""

from __future__ import annotations

from functools import lru_cache


@lru_cache(maxsize=20_000)
def lemma(word: str, tag: str) -> str:
    """The base of `word` if it can be the verb form `tag` (VB, VBZ, VBP, VBD, VBN, VBG), else ""."""
    from lemminflect import getAllLemmas, getInflection

    for base in getAllLemmas(word.lower(), upos="VERB").get("VERB", ()):
        if word.lower() in getInflection(base, tag=tag, inflect_oov=False) and base.isalpha():
            return str(base)
    return ""


def is_verb(word: str, tag: str) -> bool:
    """Whether the dictionary knows `word` as this form of a verb."""
    return word.isascii() and word.replace("-", "").isalpha() and bool(lemma(word, tag))


@lru_cache(maxsize=20_000)
def classes(word: str) -> frozenset[str]:
    """Parts of speech that the dictionary gives `word`: among NOUN, VERB, ADJ, ADV; empty if unknown."""
    from lemminflect import getAllLemmas

    return frozenset(getAllLemmas(word.lower()))


def can_be_noun(word: str) -> bool:
    """Whether `word` may be a noun; words outside the dictionary (names, codes) may."""
    return not classes(word) or "NOUN" in classes(word)


@lru_cache(maxsize=20_000)
def singular(word: str) -> str:
    """The singular of a noun; the word itself where the dictionary has no other form."""
    from lemminflect import getAllLemmas

    found = getAllLemmas(word.lower(), upos="NOUN").get("NOUN", ())
    return str(found[0]) if found else word


@lru_cache(maxsize=4_000)
def inflected(base: str, tag: str) -> str:
    """A form of a verb by its tag (VBG, VBZ); "" where the dictionary does not know the verb."""
    from lemminflect import getInflection

    found = getInflection(base, tag=tag, inflect_oov=False)
    return str(found[0]) if found else ""
