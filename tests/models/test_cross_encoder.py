"""Cross-encoders from folders made here: the labels tell which kind it is, and the numbers are the model's own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from models import ModelNotFound, ModelUnusable, open_pair_scorer

PAIRS = [("the pump is oiled", "the pump runs"), ("the valve is shut", "the pump is oiled"), ("oil", "shut")]
WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] the pump is oiled runs valve shut oil".split()  # noqa: SIM905


def made(folder: Path, labels: dict[int, str]) -> Path:
    """A folder with a tiny BERT of random weights and these labels."""
    import torch
    from transformers import AutoConfig, AutoModelForSequenceClassification, BertTokenizer

    folder.mkdir()
    (folder / "vocab.txt").write_text("\n".join(WORDS))
    BertTokenizer(vocab=str(folder / "vocab.txt")).save_pretrained(folder)
    torch.manual_seed(1)
    config = AutoConfig.for_model(
        "bert",
        vocab_size=len(WORDS),
        hidden_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=16,
        initializer_range=1.0,
        num_labels=len(labels),
        id2label=labels,
        label2id={name: number for number, name in labels.items()},
    )
    model = AutoModelForSequenceClassification.from_config(config)  # type: ignore[no-untyped-call]
    model.save_pretrained(folder)
    return folder


def logits(folder: Path, pairs: list[tuple[str, str]] = PAIRS) -> np.ndarray:
    import torch
    from transformers import AutoModelForSequenceClassification, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForSequenceClassification.from_pretrained(folder).eval()
    with torch.inference_mode():
        rows = [model(**tokenizer(*pair, return_tensors="pt")).logits[0].numpy() for pair in pairs]
    return np.stack(rows)


def test_inference_gives_the_share_of_entailment_wherever_its_label_stands(tmp_path: Path) -> None:
    folder = made(tmp_path / "nli", {0: "CONTRADICTION", 1: "NEUTRAL", 2: "ENTAILMENT"})
    scorer = open_pair_scorer(str(folder))
    powers = np.exp(logits(folder))
    assert scorer.score(PAIRS) == pytest.approx(powers[:, 2] / powers.sum(axis=1), abs=1e-4)
    assert scorer.score([]).shape == (0,)
    assert scorer.name == "nli" and len(scorer.fingerprint) == 64


def test_a_reranker_gives_its_one_number_between_0_and_1(tmp_path: Path) -> None:
    folder = made(tmp_path / "rerank", {0: "LABEL_0"})
    found = open_pair_scorer(str(folder)).score(PAIRS)
    # The statement asks, and the evidence is what is found.
    asked = [(statement, evidence) for evidence, statement in PAIRS]
    assert found == pytest.approx(1 / (1 + np.exp(-logits(folder, asked)[:, 0])), abs=1e-4)


def test_what_is_no_cross_encoder_is_explained(tmp_path: Path) -> None:
    with pytest.raises(ModelNotFound, match="nothing"):
        open_pair_scorer(str(tmp_path / "nothing"))
    with pytest.raises(ModelUnusable, match=r"config\.json"):
        open_pair_scorer(str(tmp_path))
    folder = made(tmp_path / "topics", {0: "sport", 1: "trade", 2: "art"})
    with pytest.raises(ModelUnusable, match="sport, trade, art"):
        open_pair_scorer(str(folder)).score(PAIRS)
    (folder / "config.json").write_text(json.dumps({"model_type": "no such thing"}))
    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        open_pair_scorer(str(folder)).score(PAIRS)
