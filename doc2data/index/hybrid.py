"""The index of a project: both sides of retrieval behind one door."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from doc2data.index.fusion import (
    FusionWeights,
    KnownItems,
    LanguageWeight,
    Ranked,
    fuse,
    known_item_query,
    script_is_ideographic,
    weigh,
)
from doc2data.index.passages import indexed_text
from doc2data.index.streams import batches, digest
from doc2data.index.vectors import VectorStore
from doc2data.index.vectors import stored_ids as ids_in
from doc2data.progress import breathe
from doc2data.records import Hit, Passage, content_id
from models import Embedder
from parsers.language import language_of

VECTORS = "vectors"
"""The folder of the dense side inside the index."""
CANDIDATES = 100
"""Passages that each side brings to the fusion."""
KNOWN_ITEMS = 160
"""Most passages of one language that its weight is learnt from."""
ENCODED_AT_ONCE = 128
AT_ONCE = 2000
"""Ids that both sides are compared by together."""
IDEOGRAPHIC = frozenset({"zh", "ja"})
MIN_QUERY_LETTERS = 40
"""Letters from which the language of a query is told by its words, not only by its script."""


PassagesOf = Callable[[Sequence[str]], Sequence[Passage]]
"""The passages of these ids; those that are gone are left out."""


class Lexical(Protocol):
    """Finds passages by their words."""

    def add(self, passages: Sequence[Passage], texts: Sequence[str]) -> None:
        """Index `texts[i]` as what `passages[i]` is found by."""
        ...

    def remove(self, ids: Sequence[str]) -> None:
        """Forget passages; ids that are not here are no error."""
        ...

    def ids(self) -> Iterator[str]:
        """Ids of all passages here, in order; what is added or removed meanwhile need not show."""
        ...

    def held(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are here."""
        ...

    def languages(self) -> Mapping[str, int]:
        """How many passages there are in each language of a document."""
        ...

    def first(self, language: str, count: int) -> list[str]:
        """The first ids, in order, among the passages in a language."""
        ...

    def search(self, query: str, k: int) -> Ranked:
        """The best passages as (id, score), best first; scores above 0, higher is better."""
        ...


