"""Tokens that a model decodes for one accepted qa sample: ours against JSON with the quote copied out.

    python -m doc2data build samples/documents --recipe qa --out OUT
    python -m tests.benchmarks.engine.tokens --samples OUT/export/samples.jsonl --model MODEL.gguf

The samples are those that a run accepted, by rule or by a model; their texts are what the model writes. Ours is two
replies, `write_question` and `write_answer` in their own schemas, put through the engine's composer with the tokenizer
of a GGUF: counted is what it lets the model draw, since it writes the structure itself and takes numbers of sentences
instead of a quote. The other way is one reply, `{"question": ..., "answer": ..., "quote": ...}`, of which the model
decodes every token. Prompts are not counted, nor replies that are thrown away.
"""

from __future__ import annotations

import argparse
import json
import statistics
import sys
from pathlib import Path
from typing import Any

from doc2data.tasks.questions import Question, answer_over
from models import canonical
from models.errors import ReplyIncomplete
from models.llama.composer import Composer
from models.llama.native import Model
from models.llama.vocabulary import Mask, Vocabulary
from models.structure.schema import compiled

_LINES = 24
_MOST = 4000


class UnlikeError(Exception):
    """The composer ended a text otherwise than the sample has it."""


def main() -> None:
    """Print tokens per sample of both, and the ratio."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("--model", type=Path, required=True, help="a GGUF with the tokenizer; its vocabulary is enough")
    parser.add_argument("--samples", type=Path, required=True, help="samples.jsonl of a run")
    options = parser.parse_args()
    vocabulary = Vocabulary(Model(options.model, 0, lambda share: None, words_only=True))
    pairs, unfit = [], 0
    for sample in _samples(options.samples):
        try:
            pairs.append((_ours(vocabulary, sample), _copied(vocabulary, sample)))
        except (ReplyIncomplete, UnlikeError):
            unfit += 1
    ours, copied = (statistics.mean(column) for column in zip(*pairs, strict=True))
    sys.stdout.write(
        f"{len(pairs)} accepted samples: {ours:.1f} tokens each, {copied:.1f} with the quote copied out, "
        f"ratio {ours / copied:.2f}, of a sample in the middle {statistics.median(a / b for a, b in pairs):.2f}; "
        f"{unfit} left out that the schemas do not hold\n"
    )


def _samples(path: Path) -> list[dict[str, Any]]:
    """Accepted qa samples of a run."""
    with path.open(encoding="utf-8") as lines:
        return [sample for sample in map(json.loads, lines) if sample["kind"] == "qa"]


def _said(sample: dict[str, Any]) -> tuple[str, str]:
    """Question and answer."""
    said = {message["role"]: message["content"] for message in sample["messages"]}
    return said["user"], said["assistant"]


def _ours(vocabulary: Vocabulary, sample: dict[str, Any]) -> int:
    question, answer = _said(sample)
    cited = [1 + 7 * index % _LINES for index in range(len(sample["evidence"]))]
    schema = answer_over(_LINES).model_json_schema()
    return _drawn(vocabulary, Question.model_json_schema(), {"question": question}) + _drawn(
        vocabulary, schema, {"answerable": True, "sentences": cited, "answer": answer}
    )


def _drawn(vocabulary: Vocabulary, schema: dict[str, Any], reply: dict[str, Any]) -> int:
    """Tokens that the composer draws from a model that wants to write this reply."""
    composer = Composer(vocabulary, compiled(canonical(schema)), most=_MOST)
    ordered = {name: reply[name] for name in schema["required"]}
    wanted = json.dumps(ordered, ensure_ascii=False, separators=(",", ":"))

    coming: list[int] = []

    def draw(mask: Mask | None) -> int:
        del mask
        if not composer.text.endswith("\ufffd"):
            # Between two characters: what is left, up to the end of this string.
            if not wanted.startswith(composer.text):
                raise UnlikeError
            left = wanted[len(composer.text) :]
            end = left.find('",') if '",' in left else len(left) - 2
            coming[:] = vocabulary.encode((left[:end] or left).encode())
        return coming.pop(0)

    composer.opening()
    while not composer.finished:
        composer.take(draw)
    if composer.text != wanted:
        raise UnlikeError
    return composer.drawn


def _copied(vocabulary: Vocabulary, sample: dict[str, Any]) -> int:
    question, answer = _said(sample)
    quotes = [evidence["quote"] for evidence in sample["evidence"]]
    reply = {"question": question, "answer": answer, "quote": quotes[0] if len(quotes) == 1 else quotes}
    # The token that ends the reply is decoded too.
    return len(vocabulary.encode(json.dumps(reply, ensure_ascii=False).encode())) + 1


if __name__ == "__main__":
    main()
