"""Models are found where other programs keep them, and odd files do no harm."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import gguf
import pytest

from doc2data import shelf
from models import EngineOptions, ModelNotFound, ModelUnusable, open_engine
from models.catalogue import catalogue, named, own_folder
from models.fingerprint import fingerprint_of
from models.gguf_header import read_header
from tests import tiny_gguf
from tests.models.conftest import ask


@pytest.fixture
def home() -> Path:
    return Path(os.environ["HOME"])


def put(source: Path, target: Path) -> Path:
    target.parent.mkdir(parents=True, exist_ok=True)
    return Path(shutil.copy(source, target))


def manifest(home: Path, name: str, content: object) -> None:
    path = home / ".ollama/models/manifests/registry.ollama.ai/library" / name / "latest"
    path.parent.mkdir(parents=True)
    path.write_text(json.dumps(content))


def test_nothing_there() -> None:
    assert catalogue() == []


def test_every_store_is_looked_at(tiny: Path, home: Path) -> None:
    cache = Path(os.environ["XDG_CACHE_HOME"])
    put(tiny, own_folder() / "own.gguf")
    put(tiny, home / ".lmstudio/models/lab/model/lm.gguf")
    put(tiny, cache / "huggingface/hub/models--a--b/snapshots/1/hf.gguf")
    put(tiny, cache / "llama.cpp/cached.gguf")
    put(tiny, home / ".ollama/models/blobs/sha256-abc123")
    layer = {"mediaType": "application/vnd.ollama.image.model", "digest": "sha256:abc123"}
    manifest(home, "qwen", {"layers": [layer]})
    found = {entry.store: entry for entry in catalogue()}
    assert set(found) == {"doc2data", "lmstudio", "huggingface", "llama.cpp", "ollama"}
    entry = found["ollama"]
    assert (entry.name, entry.architecture, entry.context, entry.has_template) == ("qwen:latest", "llama", 4096, True)
    assert (entry.size, entry.licence, entry.fits, entry.embeds) == (tiny.stat().st_size, "CC0-1.0", True, False)


@pytest.mark.parametrize(
    "content",
    [[], {"layers": 3}, {"layers": [{"mediaType": "x.model", "digest": "sha256:../../../etc/passwd"}]}, {"layers": []}],
)
def test_odd_manifests_are_left_out(home: Path, content: object) -> None:
    manifest(home, "odd", content)
    assert catalogue() == []


def test_broken_files_are_named_with_what_is_wrong(tiny: Path) -> None:
    put(tiny, own_folder() / "good.gguf")
    (own_folder() / "bad.gguf").write_bytes(tiny.read_bytes()[:1000])
    bad, good = catalogue()
    assert (bad.name, bad.size, bad.writes, good.name, good.writes) == ("bad", 1000, False, "good", True)
    assert "truncated" in bad.problem and not good.problem


def test_the_form_of_a_chat_template_is_named(tiny: Path) -> None:
    put(tiny, own_folder() / "one.gguf")
    assert [entry.template for entry in catalogue()] == ["ChatML"]


def test_a_name_opens_its_model(tiny: Path) -> None:
    path = put(tiny, own_folder() / "Qwen-Tiny-Q4.gguf")
    for name in ("Qwen-Tiny-Q4", "Qwen-Tiny-Q4.gguf", "qwen-tiny"):
        entry = named(name)
        assert entry is not None and entry.path == path


def test_names_that_nothing_has() -> None:
    with pytest.raises(ModelNotFound, match="'llama-99'"):
        open_engine("llama-99")
    with pytest.raises(ModelNotFound):
        open_engine("missing.gguf")


def test_models_that_cannot_write_are_refused(folder: Path) -> None:
    bare = tiny_gguf.build(folder / "bare.gguf", tiny_gguf.Shape(template=None))
    with pytest.raises(ModelUnusable, match="chat template"):
        open_engine(str(bare))


def test_a_model_beyond_the_memory_says_what_it_needs(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.llama.fit.available", lambda: 200 << 20)
    with pytest.raises(ModelUnusable, match=r"needs 0\.3 GB of memory and 0\.2 GB are free") as refusal:
        open_engine(str(tiny))
    assert "smaller" in refusal.value.hint


@pytest.mark.parametrize(
    ("spec", "hint"), [("ray://head:10001", "http://host:port/v1"), ("ftp://box/m.gguf", "http://host:port/v1")]
)
def test_addresses_that_no_model_is_reached_by(spec: str, hint: str) -> None:
    with pytest.raises(ModelNotFound, match=spec.partition("//")[0]) as refusal:
        open_engine(spec)
    assert hint in refusal.value.hint


def test_a_folder_is_not_a_model_and_the_file_in_it_is_named(tiny: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="is a folder"):
        open_engine(str(tmp_path))
    put(tiny, tmp_path / "one.gguf")
    with pytest.raises(ModelNotFound) as refusal:
        open_engine(str(tmp_path))
    assert str(tmp_path / "one.gguf") in refusal.value.hint


def test_a_reranker_is_refused_as_a_writer_and_its_use_is_named(folder: Path) -> None:
    path = tiny_gguf.build(folder / "rank.gguf", tiny_gguf.Shape(pooling=gguf.PoolingType.RANK))
    with pytest.raises(ModelUnusable, match="reranker") as refusal:
        open_engine(str(path))
    assert "checks.cross_encoder" in refusal.value.hint


@pytest.fixture
def split(tmp_path: Path) -> list[Path]:
    first = tiny_gguf.build(tmp_path / "large-Q4.gguf", tiny_gguf.Shape(split=8))
    found = sorted(tmp_path.glob("large-Q4-*.gguf"))
    assert (found[0], len(found)) == (first, 3)
    return found


def test_a_model_in_parts_is_one_model_of_their_size(split: list[Path]) -> None:
    for part in split:
        put(part, own_folder() / part.name)
    (entry,) = catalogue()
    assert (entry.name, entry.size) == ("large-Q4", sum(part.stat().st_size for part in split))
    assert [file.name for file in entry.files] == [part.name for part in split]
    assert {read_header(own_folder() / part.name).path for part in split} == {own_folder() / split[0].name}
    found = named("large-q4")
    assert found is not None and found.path == own_folder() / split[0].name


async def test_a_model_in_parts_is_loaded_by_any_of_them(split: list[Path], tiny: Path) -> None:
    replies = []
    for path in (split[1], tiny):
        engine = open_engine(str(path), EngineOptions(context=2048, sequences=4))
        replies.append(await engine.complete(ask("Go.", temperature=0)))
        await engine.close()
    assert replies[0] == replies[1]


def test_a_missing_part_is_named(split: list[Path]) -> None:
    split[1].unlink()
    with pytest.raises(ModelUnusable, match=r"large-Q4-00002-of-00003\.gguf is not there"):
        open_engine(str(split[0]))
    alone = split[0].rename(split[0].with_name("renamed.gguf"))
    with pytest.raises(ModelUnusable, match="first of 3 parts"):
        open_engine(str(alone))
    for part in split[2:]:
        put(part, own_folder() / part.name)
    (entry,) = catalogue()
    assert entry.name == "large-Q4" and "00001-of-00003" in entry.problem


def test_the_memory_is_compared_with_all_parts(split: list[Path], monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(part.stat().st_size for part in split)
    cells = 1024 * int(read_header(split[0]).cell_bytes * 0.77)
    monkeypatch.setattr("models.llama.fit.available", lambda: (300 << 20) + cells + size - 1)
    with pytest.raises(ModelUnusable, match="needs"):
        open_engine(str(split[0]))


def test_another_last_part_makes_another_model(split: list[Path]) -> None:
    before = fingerprint_of(read_header(split[0]).files)
    data = bytearray(split[2].read_bytes())
    data[-1] ^= 1
    split[2].write_bytes(data)
    assert fingerprint_of(read_header(split[0]).files) != before


def test_all_parts_are_added_and_removed(split: list[Path]) -> None:
    told: list[tuple[int, int]] = []
    assert shelf.add(split[1], lambda done, total: told.append((done, total))) == "large-Q4"
    assert sorted(path.name for path in own_folder().iterdir()) == [part.name for part in split]
    assert told[-1][0] == told[-1][1] == sum(part.stat().st_size for part in split)
    shelf.remove("large-Q4")
    assert not list(own_folder().iterdir())
