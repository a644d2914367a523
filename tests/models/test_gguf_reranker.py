"""GGUF rerankers from files made here: their numbers are those of the same model run by transformers."""

from __future__ import annotations

from pathlib import Path

import gguf
import numpy as np
import pytest

from models import ModelUnusable, open_pair_scorer
from tests import tiny_gguf
from tests.models import minilm_gguf
from tests.models.test_cross_encoder import PAIRS, made

SHAPE = (16, 1, 16, 2)
LONG = [("the pump is oiled " * 400, "the pump runs"), ("oil", "the valve is shut " * 400)]


def logits(folder: Path, pairs: list[tuple[str, str]]) -> np.ndarray:
    """By transformers; llama.cpp gives both texts of a pair the first kind of token."""
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    rows = []
    with torch.inference_mode():
        for pair in pairs:
            tokens = tokenizer(*pair, return_tensors="pt")
            tokens["token_type_ids"][:] = 0
            rows.append(model(**tokens).logits[0].numpy())
    return np.stack(rows)


def test_a_reranker_gives_its_one_number_between_0_and_1(tmp_path: Path) -> None:
    folder = made(tmp_path / "rerank", {0: "LABEL_0"})
    scorer = open_pair_scorer(str(minilm_gguf.classifier(tmp_path / "rerank.gguf", folder, SHAPE)))
    asked = [(statement, evidence) for evidence, statement in PAIRS]
    found = scorer.score(PAIRS)
    assert found == pytest.approx(1 / (1 + np.exp(-logits(folder, asked)[:, 0])), abs=2e-3)
    assert np.ptp(found) > 0.02
    assert scorer.score([]).shape == (0,)
    assert scorer.name == "Tiny Judge" and len(scorer.fingerprint) == 64


def test_inference_gives_the_share_of_entailment_wherever_its_label_stands(tmp_path: Path) -> None:
    names = ["contradiction", "ENTAILMENT", "neutral"]
    folder = made(tmp_path / "nli", dict(enumerate(names)))
    scorer = open_pair_scorer(str(minilm_gguf.classifier(tmp_path / "nli.gguf", folder, SHAPE, names)))
    powers = np.exp(logits(folder, PAIRS))
    assert scorer.score(PAIRS) == pytest.approx(powers[:, 1] / powers.sum(axis=1), abs=2e-3)


def test_texts_beyond_the_window_lose_their_ends(tmp_path: Path) -> None:
    """Neither of the two pushes the other one out."""
    folder = made(tmp_path / "rerank", {0: "LABEL_0"})
    scorer = open_pair_scorer(str(minilm_gguf.classifier(tmp_path / "rerank.gguf", folder, SHAPE)))
    longer = [(evidence + "oil", statement + "oil") for evidence, statement in LONG]
    assert scorer.score(LONG) == pytest.approx(scorer.score(longer), abs=1e-6)


def test_what_ranks_nothing_is_explained(tmp_path: Path, tiny: Path) -> None:
    with pytest.raises(ModelUnusable, match="no reranker"):
        open_pair_scorer(str(tiny))
    folder = made(tmp_path / "topics", {0: "sport", 1: "trade"})
    with pytest.raises(ModelUnusable, match="sport, trade"):
        open_pair_scorer(str(minilm_gguf.classifier(tmp_path / "topics.gguf", folder, SHAPE, ["sport", "trade"])))


def test_a_decoder_without_a_head_says_so_and_takes_nothing_with_it(tmp_path: Path) -> None:
    """llama.cpp would abort its process at the first pair."""
    path = tiny_gguf.build(tmp_path / "headless.gguf", tiny_gguf.Shape(pooling=gguf.PoolingType.RANK))
    with pytest.raises(ModelUnusable):
        open_pair_scorer(str(path)).score(PAIRS)
