"""The lexical side of retrieval: BM25 over SQLite FTS5, in the project's own database.

Words are made here rather than by an FTS5 tokenizer, because no built-in one serves both scripts: Latin and kindred
words are folded (case, accents) and stemmed by the language of their document, Chinese and Japanese runs become
overlapping pairs of characters. FTS5 then only splits at the spaces that we put.
"""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache

import snowballstemmer  # type: ignore[import-untyped]

from doc2data.records import Passage
from doc2data.store.documents import ids_in_order
from parsers.language import language_of

_SCHEMA = (
    """CREATE TABLE IF NOT EXISTS lexical_passages (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, document TEXT NOT NULL, language TEXT NOT NULL)""",
    'CREATE VIRTUAL TABLE IF NOT EXISTS lexical_words USING fts5(words, tokenize="unicode61 remove_diacritics 0")',
    "CREATE VIRTUAL TABLE IF NOT EXISTS temp.lexical_terms USING fts5vocab(main, lexical_words, row)",
)

COMMON = 0.25
"""Words in more than this share of the passages are left out of a query that has rarer ones."""
COMMON_FROM = 2000
"""Passages from which leaving them out is worth a look at the vocabulary."""
MOST_PLACES = 3000
"""Passages that the words of one query may stand in, counted word by word from the rarest on: what is commoner ranks
little, and would make the time of a query grow with the corpus."""
COUNTS_KEPT = 20_000
"""Words whose number of passages is remembered."""

_IDEOGRAPHS = "\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_RUN = re.compile(rf"[{_IDEOGRAPHS}]+|[^\W_{_IDEOGRAPHS}]+")
_IDEOGRAPH = re.compile(rf"[{_IDEOGRAPHS}]")

