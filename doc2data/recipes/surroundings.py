"""What the rest of a run's documents and samples offer to a wrong answer: names, numbers, answers, sentences."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import islice, zip_longest

from doc2data.clues import worth
from doc2data.recipes.base import Desk
from doc2data.recipes.corpus import OPEN_DOCUMENTS
from doc2data.recipes.texts import leans
from doc2data.records import Clue, Sample
from doc2data.tasks.corruptions import Elsewhere, Ground
from doc2data.tasks.joins.words import content

ANSWERS = 6
"""Neighbours that are offered."""
SENTENCES = 24
"""True sentences that are offered."""
TEXTS = 40
"""Clues around it whose numbers and codes are offered."""
LEAST_WORTH = 0.6
_WHOLE = re.compile(r"(?![A-Z]{1,5}-?\d+ )[^\W\d_][^\n]*[.!。！]$")
"""A sentence on one line, and no row of a table whose label stands before it."""


class Surroundings:
    """The samples of a run by place, and the clues around each."""

    def __init__(self, desk: Desk) -> None:
        self._corpus = desk.corpus
        samples = [judged.sample for judged in desk.accepted() if judged.sample.rejected is None]
        self._placed = sorted((s for s in samples if s.evidence), key=_place)
        self._rank = {sample.id: at for at, sample in enumerate(self._placed)}
        self._documents = list(desk.corpus.documents)
        self._order = {document: at for at, document in enumerate(self._documents)}
        self._clues_in = lru_cache(maxsize=OPEN_DOCUMENTS)(desk.corpus.clues_in)
        self._sentences_in = lru_cache(maxsize=OPEN_DOCUMENTS)(self._whole_sentences)
        self._names: dict[str, tuple[str, ...]] = {}

    def ground(self, sample: Sample, draw: random.Random) -> Ground:
        """A sample's answer with all that it can be confused with.

        Args:
            sample: one whose clues the corpus holds.
            draw: chooses among the true sentences.
        """
        clues = [self._corpus.clue(id) for id in sample.clues]
        elsewhere = Elsewhere(
            names=self._names_in(sample.language),
            texts=tuple(clue.quote for clue in self._near(clues)),
            answers=tuple(self._neighbours(sample)),
            sentences=tuple(self._true_sentences(clues[0], sample.language, draw)),
        )
        return Ground(
            question=sample.question,
            answer=sample.answer,
            evidence="\n".join(evidence.quote for evidence in sample.evidence),
            language=sample.language,
            named=tuple(dict.fromkeys(name for clue in clues for name in _names(clue))),
            elsewhere=elsewhere,
        )

    def _near(self, clues: Sequence[Clue]) -> list[Clue]:
        """The clues before and behind in reading order, the nearest first, also of the documents beside."""
        document = clues[0].document
        ids = [clue.id for clue in self._clues_in(document)]
        before = list(islice(self._back_from(document, ids.index(clues[0].id)), TEXTS))
        behind = list(islice(self._on_from(document, ids.index(clues[0].id) + 1), TEXTS - 1))
        turns = (clue for pair in zip_longest(before, behind) for clue in pair if clue is not None)
        own = {clue.id for clue in clues}
        return [clue for clue in turns if clue.id not in own][:TEXTS]

    def _back_from(self, document: str, at: int) -> Iterator[Clue]:
        yield from reversed(self._clues_in(document)[:at])
        for earlier in reversed(self._documents[: self._order[document]]):
            yield from reversed(self._clues_in(earlier))

    def _on_from(self, document: str, at: int) -> Iterator[Clue]:
        yield from self._clues_in(document)[at:]
        for later in self._documents[self._order[document] + 1 :]:
            yield from self._clues_in(later)

    def _neighbours(self, sample: Sample) -> list[str]:
        """Answers of the samples before and behind in the same document and language, likest to its question first."""
        at = self._rank.get(sample.id)
        if at is None:
            return []
        near = sorted(range(max(0, at - 12), min(len(self._placed), at + 13)), key=lambda i: (abs(i - at), i))
        others = (self._placed[i] for i in near if i != at)
        fitting = (
            other.answer
            for other in others
            if other.language == sample.language
            and other.kind == sample.kind
            and other.evidence[0].document == sample.evidence[0].document
            and not set(other.clues) & set(sample.clues)
        )
        asked = content(sample.question)
        ranked = sorted(dict.fromkeys(fitting), key=lambda answer: -len(asked & content(answer)))
        return ranked[:ANSWERS]

    def _true_sentences(self, clue: Clue, language: str, draw: random.Random) -> list[str]:
        """Sentences of the same document but other sections, which the evidence cannot hold."""
        own = [c for c in self._sentences_in(clue.document) if c.section != clue.section]
        fitting = [c.quote for c in own if self._corpus.language_of(c) == language]
        return draw.sample(fitting, min(SENTENCES, len(fitting)))

    def _whole_sentences(self, document: str) -> list[Clue]:
        found = (c for c in self._clues_in(document) if c.kind in ("sentence", "definition", "warning"))
        return [c for c in found if worth(c) >= LEAST_WORTH and not leans(c.quote) and _WHOLE.match(c.quote)]

    def _names_in(self, language: str) -> tuple[str, ...]:
        if language not in self._names:
            spoken = (clue for clue in self._corpus.clues() if self._corpus.language_of(clue) == language)
            self._names[language] = tuple(dict.fromkeys(name for clue in spoken for name in clue.entities))
        return self._names[language]


@lru_cache(maxsize=1)
def surroundings(desk: Desk) -> Surroundings:
    """The surroundings of a round's samples, gathered once for it."""
    return Surroundings(desk)


def _place(sample: Sample) -> tuple[str, int, str]:
    return sample.evidence[0].document, sample.evidence[0].start, sample.id


def _names(clue: Clue) -> tuple[str, ...]:
    """What a clue names; a label counts where it is short enough to be a name."""
    label = (clue.subject,) if 0 < len(clue.subject.split()) <= 4 and len(clue.subject) <= 40 else ()
    return tuple(name for name in (*clue.entities, *label) if any(c.isalpha() for c in name))
