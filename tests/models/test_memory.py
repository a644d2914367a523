"""What a machine can give a model."""

from __future__ import annotations

import pytest

from models.memory import available, cores


@pytest.mark.parametrize(("allowed", "physical", "found"), [(16, 8, 8), (2, 8, 2), (4, None, 4), (1, 1, 1)], ids=str)
def test_threads_of_one_core_count_once(
    allowed: int, physical: int | None, found: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("os.sched_getaffinity", lambda _: set(range(allowed)), raising=False)
    monkeypatch.setattr("psutil.cpu_count", lambda logical: None if logical else physical)
    assert cores() == found


def test_there_is_memory() -> None:
    assert available() > 10_000_000
