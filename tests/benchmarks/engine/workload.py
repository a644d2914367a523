"""The work that every contender does: short typed questions about a few passages, grouped by passage.

Strings have a fixed length in characters, so that every contender writes the same amount of value text whatever its
tokens; structure comes on top. Other values are choices: a random model would never end a number. Free text has as many
tokens with every contender, and no grammar.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import gguf

from models import Message, Request, Sampling, canonical
from tests import tiny_gguf

_NOUNS = ("pump", "valve", "filter", "cover", "screw", "hose", "tank", "motor", "sensor", "cable", "pipe", "lever")
_VERBS = ["holds", "feeds", "protects", "drives", "cools", "blocks", "opens", "closes", "carries", "measures"]
SYSTEM = "You write questions about passages of technical documents. Answer with JSON."


@dataclass(frozen=True, slots=True)
class Workload:
    """How much work there is."""

    passages: int = 2
    requests: int = 8
    """Requests for each passage."""
    sentences: int = 24
    characters: int = 120
    """Of each of the two strings of a reply."""
    task_major: bool = False
    """Whether the same question goes to all passages before the next question."""
    tokens: int = 0
    """Most tokens of a reply; 0 for as many as its characters need."""


def requests(work: Workload, *, structured: bool) -> Iterator[Request]:
    """Requests in the order in which a caller makes them."""
    pairs = [(passage, number) for passage in range(work.passages) for number in range(work.requests)]
    if work.task_major:
        pairs.sort(key=lambda pair: pair[1])
    for passage, number in pairs:
        user = Message(
            "user",
            f"{_passage(passage, work.sentences)}\n\nQuestion {number}: write it for a {_NOUNS[number % len(_NOUNS)]}.",
        )
        sampling = Sampling(seed=1000 * passage + number, max_tokens=work.tokens or 400)
        yield Request((Message("system", SYSTEM), user), _schema(work.characters, structured), sampling)


def _passage(number: int, sentences: int) -> str:
    chance = random.Random(number)
    lines = (
        f"[{index}] The {chance.choice(_NOUNS)} {chance.choice(_VERBS)} the {chance.choice(_NOUNS)}"
        f" of unit {chance.randrange(100)}."
        for index in range(1, sentences + 1)
    )
    return " ".join(lines)


def _schema(characters: int, structured: bool) -> str:
    text = {"type": "string", "minLength": characters, "maxLength": characters}
    if not structured:
        return canonical({"type": "string", "minLength": 2 * characters, "maxLength": 2 * characters})
    evidence = {
        "type": "array",
        "items": {"enum": list(range(1, 25))},
        "minItems": 2,
        "maxItems": 2,
    }
    fields = {
        "question": text,
        "answer": text,
        "evidence": evidence,
        "difficulty": {"enum": ["easy", "medium", "hard"]},
    }
    return canonical({"type": "object", "properties": fields, "required": list(fields), "additionalProperties": False})


def model(folder: Path, vocabulary: int, layers: int) -> Path:
    """A model of random weights with the layers of a small one of today, made once."""
    return made(folder / f"random-{vocabulary}-{layers}.gguf", tiny_gguf.Shape(vocabulary=vocabulary, layers=layers))


def made(path: Path, shape: tiny_gguf.Shape) -> Path:
    """A model of a shape, in the width and the quantisation of a small one of today, made once."""
    if not path.exists():
        shape = replace(shape, width=1024, heads=16, weights=gguf.GGMLQuantizationType.Q4_0)
        tiny_gguf.build(path.with_suffix(".part"), shape)
        path.with_suffix(".part").rename(path)
    return path
