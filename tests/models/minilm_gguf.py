"""BERT models written as GGUF files, so that both ways of running them can be compared."""

from __future__ import annotations

from pathlib import Path

import gguf
from safetensors.numpy import load_file

from models.embedding.folder import installed

_NAMES = {
    "embeddings.word_embeddings": "token_embd",
    "embeddings.position_embeddings": "position_embd",
    "embeddings.token_type_embeddings": "token_types",
    "embeddings.LayerNorm": "token_embd_norm",
    "attention.self.query": "attn_q",
    "attention.self.key": "attn_k",
    "attention.self.value": "attn_v",
    "attention.output.dense": "attn_output",
    "attention.output.LayerNorm": "attn_output_norm",
    "intermediate.dense": "ffn_up",
    "output.dense": "ffn_down",
    "output.LayerNorm": "layer_output_norm",
    "pooler.dense": "cls",
    "classifier": "cls.output",
}


def build(path: Path) -> Path:
    """Write the installed all-MiniLM-L6-v2 and return the path."""
    writer = _writer(path, "all-MiniLM-L6-v2", (384, 6, 1536, 12), gguf.PoolingType.MEAN)
    return _written(writer, installed(), path)


def classifier(path: Path, folder: Path, shape: tuple[int, int, int, int], labels: list[str] | None = None) -> Path:
    """Write a BERT that classifies pairs and return the path.

    Args:
        path: of the file.
        folder: with the model as transformers saves it.
        shape: width, layers, width of the feed-forward part, heads.
        labels: of its head, where it has more than one.
    """
    writer = _writer(path, "Tiny Judge", shape, gguf.PoolingType.RANK)
    if labels:
        writer.add_classifier_output_labels(labels)
    return _written(writer, folder, path)


def _writer(path: Path, name: str, shape: tuple[int, int, int, int], pooling: gguf.PoolingType) -> gguf.GGUFWriter:
    width, layers, inner, heads = shape
    writer = gguf.GGUFWriter(path, "bert")
    writer.add_name(name)
    writer.add_context_length(512)
    writer.add_embedding_length(width)
    writer.add_block_count(layers)
    writer.add_feed_forward_length(inner)
    writer.add_head_count(heads)
    writer.add_layer_norm_eps(1e-12)
    writer.add_causal_attention(False)
    writer.add_pooling_type(pooling)
    return writer


def _written(writer: gguf.GGUFWriter, folder: Path, path: Path) -> Path:
    _add_vocabulary(writer, (folder / "vocab.txt").read_text(encoding="utf-8").splitlines())
    for name, tensor in load_file(folder / "model.safetensors").items():
        if renamed := _renamed(name.removeprefix("bert.")):
            writer.add_tensor(renamed, tensor.astype("float32"))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def _add_vocabulary(writer: gguf.GGUFWriter, words: list[str]) -> None:
    """WordPiece as llama.cpp spells it: a mark before whole words in place of one before their continuations."""
    special = [word.startswith("[") and word.endswith("]") and len(word) > 2 for word in words]
    pieces = [
        word if marked else word.removeprefix("##") if word.startswith("##") else "\u2581" + word
        for word, marked in zip(words, special, strict=True)
    ]
    writer.add_tokenizer_model("bert")
    writer.add_token_list(pieces)
    writer.add_token_types([gguf.TokenType.CONTROL if marked else gguf.TokenType.NORMAL for marked in special])
    writer.add_token_type_count(2)
    writer.add_bos_token_id(words.index("[CLS]"))
    writer.add_sep_token_id(words.index("[SEP]"))
    writer.add_unk_token_id(words.index("[UNK]"))
    writer.add_pad_token_id(words.index("[PAD]"))


def _renamed(name: str) -> str | None:
    """A tensor's name in GGUF; None for those that are not part of the encoder."""
    stem, _, kind = name.rpartition(".")
    block = ""
    if stem.startswith("encoder.layer."):
        number, stem = stem.removeprefix("encoder.layer.").split(".", 1)
        block = f"blk.{number}."
    return f"{block}{_NAMES[stem]}.{kind}" if stem in _NAMES else None