class Index:
    """Passages found by meaning and by words.

    What is here can be made again from the passages: after a loss `ids` no longer names them, and adding them mends
    it.
    """

    def __init__(
        self, folder: Path, embedder: Embedder, lexical: Lexical, passages_of: PassagesOf, *, mend: bool = True
    ) -> None:
        """Open the index in `folder`, or make it; `passages_of` finds what it brings back.

        With `mend`, vectors that cannot be used are cleared, so that adding the passages makes them again; only who
        holds the project may.

        Raises:
            IndexDamaged: what is in the folder can neither be read nor be cleared.
        """
        self._embedder = embedder
        self._lexical = lexical
        self._passages_of = passages_of
        self._weights_file = folder / "fusion.json"
        self._store = VectorStore(folder / VECTORS, f"{embedder.fingerprint}:{embedder.dimension}", mend=mend)
        self._weights: FusionWeights | None = None

    def add(self, passages: Sequence[Passage]) -> None:
        """Index passages; those that are here already cost nothing."""
        self._agree()
        known = self._lexical.held([p.id for p in passages])
        fresh = list({p.id: p for p in passages if p.id not in known}.values())
        if not fresh:
            return
        self._weights = None
        for start in range(0, len(fresh), ENCODED_AT_ONCE):
            breathe()
            batch = fresh[start : start + ENCODED_AT_ONCE]
            self._store.upsert([p.id for p in batch], self._embedder.encode([indexed_text(p) for p in batch]))
        self._lexical.add(fresh, [indexed_text(p) for p in fresh])

    def remove(self, ids: Sequence[str]) -> None:
        """Forget passages; ids that are not here are no error."""
        self._weights = None
        # In this order, and vectors first when adding, what has words has a vector, wherever a process is killed.
        self._lexical.remove(ids)
        self._store.remove(ids)

    def ids(self) -> Iterator[str]:
        """Ids of the passages here, in order."""
        self._agree()
        return self._lexical.ids()

    def _agree(self) -> None:
        """Let both sides hold the same passages: what only one of them has is forgotten, to be added again."""
        if self._store.count() == sum(self._lexical.languages().values()):
            return
        self._weights = None
        for page in batches(self._store.ids(), AT_ONCE):
            self._store.remove(sorted(set(page) - self._lexical.held(page)))
        for page in batches(self._lexical.ids(), AT_ONCE):
            self._lexical.remove(sorted(set(page) - self._store.held(page)))

    def some_vectors(self, count: int) -> NDArray[np.float32]:
        """Vectors of `count` passages, or of all: the first by id, which is a hash and so a random order."""
        found = self._store.vectors(list(islice(self._lexical.ids(), count)))
        return np.stack(list(found.values())) if found else np.zeros((0, self._embedder.dimension), np.float32)

    def search(self, query: str, k: int, *, language: str | None = None) -> list[Hit]:
        """The `k` best passages for a query, best first.

        Args:
            query: any text.
            k: most hits.
            language: the query's ISO 639-1 code where it is known; else told from its script and words.
        """
        return self._search([query], [language], k)[0]

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """As `search` for each query, encoded together."""
        return self._search(queries, [None] * len(queries), k)

    def learn(self) -> FusionWeights:
        """The weights of this corpus; learnt once, kept beside the vectors until the passages change."""
        if self._weights is None:
            content = content_id(digest(self._lexical.ids()), self._embedder.fingerprint)
            self._weights = self._kept_weights(content) or self._learn(content)
        return self._weights

    def _search(self, queries: Sequence[str], languages: Sequence[str | None], k: int) -> list[list[Hit]]:
        if not queries or k < 1:
            return [[] for _ in queries]
        weights = self.learn()
        depth = max(CANDIDATES, k)
        dense = self._store.search(self._embedder.encode(queries), depth)
        lexical = [self._lexical.search(query, depth) for query in queries]
        fused = [
            fuse(by_vector, by_word, self._weight(weights, query, language))[:k]
            for query, language, by_vector, by_word in zip(queries, languages, dense, lexical, strict=True)
        ]
        passages = self._passages({i for ranked in fused for i, _ in ranked})
        return [_hits(*row, passages) for row in zip(fused, dense, lexical, strict=True)]

    def _passages(self, ids: Iterable[str]) -> dict[str, Passage]:
        return {passage.id: passage for passage in self._passages_of(sorted(ids))}

    def _weight(self, weights: FusionWeights, query: str, language: str | None) -> LanguageWeight:
        return weights.of(language or _query_language(query, tuple(weights.languages)))

    def _learn(self, content: str) -> FusionWeights:
        counted = self._lexical.languages()
        order = sorted(counted, key=lambda code: (-counted[code], code))
        weights = FusionWeights(content, {code: weigh(self._known_items(code)) for code in order})
        self._weights_file.write_text(json.dumps(asdict(weights), indent=1), encoding="utf-8")
        return weights

    def _known_items(self, language: str) -> KnownItems:
        # Ids are hashes, so the first in order are a random sample, and the same one every time.
        sample = self._lexical.first(language, KNOWN_ITEMS)
        passages = self._passages(sample)
        pairs = [(i, known_item_query(passages[i])) for i in sample if i in passages]
        wanted = [i for i, query in pairs if query]
        queries = [query for _, query in pairs if query]
        if not queries:
            return KnownItems([], [], [], np.zeros(0, np.float32))
        vectors = self._embedder.encode(queries)
        return KnownItems(
            wanted=wanted,
            dense=self._store.search(vectors, CANDIDATES),
            lexical=[self._lexical.search(query, CANDIDATES) for query in queries],
            unrelated=self._unrelated(wanted, vectors),
        )

    def _unrelated(self, wanted: Sequence[str], queries: NDArray[np.float32]) -> NDArray[np.float32]:
        """Cosines of each query with the passages of all others."""
        kept = self._store.vectors(wanted)
        cosines = queries @ np.stack([kept[i] for i in wanted]).T
        others: NDArray[np.float32] = cosines[~np.eye(len(wanted), dtype=bool)]
        return others

    def _kept_weights(self, content: str) -> FusionWeights | None:
        try:
            raw = json.loads(self._weights_file.read_text(encoding="utf-8"))
            languages = {code: LanguageWeight(**values) for code, values in raw["languages"].items()}
        except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
            return None  # derived data: what cannot be read is learnt again
        return FusionWeights(content, languages) if raw["content"] == content else None


def stored_ids(folder: Path) -> Iterator[str]:
    """Ids of the passages whose vectors the index in `folder` holds; nothing is changed or mended.

    Raises:
        IndexDamaged: it cannot be used as it is.
    """
    return ids_in(folder / VECTORS)


def _query_language(query: str, known: Sequence[str]) -> str | None:
    """The language of the corpus that a query is most likely in; `known` has the commonest first."""
    ideographic = script_is_ideographic(query)
    possible = [code for code in known if (code in IDEOGRAPHIC) == ideographic]
    if len(possible) > 1 and sum(c.isalpha() for c in query) >= MIN_QUERY_LETTERS:
        told = language_of(query)
        return told if told in possible else possible[0]
    return possible[0] if possible else None


def _hits(fused: Ranked, dense: Ranked, lexical: Ranked, passages: Mapping[str, Passage]) -> list[Hit]:
    dense_rank = {i: rank for rank, (i, _) in enumerate(dense, 1)}
    lexical_rank = {i: rank for rank, (i, _) in enumerate(lexical, 1)}
    return [
        Hit(passages[i], round(score, 6), dense_rank.get(i), lexical_rank.get(i)) for i, score in fused if i in passages
    ]
