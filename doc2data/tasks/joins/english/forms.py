"""Forms of verbs by the dictionary that ships inside lemminflect."""

from __future__ import annotations

from functools import lru_cache


def participle(base: str) -> str:
    """The past participle of a verb, "" for one that the dictionary lacks."""
    return _inflected(base, "VBN")


def third_person(base: str) -> str:
    """The form of a verb after he, she or it, "" for one that the dictionary lacks."""
    return _inflected(base, "VBZ")


@lru_cache(maxsize=2_000)
def _inflected(base: str, tag: str) -> str:
    from lemminflect import getInflection

    found = getInflection(base, tag=tag, inflect_oov=False)
    return str(found[0]) if found else ""
