"""The remembering embedder: the same vectors, each computed once, within its bound."""

from __future__ import annotations

import numpy as np

from models.embedding.remembering import RememberingEmbedder
from tests.index.doubles import HashEmbedder


def test_vectors_are_those_of_the_embedder_and_each_text_reaches_it_once() -> None:
    inner = HashEmbedder()
    embedder = RememberingEmbedder(inner)
    first = embedder.encode(["pump", "valve", "pump"])
    second = embedder.encode(["valve", "seal"])
    assert inner.encoded == 3
    assert np.array_equal(first, HashEmbedder().encode(["pump", "valve", "pump"]))
    assert np.array_equal(second, HashEmbedder().encode(["valve", "seal"]))


def test_memory_is_bounded_and_a_batch_larger_than_it_still_comes_out_whole() -> None:
    inner = HashEmbedder()
    embedder = RememberingEmbedder(inner, size=2)
    texts = [f"word{n}" for n in range(5)]
    assert np.array_equal(embedder.encode(texts), HashEmbedder().encode(texts))
    embedder.encode(["word4"])
    assert inner.encoded == 5
    embedder.encode(["word0"])
    assert inner.encoded == 6


def test_no_texts_give_no_rows() -> None:
    assert RememberingEmbedder(HashEmbedder()).encode([]).shape == (0, 64)
