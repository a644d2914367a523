"""Doors of projects and datasets: spoilt files given to commands, which may fail only in words of their own."""

from __future__ import annotations

import contextlib
import csv
import gzip
import io
import json
import os
import random
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

from doc2data import cli, safekeeping, settings
from doc2data.curate import read_references
from doc2data.export.imports import read_dataset
from doc2data.project import Project
from doc2data.stages.attesting import check
from tests.benchmarks.fuzz.mutations import spoilt
from tests.benchmarks.fuzz.structures import hurtful, spoilt_toml, spoilt_value, spoilt_zip
from tests.pipeline.corpus import ENGLISH, prepared, run, write

Room = Callable[[Path, random.Random], object]
ROWS: list[dict[str, Any]] = [
    {"messages": [{"role": "user", "content": "What is it?"}, {"role": "assistant", "content": "A check valve."}]},
    {"instruction": "How?", "input": "", "output": "So.", "history": [["a", "b"]], "system": "Be brief."},
    {"conversations": [{"from": "human", "value": "How?"}, {"from": "gpt", "value": "<think>x</think>So."}]},
    {"prompt": "How?", "completion": "So."},
    {"prompt": "How?", "chosen": [{"role": "assistant", "content": "So."}], "rejected": "Thus."},
    {"question": "How much does the P-20 deliver?", "answer": "12 litres per hour.", "reasoning": "It says so."},
]  # fmt: skip


class House:
    """A finished project that each case takes a copy of, and a folder of its documents."""

    def __init__(self, folder: Path) -> None:
        self.documents = write(folder / "house-docs", ENGLISH)
        self._whole = prepared([self.documents], folder / "house", generate__per_chunk=3)
        run(self._whole)
        exported = self._whole.export / "samples.jsonl"
        self.rows = ROWS + [json.loads(line) for line in exported.read_text(encoding="utf-8").splitlines()][:6]
        safekeeping.backup(self._whole, folder / "house.zip")
        self.backup = (folder / "house.zip").read_bytes()

    def copy(self, place: Path) -> Project:
        """A project of one's own."""
        shutil.copytree(self._whole.folder, place / "house")
        return Project(place / "house")

    def dataset(self, place: Path, chance: random.Random) -> Path:
        """A spoilt dataset, in its structure or in its bytes."""
        rows = [spoilt_value(row, chance) if chance.random() < 0.8 else row for row in chance.choices(self.rows, k=6)]
        data = (json.dumps(rows) if chance.random() < 0.2 else "\n".join(map(json.dumps, rows))).encode()
        if chance.random() < 0.3:
            data = spoilt(data, data, chance)
        name = chance.choice(("a.jsonl", "a.jsonl", "a.json", "a.jsonl.gz", "a.jsonl.zst", "a.csv", "a.parquet"))
        return put(place / name, gzip.compress(data) if name.endswith("gz") and chance.random() < 0.8 else data)


def doors(folder: Path) -> dict[str, Room]:
    """Every quick door by name, with what it needs made in `folder`."""
    house = House(folder)

    def imports(place: Path, chance: random.Random) -> object:
        return list(read_dataset(house.dataset(place, chance)))

    def audited(place: Path, chance: random.Random) -> object:
        file = house.dataset(place, chance)
        extra = ("--report", place / "page.html") if chance.random() < 0.3 else ()
        return command("check", file, "--against", house.documents, *extra)

    def adopted(place: Path, chance: random.Random) -> object:
        made, file = house.copy(place), house.dataset(place, chance)
        command("adopt", file, "--in", made.folder)
        with contextlib.chdir(made.folder):
            command("export", "--format", "jsonl,csv,sharegpt")
            whole = command("status", "--verify")
        assert whole == 0, "a project that took a dataset in is no longer whole"
        return whole

    def searched(place: Path, chance: random.Random) -> object:
        words = [
            "foot valve",
            'a "b',
            "NEAR(a b)",
            "a* OR b",
            "col:x",
            "^",
            "AND NOT",
            "-x",
            "P-20",
            "计量泵",
            hurtful(chance),
        ]
        queries = " ".join(chance.choices(words, k=4)).encode("utf-8", "replace")
        return command(
            "search", "--queries", put(place / "q.txt", spoilt(queries, b"", chance)), "--in", house.copy(place).folder
        )

    def restored(place: Path, chance: random.Random) -> object:
        by = spoilt_zip if chance.random() < 0.6 else lambda data, chance: spoilt(data, data, chance)
        made = safekeeping.restore(put(place / "kept.zip", by(house.backup, chance)), place / "out")
        return visit(made, chance)

    def tampered(place: Path, chance: random.Random) -> object:
        made = house.copy(place)
        tamper(made, chance)
        return visit(made, chance)

    return {
        "settings": _settings,
        "imports": imports,
        "evaluation": _evaluation,
        "attestation": _attestation,
        "check": audited,
        "adopt": adopted,
        "search": searched,
        "restore": restored,
        "tampered": tampered,
    }


