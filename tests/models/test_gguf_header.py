"""Headers are read without trust: whatever the bytes, the answer is a header or a clear error."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import ModelError, ModelNotFound, ModelUnusable
from models.gguf_header import read_header
from tests import tiny_gguf


def test_says_what_the_file_says(tiny: Path) -> None:
    header = read_header(tiny)
    assert (header.name, header.architecture, header.context, header.vocabulary) == ("Tiny Random", "llama", 4096, 512)
    assert (header.licence, header.quantisation, header.embeds) == ("CC0-1.0", "F32", False)
    assert "<|im_start|>" in header.template
    assert header.cell_bytes == 2 * 1 * (32 + 32) * 2


def test_no_such_file(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        read_header(tmp_path / "none.gguf")


@pytest.mark.parametrize("content", [b"", b"GGUF", b"PK\x03\x04" + bytes(100), b"GGUF" + b"\xff" * 100])
def test_not_a_model(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "broken.gguf"
    path.write_bytes(content)
    with pytest.raises(ModelUnusable):
        read_header(path)


@pytest.mark.parametrize("share", [0.01, 0.2, 0.5, 0.999])
def test_truncated_anywhere(tiny: Path, tmp_path: Path, share: float) -> None:
    path = tmp_path / "cut.gguf"
    whole = tiny.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(ModelUnusable, match="truncated"):
        read_header(path)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.integers(0, 12_000), st.binary(min_size=1, max_size=9))
def test_damaged_anywhere(tiny: Path, tmp_path: Path, at: int, noise: bytes) -> None:
    content = bytearray(tiny.read_bytes())
    content[at : at + len(noise)] = noise
    path = tmp_path / "damaged.gguf"
    path.write_bytes(content)
    try:
        header = read_header(path)
    except ModelError:
        return
    assert header.size == len(content)
    assert isinstance(header.cell_bytes, int)


def test_layers_with_a_running_state_take_no_memory_for_each_token(folder: Path) -> None:
    """LFM2 in turns: two of four layers attend, with one head for keys and values of 32 numbers, 16 bits each."""
    path = tiny_gguf.build(folder / "hybrid-header.gguf", tiny_gguf.Shape(hybrid=True, layers=4))
    assert read_header(path).cell_bytes == 2 * 1 * (32 + 32) * 2
