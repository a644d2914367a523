"""The dataset under a GGUF's own chat template, counted in its tokens."""

from __future__ import annotations

from pathlib import Path

import pytest

from doc2data.records import Step
from doc2data.settings import ExportSettings
from doc2data.transcripts import read_with, summary
from models import ModelNotFound, ModelUnusable
from tests import tiny_gguf
from tests.export.corpus import make

SAMPLES = [
    make("qa", [("user", "Which valve?"), ("assistant", "VL-2.")], ()),
    make("qa", [("user", "Which pump? " * 200), ("assistant", "BP-7.")], (), steps=(Step("It is the second."),)),
    make("qa", [("user", "Which?"), ("assistant", "None.")], (), failed="support"),
]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_gguf.build(tmp_path_factory.mktemp("models") / "tiny.gguf")


def test_accepted_samples_are_written_and_counted(model: Path) -> None:
    found = read_with(str(model), SAMPLES, ExportSettings(system="Answer briefly."))
    assert found.example == (
        "<|im_start|>system\nAnswer briefly.<|im_end|>\n"
        "<|im_start|>user\nWhich valve?<|im_end|>\n"
        "<|im_start|>assistant\nVL-2.<|im_end|>\n"
    )
    # Six markers are a token each; every other token is one byte of text at least.
    assert (found.samples, found.context) == (2, 4096)
    assert 512 < found.longest < 2600
    assert found.total - found.longest < len(found.example) - 6 * len("im_start")
    assert found.over == {512: 1} | ({1024: 1} if found.longest > 1024 else {})
    assert any("2 samples" in line and "Tiny Random" in line for line in summary(found))


def test_a_template_that_refuses_a_conversation_is_counted(tmp_path: Path) -> None:
    source = "{% if messages|length > 2 %}{{ raise_exception('two turns at most') }}{% endif %}" + tiny_gguf.CHATML
    model = tiny_gguf.build(tmp_path / "strict.gguf", tiny_gguf.Shape(template=source))
    long = make("dialogue", [("user", "a"), ("assistant", "b"), ("user", "c"), ("assistant", "d")], ())
    found = read_with(str(model), [SAMPLES[0], long], ExportSettings())
    assert found.samples == 1
    assert [("two turns at most" in reason, n) for reason, n in found.refused.items()] == [(True, 1)]


def test_what_has_no_template_is_named(tmp_path: Path) -> None:
    bare = tiny_gguf.build(tmp_path / "bare.gguf", tiny_gguf.Shape(template=None))
    with pytest.raises(ModelUnusable, match="no chat template"):
        read_with(str(bare), SAMPLES, ExportSettings())
    with pytest.raises(ModelNotFound):
        read_with("nobody", SAMPLES, ExportSettings())
    with pytest.raises(ModelUnusable, match="server"):
        read_with("http://localhost:1/v1", SAMPLES, ExportSettings())
