"""Whether an answer sentence denies what its source says: looked for only where it retells a sentence of the source."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from doc2data.checks.edits import edits
from doc2data.checks.opposites import both_ways, opposite, turned_by_prefix
from doc2data.checks.polarity import Word, changed_cue, cue_of, read, tokens_of
from doc2data.checks.polarity_zh import contradiction_chinese
from doc2data.checks.vocabulary import Vocabulary, vocabulary
from doc2data.checks.words import content_words, sentences

_CELL = " | "
_NOTHING = frozenset({"–", "-", "—", "no", "none", "n/a", "0", "not", "nein", "non", "无", "否", "不"})
"""Cells that an answer tells with a negation."""
ALIGNED = 0.7
"""Share of the best sentence's common words that makes another sentence count as the source too."""
RETOLD = 0.5
"""Share of an answer sentence's content words that a sentence of the source must have to be what it retells."""


def contradiction(answer: str, ground: Sequence[str], language: str) -> str:
    """How an answer sentence contradicts its source, in words; empty where it does not.

    Args:
        answer: one sentence.
        ground: the sentences of the evidence.
        language: ISO 639-1 code of all of them.
    """
    if language in ("zh", "ja"):
        return contradiction_chinese(answer, ground)
    own = vocabulary(language)
    said, known = read(answer, language), [read(sentence, language) for sentence in ground]
    near = _aligned(said, known, _leaning(ground, own))
    retold = [known[i] for i in near]
    return (
        _edited(answer, [ground[i] for i in near], language)
        or changed_cue(said, retold)
        or opposite(answer, [ground[i] for i in near], language)
        or turned_by_prefix({w.stem for w in said}, {w.stem for sentence in retold for w in sentence}, language)
    )


def denied_cell(answer: str, quotes: Sequence[str], question: str, language: str) -> str:
    """How an answer sentence denies a row of a table, which has no sentence that it could be held against."""
    rows = [quote for quote in quotes if _CELL in quote]
    if not rows or any(cell.strip().casefold() in _NOTHING for row in rows for cell in re.split(r"[|\n]", row)):
        return ""
    own = vocabulary(language)
    stems = frozenset(content_words(answer, language))
    parts = (part for quote in quotes for line in re.split(r"[|\n]", quote) for part in sentences(line))
    cells = [part for part in parts if _told(part, stems, language)]
    if _denials(answer, own) > sum(_denials(text, own) for text in (*cells, question)):
        return "denies what its table states"
    return ""


def _told(cell: str, stems: frozenset[str], language: str) -> bool:
    """Whether an answer tells a cell, or a line of the quotes, so that what this denies it may deny as well."""
    words = content_words(cell, language)
    return 2 * sum(word in stems for word in words) >= len(words)


def _denials(text: str, own: Vocabulary) -> int:
    if any("\u4e00" <= negation[0] <= "\u9fff" for negation in own.negations):
        return len(re.findall("|".join(map(re.escape, sorted(own.negations, key=len, reverse=True))), text))
    tokens = [token for token, _ in tokens_of(text, own)]
    return sum(cue_of(tokens[i : i + 1], own) == "negation" for i in range(len(tokens)))


def _leaning(ground: Sequence[str], own: Vocabulary) -> list[bool]:
    """Of each sentence, whether a pronoun at its head stands for what the one before it names."""
    heads = [next((token for token, _ in tokens_of(sentence, own)), "") for sentence in ground]
    return [at > 0 and head in own.pronouns for at, head in enumerate(heads)]


def _aligned(said: Sequence[Word], known: Sequence[Sequence[Word]], leaning: Sequence[bool]) -> list[int]:
    """The sentences of the source that an answer sentence says over again, by number.

    One that leans on the sentence before it counts with the words of both.

    Where none shares half of its words, the answer draws a conclusion or joins several sentences, and there is nothing
    that it could be held against word by word.
    """
    stems = {word.stem for word in said}
    own = [{word.stem for word in sentence} for sentence in known]
    whole = [mine | own[at - 1] if leaning[at] else mine for at, mine in enumerate(own)]
    shared = [len(stems & words) if stems & mine else 0 for mine, words in zip(own, whole, strict=True)]
    least = max(1.0, ALIGNED * max(shared, default=0), RETOLD * len(stems))
    return [i for i, n in enumerate(shared) if n >= least]


def _edited(answer: str, ground: Sequence[str], language: str) -> str:
    """An edit that turns a copied sentence round; empty where some sentence is copied without such."""
    own = vocabulary(language)
    mine = _without_end([token for token, _ in tokens_of(answer, own)])
    found = [edits(mine, [token for token, _ in tokens_of(sentence, own)]) for sentence in ground]
    problems = [next(_turns(copy, language), "") for copy in found if copy is not None]
    return problems[0] if problems and all(problems) else ""


def _without_end(tokens: list[str]) -> list[str]:
    """Tokens without the marks that end a sentence, where a part of another one would not end so."""
    return _without_end(tokens[:-1]) if tokens and not tokens[-1][0].isalnum() else tokens


def _turns(copy: Sequence[tuple[tuple[str, ...], tuple[str, ...]]], language: str) -> Iterator[str]:
    """What of a copy's edits turns its meaning round."""
    for theirs, mine in copy:
        source, answer = _cues(theirs, language), _cues(mine, language)
        if ("negation" in source) != ("negation" in answer):
            yield f"leaves out {' '.join(theirs)!r}" if "negation" in source else f"puts in {' '.join(mine)!r}"
        modal = source - {"negation"}, answer - {"negation"}
        if all(modal) and not modal[0] & modal[1]:
            yield f"says {' '.join(mine)!r} where the source says {' '.join(theirs)!r}"
        for group, other in both_ways(language):
            if set(group) & set(mine) and set(other) & set(theirs):
                yield f"says {' '.join(mine)!r} where the source says {' '.join(theirs)!r}"


def _cues(tokens: Sequence[str], language: str) -> set[str]:
    own = vocabulary(language)
    cues = {cue_of(tokens[i : i + 2], own) for i in range(len(tokens))} - {""}
    return {"negation" if cue == "prohibition" else cue for cue in cues}
