"""The default embedder: the published model, nothing downloaded, the vectors of sentence-transformers."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gguf
import numpy as np
import pytest

from models import Embedder, ModelNotFound, ModelUnusable, open_embedder, open_engine
from models.embedding.folder import installed
from models.embedding.gguf import GgufEmbedder
from models.embedding.transformer import TransformerEmbedder
from tests import tiny_gguf
from tests.models import minilm_gguf

TEXTS = [
    "The pump is switched off before the cover is opened.",
    "Switch the pump off first, then open the cover.",
    "Apples are harvested in autumn.",
    "水泵在打开盖子之前必须关闭。",
    "",
    "word " * 400,
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder()


def test_what_is_known_without_loading() -> None:
    """Name, size and hash are there at once: a run whose vectors are cached loads no library."""
    script = (
        "import sys, models; e = models.open_embedder(); print(e.name, e.dimension, e.window, e.fingerprint[:8]);"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'tokenizers') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines() == ["all-MiniLM-L6-v2 384 256 53aa5117", "[]"]


def test_vectors_are_units_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.encode(TEXTS)
    assert vectors.shape == (6, 384)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(6), abs=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    alone = np.concatenate([embedder.encode([text]) for text in TEXTS])
    assert (vectors * alone).sum(1).min() > 0.999


def test_nothing_to_embed(embedder: Embedder) -> None:
    assert embedder.encode([]).shape == (0, 384)
    assert embedder.count([]) == []


def test_tokens_are_counted_uncut(embedder: Embedder) -> None:
    assert embedder.count(["hello world", "", "word " * 400]) == [4, 2, 402]


def test_odd_characters_do_no_harm(embedder: Embedder) -> None:
    assert np.isfinite(embedder.encode(["\ud800 lone surrogate", "\x00", "\u202e"])).all()


@pytest.mark.heavy
def test_the_vectors_are_those_of_sentence_transformers(embedder: Embedder) -> None:
    theirs = TransformerEmbedder(installed())
    assert (embedder.encode(TEXTS) * theirs.encode(TEXTS)).sum(1).min() > 0.999
    assert embedder.count(TEXTS) == theirs.count(TEXTS)
    assert (embedder.fingerprint, embedder.window) == (theirs.fingerprint, theirs.window)


@pytest.mark.heavy
def test_a_model_has_the_same_vectors_as_gguf(embedder: Embedder, tmp_path: Path) -> None:
    """The published weights through llama.cpp and through torch."""
    through_llama = open_embedder(str(minilm_gguf.build(tmp_path / "minilm.gguf")))
    assert isinstance(through_llama, GgufEmbedder)
    texts = [text for text in TEXTS[:4] if text]
    cosines = (embedder.encode(texts) * through_llama.encode(texts)).sum(1)
    counts = through_llama.count(texts)
    through_llama.close()
    assert cosines.min() > 0.999
    assert counts == embedder.count(texts)


def test_folders_that_are_no_models(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound):
        open_embedder(str(tmp_path / "none"))
    with pytest.raises(ModelUnusable, match=r"modules\.json"):
        open_embedder(str(tmp_path))


@pytest.fixture(scope="module")
def gguf_embedder(folder: Path) -> Iterator[GgufEmbedder]:
    path = tiny_gguf.build(folder / "embedding.gguf", tiny_gguf.Shape(pooling=gguf.PoolingType.MEAN, context=256))
    opened = open_embedder(str(path))
    assert isinstance(opened, GgufEmbedder)
    yield opened
    opened.close()


def test_gguf_vectors_are_units_whatever_the_company(gguf_embedder: GgufEmbedder) -> None:
    texts = [text or "." for text in TEXTS] + [f"Screw {number} holds the cover." for number in range(100)]
    vectors = gguf_embedder.encode(texts)
    assert vectors.shape == (106, gguf_embedder.dimension)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(106), abs=1e-3)
    alone = np.concatenate([gguf_embedder.encode([text]) for text in texts[:8]])
    assert (vectors[:8] * alone).sum(1).min() > 0.999
    assert abs(vectors[0] @ vectors[3]) < 0.999


def test_gguf_tokens_are_counted_uncut(gguf_embedder: GgufEmbedder) -> None:
    assert gguf_embedder.window == 256
    counts = gguf_embedder.count(["pump", "word " * 400])
    assert counts[0] < 6
    assert counts[1] > 256
    assert gguf_embedder.encode([]).shape == (0, 64)


def test_models_keep_to_their_trade(tiny: Path, gguf_embedder: GgufEmbedder, folder: Path) -> None:
    with pytest.raises(ModelUnusable, match="not an embedding model"):
        open_embedder(str(tiny))
    with pytest.raises(ModelUnusable, match="cannot write"):
        open_engine(str(folder / "embedding.gguf"))


def test_a_folder_with_damaged_weights(tmp_path: Path) -> None:
    source = installed()
    for name in ("modules.json", "config.json", "sentence_bert_config.json", "tokenizer.json", "1_Pooling/config.json"):
        target = tmp_path / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes((source / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"\x08\x00\x00\x00\x00\x00\x00\x00{}      ")
    with pytest.raises(ModelUnusable, match="BERT"):
        open_embedder(str(tmp_path)).encode(["text"])


def test_altered_weights_are_not_taken_for_the_published(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("models.embedding.folder.fingerprint", lambda path: "00" * 32)
    with pytest.raises(ModelUnusable, match="hash"):
        open_embedder()


def test_other_kinds_of_folder_go_to_the_library(tmp_path: Path) -> None:
    (tmp_path / "modules.json").write_text(json.dumps([{"type": "sentence_transformers.models.Transformer"}]))
    assert isinstance(open_embedder(str(tmp_path)), TransformerEmbedder)
