"""Parquet laid out as a Hugging Face dataset: a configuration per kind, shards by split, a README that names them."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from doc2data.export.files import atomic, utf8_text, write_text
from doc2data.export.rows import Row, reasoning_text
from doc2data.export.sinks import Add, Destination
from doc2data.export.splits import SPLITS, Split
from doc2data.records import Judged

SHARD_ROWS = 100_000
"""Rows of one file."""
_GROUP_ROWS = 1_000
"""Rows held before they are written."""

SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("language", pa.string()),
        ("messages", pa.list_(pa.struct([("role", pa.string()), ("content", pa.string())]))),
        ("question", pa.string()),
        ("answer", pa.string()),
        ("reasoning", pa.string()),
        (
            "evidence",
            pa.list_(
                pa.struct(
                    [
                        ("document", pa.string()),
                        ("title", pa.string()),
                        ("page", pa.int32()),
                        ("section", pa.list_(pa.string())),
                        ("start", pa.int64()),
                        ("end", pa.int64()),
                        ("quote", pa.string()),
                    ]
                )
            ),
        ),
        ("recipe", pa.string()),
        ("model", pa.string()),
    ]
)


def config_name(kind: str) -> str:
    """A kind as a folder and configuration may be called; kinds of imported samples can hold anything."""
    return re.sub(r"[^\w-]+", "_", kind)[:64] or "_"


@contextmanager
def sink(destination: Destination) -> Iterator[Add]:
    """`<kind>/<split>-00000-of-0000N.parquet`, and README.md with the configurations."""
    expected: Counter[tuple[str, Split]] = Counter()
    for (split, kind), count in destination.counts.items():
        expected[config_name(kind), split] += count
    with ExitStack() as stack:
        tables = {
            key: _Table(destination.folder / key[0], key[1], -(-expected[key] // SHARD_ROWS), stack)
            for key in sorted(expected, key=lambda key: (key[0], SPLITS.index(key[1])))
        }

        def add(judged: Judged, split: Split) -> None:
            tables[config_name(judged.sample.kind), split].append(_row(judged))
            destination.rows[split] += 1

        yield add
        for table in tables.values():
            table.close()
            destination.paths += table.paths
    destination.paths.append(write_text(destination.folder / "README.md", _readme(list(expected))))


def _row(judged: Judged) -> Row:
    sample = judged.sample
    return {
        "id": sample.id,
        "language": sample.language,
        "messages": [{"role": m.role, "content": utf8_text(m.content)} for m in sample.messages],
        "question": utf8_text(sample.question),
        "answer": utf8_text(sample.answer),
        "reasoning": utf8_text(reasoning_text(sample)),
        "evidence": [
            {
                "document": e.document,
                "title": utf8_text(e.title),
                "page": e.page,
                "section": [utf8_text(heading) for heading in e.section],
                "start": e.start,
                "end": e.end,
                "quote": utf8_text(e.quote),
            }
            for e in sample.evidence
        ],
        "recipe": sample.recipe.name,
        "model": sample.made_by.model,
    }


def _readme(keys: list[tuple[str, Split]]) -> str:
    import yaml

    configs = [
        {
            "config_name": name,
            "data_files": [
                {"split": split, "path": f"{name}/{split}-*.parquet"} for split in SPLITS if (name, split) in keys
            ],
        }
        for name in sorted({name for name, _ in keys})
    ]
    header = yaml.safe_dump({"configs": configs}, allow_unicode=True, sort_keys=False)
    return f"---\n{header}---\n\nOne configuration per kind of sample; the dataset card is in the folder above.\n"


@dataclass(slots=True)
class _Table:
    """One kind and split, in shards; its files take their names when the stack closes."""

    folder: Path
    split: str
    shards: int
    stack: ExitStack
    paths: list[Path] = field(default_factory=list)
    _held: list[Row] = field(default_factory=list)
    _written: int = 0
    _writer: Any = None

    def append(self, row: Row) -> None:
        self._held.append(row)
        if len(self._held) == _GROUP_ROWS:
            self._flush()

    def close(self) -> None:
        if self._held:
            self._flush()
        if self._writer is not None:
            self._writer.close()

    def _flush(self) -> None:
        if self._written % SHARD_ROWS == 0:
            self._next_shard()
        self._writer.write_table(pa.Table.from_pylist(self._held, schema=SCHEMA))
        self._written += len(self._held)
        self._held.clear()

    def _next_shard(self) -> None:
        if self._writer is not None:
            self._writer.close()
        path = self.folder / f"{self.split}-{len(self.paths):05d}-of-{self.shards:05d}.parquet"
        self._writer = pq.ParquetWriter(self.stack.enter_context(atomic(path)), SCHEMA)
        self.paths.append(path)