def command(*words: object) -> int:
    """One command of doc2data in this process; an error that it has no words for comes out of it."""
    nowhere = contextlib.ExitStack()
    with nowhere, open(os.devnull, "w", encoding="utf-8") as silence:  # noqa: PTH123
        nowhere.enter_context(contextlib.redirect_stdout(silence))
        nowhere.enter_context(contextlib.redirect_stderr(silence))
        return cli.run([str(word) for word in words])


def visit(made: Project, chance: random.Random) -> object:
    """What a person does with a project that came from somewhere."""
    visits = (
        *(("status", "--verify"), ("status",), ("status", "--graph"), ("report",), ("run", "--quiet"), ("review",)),
        *(("export", "--format", "jsonl,csv,messages"), ("privacy",), ("config",)),
    )
    with contextlib.chdir(made.folder):
        return [command(*words) for words in chance.sample(visits, 3)]


def tamper(made: Project, chance: random.Random) -> None:
    """Change some values of a project's rows, as somebody with an SQLite shell could, or a file beside it."""
    if chance.random() < 0.3:
        names = [path for path in made.folder.rglob("*") if path.is_file() and path != made.database]
        path = chance.choice(names)
        if path.suffix == ".json" and chance.random() < 0.7:
            path.write_text(json.dumps(spoilt_value(json.loads(path.read_bytes()), chance)), encoding="utf-8")
        else:
            path.write_bytes(spoilt(path.read_bytes(), b"", chance))
        return
    with closing(sqlite3.connect(made.database)) as connection:
        tables = [row[0] for row in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")]
        filled = [name for name in tables if connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0]]
        for _ in range(chance.choice((1, 1, 3))):
            table = chance.choice([name for name in filled if not name.startswith(("lexical", "sqlite"))])
            columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
            column = chance.choice(columns)
            rows = connection.execute(
                f"SELECT rowid_, {column} FROM (SELECT row_number() OVER () rowid_, {column} FROM {table})"
            ).fetchall()
            value = chance.choice(rows)[1]
            with contextlib.suppress(sqlite3.IntegrityError):
                connection.execute(
                    f"UPDATE {table} SET {column} = ? WHERE {column} IS ?", (_tampered(value, chance), value)
                )
        connection.commit()


def _tampered(value: Any, chance: random.Random) -> Any:
    if isinstance(value, str) and value[:1] in "[{" and chance.random() < 0.7:
        with contextlib.suppress(ValueError):
            return json.dumps(spoilt_value(json.loads(value), chance))
    if isinstance(value, bytes):
        return spoilt(value, value, chance)
    if isinstance(value, str) and chance.random() < 0.6:
        return spoilt(value.encode(), b"", chance).decode("utf-8", "replace")[:5000]
    return chance.choice((None, "", -1, 2**62, 1.5, b"\x00\xff", "read", "accepted"))


def _settings(place: Path, chance: random.Random) -> object:
    text = (
        settings.render(settings.Settings()).replace("\n# ", "\n") if chance.random() < 0.7 else "[generate]\nseed = 1"
    )
    data = spoilt_toml(text, chance) if chance.random() < 0.6 else spoilt(text.encode(), b"[x]\na=1", chance)
    path = put(place / "doc2data.toml", data)
    loaded = settings.load(path)
    put(path, settings.render(loaded).encode())
    assert settings.load(path) == loaded
    return loaded


def _evaluation(place: Path, chance: random.Random) -> object:
    rows = [spoilt_value(row, chance) for row in chance.choices(ROWS, k=5)]
    suffix = chance.choice((".jsonl", ".json", ".csv", ".tsv", ".parquet", ".txt"))
    data = {".csv": _csv, ".parquet": _parquet}.get(suffix, _lines)(rows)
    if chance.random() < 0.7:
        data = spoilt(data, data, chance)
    return read_references([put(place / f"eval{suffix}", data)])


def _lines(rows: list[Any]) -> bytes:
    return "\n".join(map(json.dumps, rows)).encode()


def _csv(rows: list[Any]) -> bytes:
    out = io.StringIO()
    csv.writer(out).writerows([[json.dumps(row), row, "a,b"] for row in rows])
    return out.getvalue().encode("utf-8", "replace")


def _parquet(rows: list[Any]) -> bytes:
    import pyarrow as pa
    from pyarrow import parquet

    out = io.BytesIO()
    table: Any = pa
    written: Any = parquet
    written.write_table(table.table({"text": [json.dumps(row) for row in rows], "n": list(range(len(rows)))}), out)
    return out.getvalue()


def _attestation(place: Path, chance: random.Random) -> object:
    value = {"kind": "x", "results": {"export/a": "0"}, "sha256": "0"}
    data = json.dumps(spoilt_value(value, chance) if chance.random() < 0.6 else value).encode()
    put(place / "attestation.json", spoilt(data, data, chance) if chance.random() < 0.5 else data)
    return check(Project(place))


def put(path: Path, data: bytes) -> Path:
    """Write a file, with its folders."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return path
