"""What the text tasks work on: the running text of a chunk, and tables as they are shown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from doc2data.graph import TableView
from doc2data.recipes.atlas import Atlas
from doc2data.recipes.base import Desk, Job
from doc2data.recipes.corpus import CHINESE
from doc2data.recipes.problems import headers_of
from doc2data.records import Clue

PROSE = ("sentence", "definition", "warning", "step")
LEAST_SENTENCES = 4
MOST_SENTENCES = 16
LEAST_CHARACTERS = 160
LEAST_CHINESE = 64
"""Characters of a Chinese text that say as much."""
MOST_ROWS = 8
_LEANS = re.compile(
    r"^(?:it|its|they|their|this|these|that|those|he|she|such|here|there|however|also|then|thus|therefore|but|and|or|so"
    r"|otherwise|in this|for this|to do|the (?:same|former|latter|other))\b"
    r"|^(?:它|它们|这|那|其|此|该|因此|但|而且|另外|否则|同样)",
    re.IGNORECASE,
)
_ENDS = re.compile(r"[.!?。！？]\s*$")
_ROW = re.compile(r"[A-Z]{1,5}-?\d+ ")


def leans(sentence: str) -> bool:
    """Whether a sentence leans on the one before it, and makes no sense behind another."""
    return _LEANS.match(sentence) is not None


@dataclass(frozen=True, slots=True)
class Text:
    """Running text, sentence by sentence."""

    chunk: str
    clues: tuple[Clue, ...]

    @property
    def shown(self) -> str:
        """The sentences as they follow each other, steps a line each."""
        parts = [f"\n{clue.quote}\n" if clue.kind == "step" else f"{clue.quote} " for clue in self.clues]
        return re.sub(r"\s*\n\s*", "\n", "".join(parts)).strip()

    def cited(self, numbers: Iterable[int]) -> tuple[Clue, ...]:
        """The sentences of those numbers, in order, each once; the whole text where none is named."""
        return tuple(self.clues[n - 1] for n in sorted(set(numbers))) or self.clues


def texts(desk: Desk) -> Iterator[Text]:
    """The running text of every chunk, section by section, where there is enough of it."""
    for chunk in desk.corpus.chunks:
        clues = sorted(desk.corpus.clues_of(chunk), key=lambda c: (c.start, c.end))
        for _, of_section in groupby(clues, key=lambda c: c.section):
            found = tuple(_whole(of_section))[:MOST_SENTENCES]
            if len(found) >= LEAST_SENTENCES and sum(len(clue.quote) for clue in found) >= _least(found[0], desk):
                yield Text(chunk, found)


def _least(clue: Clue, desk: Desk) -> int:
    return LEAST_CHINESE if desk.corpus.language_of(clue) == CHINESE else LEAST_CHARACTERS


def text_of(job: Job, desk: Desk) -> Text:
    """The text that a job was planned for."""
    return Text(job.chunk, tuple(desk.corpus.clue(id) for id in job.clues))


def _whole(clues: Iterable[Clue]) -> Iterator[Clue]:
    """Sentences that are whole and do not overlap; no rows of tables that were read as running text."""
    end = 0
    for clue in clues:
        if clue.kind in PROSE and clue.start >= end and _ENDS.search(clue.quote) and not _ROW.match(clue.quote):
            end = clue.end
            yield clue


def table_text(view: TableView, rows: Sequence[Clue], columns: Sequence[str]) -> str:
    """Some rows and columns of a table as Markdown, its caption above."""
    lines = [[*columns], ["---"] * len(columns)]
    lines += [[dict(row.cells).get(column, "") for column in columns] for row in rows]
    shown = "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in line)} |" for line in lines)
    return f"{view.caption}\n\n{shown}" if view.caption else shown


def parts(view: TableView) -> list[tuple[Clue, ...]]:
    """The rows of a table in parts of a size to be shown, none of a single row."""
    rows = [row for row in view.rows if row.subject]
    found = [tuple(rows[at : at + MOST_ROWS]) for at in range(0, len(rows), MOST_ROWS)]
    return [part for part in found if len(part) > 1]


def evidence_of(rows: Sequence[Clue], known: Atlas) -> tuple[Clue, ...]:
    """Rows with the headers that give them their meaning."""
    headers = (header for row in rows for header in headers_of(row, known))
    return tuple(dict.fromkeys((*headers, *rows)))