_STEMMERS = {
    "ar": "arabic", "da": "danish", "de": "german", "el": "greek", "en": "english", "es": "spanish", "fi": "finnish",
    "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian", "nb": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


def terms(text: str, language: str) -> list[str]:
    """The words by which a text is found, in order, repeats kept."""
    stem = _stemmer(language)
    found: list[str] = []
    for run in _RUN.findall(_fold(text)):
        if _IDEOGRAPH.match(run):
            found += [run] if len(run) == 1 else [run[i : i + 2] for i in range(len(run) - 1)]
        else:
            found.append(stem(run))
    return found


class Lexical:
    """Finds passages by their words.

    Writes join the transaction that the connection is in; without one, each call is its own.
    """

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection
        for statement in _SCHEMA:
            connection.execute(statement)
        self._counted: dict[str, int] | None = None
        # Counting a word's passages means to visit them, so the counts of common words must be remembered.
        self._document_count = lru_cache(maxsize=COUNTS_KEPT)(self._counted_documents)

    def add(self, passages: Sequence[Passage], texts: Sequence[str]) -> None:
        """Index `texts[i]` as what `passages[i]` is found by; a passage already here is replaced."""
        languages = _languages(passages)
        self._forget_counts()
        with self._transaction():
            self._remove([p.id for p in passages])
            for passage, text in zip(passages, texts, strict=True):
                language = languages[passage.document]
                row = (passage.id, passage.document, language)
                cursor = self._connection.execute(
                    "INSERT INTO lexical_passages (id, document, language) VALUES (?, ?, ?)", row
                )
                words = " ".join(terms(text, language))
                self._connection.execute(
                    "INSERT INTO lexical_words (rowid, words) VALUES (?, ?)", (cursor.lastrowid, words)
                )

    def remove(self, ids: Sequence[str]) -> None:
        """Forget passages; ids that are not here are no error."""
        self._forget_counts()
        with self._transaction():
            self._remove(ids)

    def ids(self) -> Iterator[str]:
        """Ids of all passages here, in order; what is added or removed meanwhile need not show."""
        return ids_in_order(self._connection, "lexical_passages")

    def held(self, ids: Sequence[str]) -> set[str]:
        """Those of the ids that are here."""
        query = "SELECT 1 FROM lexical_passages WHERE id = ?"
        return {id for id in ids if self._connection.execute(query, (id,)).fetchone()}

    def languages(self) -> Mapping[str, int]:
        """How many passages there are in each language of a document."""
        if self._counted is None:
            query = "SELECT language, count(*) FROM lexical_passages GROUP BY language ORDER BY language"
            self._counted = dict(self._connection.execute(query).fetchall())
        return self._counted

    def first(self, language: str, count: int) -> list[str]:
        """The first ids, in order, among the passages in a language."""
        query = "SELECT id FROM lexical_passages WHERE language = ? ORDER BY id LIMIT ?"
        return [row[0] for row in self._connection.execute(query, (language, count))]

    def search(self, query: str, k: int) -> list[tuple[str, float]]:
        """The `k` best passages as (id, BM25 score), best first; equal scores in the order of addition."""
        words = self._query_terms(query)
        if not words:
            return []
        rows = self._connection.execute(
            """SELECT p.id, -bm25(lexical_words) AS score FROM lexical_words
               JOIN lexical_passages AS p ON p.number = lexical_words.rowid
               WHERE lexical_words MATCH ? ORDER BY bm25(lexical_words), p.id LIMIT ?""",
            (" OR ".join(f'"{word}"' for word in words), k),
        )
        return [(str(identifier), float(score)) for identifier, score in rows]

    def _query_terms(self, query: str) -> list[str]:
        """The query's words as each language here would stem them; in a large corpus without the commonest."""
        words = sorted({word for language in self.languages() for word in terms(query, language)})
        total = sum(self.languages().values())
        if total < COMMON_FROM:
            return words
        counted = {word: self._document_count(word) for word in words}
        rare = [word for word in words if counted[word] <= COMMON * total] or words
        return _affordable(rare, counted)

    def _counted_documents(self, word: str) -> int:
        row = self._connection.execute("SELECT doc FROM temp.lexical_terms WHERE term = ?", (word,)).fetchone()
        return int(row[0]) if row else 0

    def _forget_counts(self) -> None:
        self._counted = None
        self._document_count.cache_clear()

    def _remove(self, ids: Sequence[str]) -> None:
        for id in ids:
            where = "SELECT number FROM lexical_passages WHERE id = ?"
            self._connection.execute(f"DELETE FROM lexical_words WHERE rowid IN ({where})", (id,))
            self._connection.execute("DELETE FROM lexical_passages WHERE id = ?", (id,))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        if self._connection.in_transaction:
            yield
            return
        self._connection.execute("BEGIN")
        try:
            yield
        except BaseException:
            self._connection.execute("ROLLBACK")
            raise
        self._connection.execute("COMMIT")


def _affordable(words: Sequence[str], counted: Mapping[str, int]) -> list[str]:
    """The rarest words, as many as stand in no more than `MOST_PLACES` together; one at least of those that stand."""
    chosen: list[str] = []
    places = 0
    for word in sorted(words, key=lambda word: (counted[word], word)):
        places += counted[word]
        if places > MOST_PLACES and any(counted[other] for other in chosen):
            break
        chosen.append(word)
    return sorted(chosen)


def _languages(passages: Sequence[Passage]) -> dict[str, str]:
    """Document name to language: told from all its passages together, since one may be a table of codes."""
    texts: dict[str, list[str]] = {}
    for passage in passages:
        texts.setdefault(passage.document, []).append(passage.text)
    return {document: language_of("\n".join(parts)) for document, parts in texts.items()}


def _fold(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in decomposed if not unicodedata.combining(c)))


@cache
def _stemmer(language: str) -> Callable[[str], str]:
    name = _STEMMERS.get(language)
    if name is None:
        return str
    stemmer = snowballstemmer.stemmer(name)
    return lru_cache(maxsize=10_000)(stemmer.stemWord)
