"""Downloading from a hub: a stand-in on this machine speaks the hub's protocol."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from doc2data import shelf
from models import ModelError
from models.catalogue import own_folder
from models.hub import recommended
from tests import tiny_gguf
from tests.hub import Hub, served


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with served() as server:
        monkeypatch.setenv("HF_ENDPOINT", server.url)
        yield server


def pull(name: str, *flags: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "doc2data", "models", "pull", name, *flags]
    return subprocess.run(command, capture_output=True, text=True, env=os.environ.copy(), check=False)


def test_a_model_comes_and_can_be_named(hub: Hub, tiny: Path) -> None:
    hub.files = {"small-Q4_K_M.gguf": tiny.read_bytes(), "small-Q8_0.gguf": b"other", "README.md": b"text"}
    done = pull("lab/small:*q4_k_m.gguf")
    assert (done.returncode, done.stderr) == (0, "Added small-Q4_K_M. Use it with --model small-Q4_K_M\n")
    assert (own_folder() / "small-Q4_K_M.gguf").read_bytes() == tiny.read_bytes()
    assert [path.name for path in own_folder().iterdir()] == ["small-Q4_K_M.gguf"]


def test_all_parts_of_a_model_come(hub: Hub, tmp_path: Path) -> None:
    tiny_gguf.build(tmp_path / "large-Q4.gguf", tiny_gguf.Shape(split=8))
    parts = {path.name: path.read_bytes() for path in tmp_path.glob("large-Q4-*.gguf")}
    hub.files = {**parts, "large-Q8-00001-of-00002.gguf": b"a", "large-Q8-00002-of-00002.gguf": b"b"}
    done = pull("lab/small:*q4*", "--json")
    assert done.returncode == 0
    told = [json.loads(line) for line in done.stdout.splitlines()]
    size = sum(map(len, parts.values()))
    assert told[-1] == {"name": "large-Q4"} and told[-2] == {"done": size, "total": size}
    assert {path.name: path.read_bytes() for path in own_folder().iterdir()} == parts


def sizes() -> list[int]:
    """Of the drafts that hold something."""
    return [path.stat().st_size for path in own_folder().glob("*.part") if path.stat().st_size]


def test_a_killed_download_goes_on_where_it_stopped(hub: Hub, tiny: Path) -> None:
    # The hub's library writes pieces of 10 MB.
    data = tiny.read_bytes() + bytes(24_000_000)
    hub.files, hub.cut_after = {"small.gguf": data}, 21_500_000
    with subprocess.Popen([sys.executable, "-m", "doc2data", "models", "pull", "lab/small"]) as broken:
        assert hub.cut.wait(60)
        while not sizes():
            assert broken.poll() is None
        broken.kill()
    hub.killed.set()
    assert not list(own_folder().glob("*.gguf"))
    (came,) = sizes()
    hub.cut_after = None
    assert pull("lab/small").returncode == 0
    assert hub.ranges == [f"bytes={came}-"]
    assert (own_folder() / "small.gguf").read_bytes() == data


def test_no_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    done = pull("lab/small")
    assert done.returncode == 1
    assert "Is this machine online?" in done.stderr


def test_other_bytes_than_the_hubs_are_not_kept(hub: Hub, tiny: Path) -> None:
    hub.files, hub.lies = {"small.gguf": tiny.read_bytes()}, {"small.gguf"}
    done = pull("lab/small")
    assert done.returncode == 1
    assert "other bytes" in done.stderr
    assert not list(own_folder().iterdir())


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("lab/absent", "no public repository"),
        ("lab/small", "has no single file"),
        ("lab/small:*Q2*", "b-Q8_0.gguf"),
        ("unheard-of", "Recommended: qwen3-0.6b"),
        ("../../etc/passwd", "neither a recommended model"),
    ],
)
def test_names_that_mean_no_file(hub: Hub, name: str, said: str) -> None:
    hub.files = {"a-Q4_0.gguf": b"a", "b-Q8_0.gguf": b"b"}
    done = pull(name)
    assert done.returncode == 1
    assert said in done.stderr


async def test_the_app_pulls_in_another_process(hub: Hub, tiny: Path) -> None:
    hub.files = {"small.gguf": tiny.read_bytes()}
    steps = [step async for step in shelf.pulling("lab/small")]
    size = tiny.stat().st_size
    assert steps[-1] == (size, size)
    assert (own_folder() / "small.gguf").is_file()
    with pytest.raises(ModelError, match="no public repository"):
        _ = [step async for step in shelf.pulling("lab/absent")]


def test_the_recommended_ones_are_listed_without_the_network() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "doc2data", "models", "pull", "--json"], capture_output=True, text=True, check=True
    )
    names = [json.loads(line)["name"] for line in done.stdout.splitlines()]
    assert names == [entry.name for entry in recommended()]
    assert all(entry.size < entry.memory for entry in recommended())
