"""Small GGUF models with random weights and a real byte-level BPE vocabulary, made in a moment for tests.

They talk nonsense, and that is their use: whatever holds for their replies holds by construction.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy as np
from numpy.typing import NDArray

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
THINKING = (
    CHATML.removesuffix("{% endif %}") + "{% if enable_thinking is defined and enable_thinking is false %}"
    "<think>\n\n</think>\n\n{% endif %}{% endif %}"
)
NO_SYSTEM = "{% if messages[0].role == 'system' %}{{ raise_exception('no system role') }}{% endif %}" + CHATML
SPECIAL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>", "<think>", "</think>")
_CORPUS = (
    "The pump is switched off before the cover is opened. Tighten the four screws to 2.5 N m. "
    "What is the largest pressure that the valve may see? The answer is 16 bar at 20 degrees. "
    '{"question": "Which valve?", "answer": "The second one.", "evidence": [1, 2, 3]} '
    "Chapter 4 describes how the filter is cleaned, and why it must not be washed. "
    "水泵在打开盖子之前必须关闭。Füllen Sie das Öl vor dem Start auf. Remplacez le filtre. "
)


@dataclass(frozen=True, slots=True)
class Shape:
    """What kind of model is made."""

    vocabulary: int = 512
    corpus: str = _CORPUS
    """What the tokenizer was trained on: text of this kind takes few tokens."""
    width: int = 64
    layers: int = 2
    heads: int = 2
    context: int = 4096
    template: str | None = CHATML
    weights: gguf.GGMLQuantizationType = gguf.GGMLQuantizationType.F32
    scale: float = 0.3
    """Standard deviation of the weights, times the square root of the width: flat or lively logits."""
    seed: int = 0
    recurrent: bool = False
    """Mamba in place of llama: a running state in place of a memory of tokens."""
    hybrid: bool = False
    """LFM2 in place of llama: short convolutions with a running state in every other layer, attention in the rest."""
    sentencepiece: bool = False
    """A vocabulary like that of Llama 2, which puts a space before every text."""
    sliding: int = 0
    """Gemma in place of llama, with attention over so many tokens in most layers."""
    split: int = 0
    """Most tensors of one file; 0 puts all into one."""
    ending: float = 0.0
    """How readily the model ends a string: the weight by which it draws a quotation mark, 0 for as any other token."""
    pooling: gguf.PoolingType | None = None
    """Makes it an embedding model."""


def build(path: Path, shape: Shape | None = None) -> Path:
    """Write a model and return its path, of a split one that of its first part."""
    shape = shape or Shape()
    writer = gguf.GGUFWriter(path, _architecture(shape), split_max_tensors=shape.split)
    _describe(writer, shape)
    (_add_pieces if shape.sentencepiece else _add_vocabulary)(writer, shape)
    made = _mamba(shape) if shape.recurrent else _lfm2(shape) if shape.hybrid else _tensors(shape)
    for name, tensor in made:
        if tensor.ndim == 1:
            writer.add_tensor(name, tensor)
        else:
            writer.add_tensor(name, gguf.quants.quantize(tensor, shape.weights), raw_dtype=shape.weights)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path if not shape.split else min(path.parent.glob(f"{path.stem}-00001-of-*.gguf"))


def _architecture(shape: Shape) -> str:
    if shape.recurrent:
        return "mamba"
    return "lfm2" if shape.hybrid else "gemma3" if shape.sliding else "llama"


def _describe(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("Tiny Random")
    writer.add_license("CC0-1.0")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(2 * shape.width)
    writer.add_head_count(shape.heads)
    kv_heads = shape.heads // 2
    writer.add_head_count_kv([kv_heads * (layer % 2) for layer in range(shape.layers)] if shape.hybrid else kv_heads)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    if shape.pooling is not None:
        writer.add_pooling_type(shape.pooling)
    if shape.sliding:
        writer.add_sliding_window(shape.sliding)
        writer.add_key_length(shape.width // shape.heads)
        writer.add_value_length(shape.width // shape.heads)
    if shape.hybrid:
        writer.add_shortconv_l_cache(3)
    if shape.recurrent:
        writer.add_ssm_conv_kernel(4)
        writer.add_ssm_inner_size(2 * shape.width)
        writer.add_ssm_state_size(16)
        writer.add_ssm_time_step_rank(4)


def _add_vocabulary(writer: gguf.GGUFWriter, shape: Shape) -> None:
    tokens, merges = vocabulary(shape)
    special = len(tokens) - len(SPECIAL)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(tokens)
    writer.add_token_types([gguf.TokenType.NORMAL] * special + [gguf.TokenType.CONTROL] * len(SPECIAL))
    writer.add_token_merges(merges)
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_eot_token_id(tokens.index("<|im_end|>"))
    writer.add_pad_token_id(tokens.index("<|endoftext|>"))
    writer.add_add_bos_token(False)
    if shape.template is not None:
        writer.add_chat_template(shape.template)


def _add_pieces(writer: gguf.GGUFWriter, shape: Shape) -> None:
    """A SentencePiece vocabulary: bytes for what it does not know, and likelier pieces for longer ones."""
    bytes_ = [f"<0x{byte:02X}>" for byte in range(256)]
    letters = [chr(code) for code in range(33, 127)]
    words = [
        "\u2581",
        "\u2581the",
        "\u2581The",
        "th",
        "he",
        "the",
        "in",
        "\u2581in",
        "ing",
        "er",
        "re",
        "The",
        "ve",
        '":',
        '",',
    ]
    tokens = ["<unk>", "<s>", "</s>", *SPECIAL, *bytes_, *letters, *words]
    tokens += [f"[unused{number}]" for number in range(shape.vocabulary - len(tokens))]
    kinds = [gguf.TokenType.NORMAL] * len(tokens)
    kinds[0] = gguf.TokenType.UNKNOWN
    for index in range(1, 3 + len(SPECIAL)):
        kinds[index] = gguf.TokenType.CONTROL
    for index in range(3 + len(SPECIAL), 3 + len(SPECIAL) + len(bytes_)):
        kinds[index] = gguf.TokenType.BYTE
    writer.add_tokenizer_model("llama")
    writer.add_token_list(tokens)
    writer.add_token_scores(
        [float(len(token)) if kind == gguf.TokenType.NORMAL else 0.0 for token, kind in zip(tokens, kinds, strict=True)]
    )
    writer.add_token_types(kinds)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(tokens.index("<|im_end|>"))
    writer.add_unk_token_id(0)
    writer.add_add_bos_token(True)
    writer.add_add_space_prefix(True)
    if shape.template is not None:
        writer.add_chat_template(shape.template)


def vocabulary(shape: Shape) -> tuple[list[str], list[str]]:
    """Tokens (bytes, learned pieces, invented pieces, special tokens) and the merges that reach them."""
    size = shape.vocabulary - len(SPECIAL)
    tokens, merges = _learned(shape.corpus, size)
    known = set(tokens)
    for left, right in _inventions(sorted(known, key=len)):
        if len(tokens) >= size:
            break
        if left + right not in known:
            known.add(left + right)
            tokens.append(left + right)
            merges.append(f"{left} {right}")
    return [*tokens, *SPECIAL], merges


def _learned(corpus: str, size: int) -> tuple[list[str], list[str]]:
    """A byte-level BPE vocabulary trained on a small corpus."""
    import json

    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(
        vocab_size=size, initial_alphabet=alphabet, show_progress=False, special_tokens=[], min_frequency=1
    )
    tokenizer.train_from_iterator([corpus], trainer)
    model = json.loads(tokenizer.to_str())["model"]
    tokens = sorted(model["vocab"], key=model["vocab"].__getitem__)
    return tokens, [merge if isinstance(merge, str) else " ".join(merge) for merge in model["merges"]]


def _inventions(pieces: list[str]) -> Iterator[tuple[str, str]]:
    """Pairs of letters, then pairs with a third letter, and so on: as many merges as a big vocabulary needs."""
    letters = [piece for piece in pieces if len(piece) == 1 and piece.isascii() and piece.isalpha()]
    shorter = [*letters, *("Ġ" + letter for letter in letters if "Ġ" + letter in pieces)]
    while True:
        longer = list(itertools.product(shorter, letters))
        yield from longer
        shorter = [left + right for left, right in longer]


def _matrices(shape: Shape) -> Callable[[int, int], NDArray[np.float32]]:
    random = np.random.default_rng(shape.seed)

    def matrix(rows: int, columns: int) -> NDArray[np.float32]:
        return random.normal(0, shape.scale / np.sqrt(columns) * 3, (rows, columns)).astype(np.float32)

    return matrix


def _mamba(shape: Shape) -> Iterator[tuple[str, NDArray[np.float32]]]:
    matrix = _matrices(shape)
    inner, state, rank = 2 * shape.width, 16, 4
    yield "token_embd.weight", matrix(shape.vocabulary, shape.width)
    yield "output_norm.weight", np.ones(shape.width, np.float32)
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        yield f"{block}.attn_norm.weight", np.ones(shape.width, np.float32)
        yield f"{block}.ssm_in.weight", matrix(2 * inner, shape.width)
        yield f"{block}.ssm_conv1d.weight", matrix(inner, 4)
        yield f"{block}.ssm_conv1d.bias", np.zeros(inner, np.float32)
        yield f"{block}.ssm_x.weight", matrix(rank + 2 * state, inner)
        yield f"{block}.ssm_dt.weight", matrix(inner, rank)
        yield f"{block}.ssm_dt.bias", np.zeros(inner, np.float32)
        yield f"{block}.ssm_a", -np.tile(np.arange(1, state + 1, dtype=np.float32), (inner, 1))
        yield f"{block}.ssm_d", np.ones(inner, np.float32)
        yield f"{block}.ssm_out.weight", matrix(shape.width, inner)


def _lfm2(shape: Shape) -> Iterator[tuple[str, NDArray[np.float32]]]:
    matrix = _matrices(shape)
    ones, head = np.ones(shape.width, np.float32), np.ones(shape.width // shape.heads, np.float32)
    yield "token_embd.weight", matrix(shape.vocabulary, shape.width)
    yield "token_embd_norm.weight", ones
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        yield f"{block}.attn_norm.weight", ones
        if layer % 2:
            yield f"{block}.attn_q.weight", matrix(shape.width, shape.width)
            yield f"{block}.attn_k.weight", matrix(shape.width // 2, shape.width)
            yield f"{block}.attn_v.weight", matrix(shape.width // 2, shape.width)
            yield f"{block}.attn_output.weight", matrix(shape.width, shape.width)
            yield f"{block}.attn_q_norm.weight", head
            yield f"{block}.attn_k_norm.weight", head
        else:
            yield f"{block}.shortconv.conv.weight", matrix(shape.width, 3)
            yield f"{block}.shortconv.in_proj.weight", matrix(3 * shape.width, shape.width)
            yield f"{block}.shortconv.out_proj.weight", matrix(shape.width, shape.width)
        yield f"{block}.ffn_norm.weight", ones
        yield f"{block}.ffn_gate.weight", matrix(2 * shape.width, shape.width)
        yield f"{block}.ffn_up.weight", matrix(2 * shape.width, shape.width)
        yield f"{block}.ffn_down.weight", matrix(shape.width, 2 * shape.width)


def _tensors(shape: Shape) -> Iterator[tuple[str, NDArray[np.float32]]]:
    matrix = _matrices(shape)
    narrow = shape.width // 2
    ones = np.ones(shape.width, np.float32)

    def added(columns: int) -> NDArray[np.float32]:
        """What a layer adds to a token's numbers."""
        rows = matrix(shape.width, columns)
        if shape.ending:
            rows[0] = 0.0
        return rows

    embeddings = matrix(shape.vocabulary, shape.width)
    yield "output_norm.weight", ones
    if shape.ending:
        # The first of a token's numbers is the same for all and nothing is added to it, so the head can count on it.
        embeddings[:, 0] = 1.0
        head = matrix(shape.vocabulary, shape.width)
        head[vocabulary(shape)[0].index('"'), 0] = shape.ending
        yield "output.weight", head
    yield "token_embd.weight", embeddings
    for layer in range(shape.layers):
        block = f"blk.{layer}"
        if shape.sliding:
            head = np.ones(shape.width // shape.heads, np.float32)
            yield f"{block}.attn_q_norm.weight", head
            yield f"{block}.attn_k_norm.weight", head
            yield f"{block}.post_attention_norm.weight", ones
            yield f"{block}.post_ffw_norm.weight", ones
        yield f"{block}.attn_norm.weight", ones
        yield f"{block}.attn_q.weight", matrix(shape.width, shape.width)
        yield f"{block}.attn_k.weight", matrix(narrow, shape.width)
        yield f"{block}.attn_v.weight", matrix(narrow, shape.width)
        yield f"{block}.attn_output.weight", added(shape.width)
        yield f"{block}.ffn_norm.weight", ones
        yield f"{block}.ffn_gate.weight", matrix(2 * shape.width, shape.width)
        yield f"{block}.ffn_up.weight", matrix(2 * shape.width, shape.width)
        yield f"{block}.ffn_down.weight", added(2 * shape.width)
