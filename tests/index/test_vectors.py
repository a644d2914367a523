"""Vectors read by who does not hold the project: what an opening itself changes is no damage, a changed graph is."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from doc2data.index.vectors import IndexDamaged, VectorStore

WRITTEN_OUT = 1100
"""More vectors than Chroma keeps back before it first writes its graph."""


def filled(folder: Path, count: int) -> VectorStore:
    store = VectorStore(folder, "model:8")
    vectors = np.random.default_rng(0).standard_normal((count, 8)).astype(np.float32)
    store.upsert([str(i) for i in range(count)], vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    return store


def touch(folder: Path) -> None:
    """What another process does that opens an index whose graph was never written: the shell is made anew."""
    for path in folder.glob("*/*.bin"):
        os.utime(path, ns=(1, 1))


def test_a_small_index_is_read_again_and_again(tmp_path: Path) -> None:
    filled(tmp_path, 20)
    for _ in range(2):
        touch(tmp_path)
        assert len(VectorStore(tmp_path, "model:8", mend=False).search(np.eye(8, dtype=np.float32)[:1], 3)[0]) == 3


def test_a_graph_that_was_changed_behind_our_back_is_not_read(tmp_path: Path) -> None:
    filled(tmp_path, WRITTEN_OUT)
    assert VectorStore(tmp_path, "model:8", mend=False).count()
    touch(tmp_path)
    with pytest.raises(IndexDamaged, match="not as it was left"):
        VectorStore(tmp_path, "model:8", mend=False)
    assert VectorStore(tmp_path, "model:8").count() == 0  # who holds the project clears it, to be filled again


@pytest.mark.parametrize("damage", ["DROP TABLE migrations", "UPDATE migrations SET hash = 'x'", "DELETE FROM tenants"])
def test_a_damaged_database_is_mended_also_after_it_was_told(tmp_path: Path, damage: str) -> None:
    filled(tmp_path / "index", 20)
    copy = shutil.copytree(tmp_path / "index", tmp_path / "copy")
    with closing(sqlite3.connect(copy / "chroma.sqlite3")) as connection, connection:
        connection.execute(damage)
    for _ in range(2):
        with pytest.raises(IndexDamaged, match="The vector index failed"):
            VectorStore(copy, "model:8", mend=False)
    assert VectorStore(copy, "model:8").count() == 0
