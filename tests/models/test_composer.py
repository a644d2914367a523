"""Replies written token by token: masks are exact, seams are natural, and any stream of tokens ends in valid JSON."""

from __future__ import annotations

import json
import random
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from models import ReplyIncomplete
from models.llama.composer import Composer
from models.llama.native import Model
from models.llama.vocabulary import Mask, Vocabulary
from models.schema import validated
from models.structure import cursor, text
from models.structure.cursor import Place
from models.structure.schema import compiled
from tests import tiny_gguf
from tests.models.test_structure import SCHEMAS, Schema


@pytest.fixture(scope="module")
def vocabulary(folder: Path) -> Vocabulary:
    return Vocabulary(Model(tiny_gguf.build(folder / "composed.gguf"), 0, lambda share: None))


def allowed(place: Place, piece: bytes) -> bool:
    """The plain definition: every byte may follow; after a string's closing quote the structure goes on by itself."""
    head = cursor.in_text(place)
    if head is not None:
        state, characters, _ = text.walk(head.state, piece)
        count = head.count + characters
        return (
            bool(piece)
            and state >= 0
            and count <= head.node.most
            and (state != text.CLOSED or count >= head.node.least)
        )
    for byte in piece:
        place = cursor.step(place, byte)
    return bool(piece) and place != ()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(schema=SCHEMAS, seed=st.integers(0, 2**32))
def test_masks_are_exact_and_any_stream_is_valid(vocabulary: Vocabulary, schema: Schema, seed: int) -> None:
    """Draws are random tokens: what comes out is valid, or the reply was cut and says so."""
    chance = np.random.default_rng(seed)
    source = json.dumps(schema)
    composer = Composer(vocabulary, compiled(source), most=300)
    composer.opening()

    def draw(mask: Mask | None) -> int:
        if mask is None:
            return int(chance.integers(vocabulary.size))
        place = composer._place
        assert mask.tolist() == [allowed(place, piece) for piece in vocabulary.pieces]
        return int(chance.choice(np.flatnonzero(mask)))

    try:
        while not composer.finished:
            composer.take(draw)
    except ReplyIncomplete:
        return
    validated(composer.text, source)


def scripted(
    vocabulary: Vocabulary, schema: Schema, pieces: list[str], **bounds: int
) -> tuple[Composer, list[list[int]]]:
    """A composer whose model draws given tokens; and the tokens to read after each."""
    composer = Composer(vocabulary, compiled(json.dumps(schema)), **{"most": 200, **bounds})  # type: ignore[arg-type]
    read = [composer.opening()]
    for piece in pieces:
        [token] = vocabulary.encode_marked(piece)
        read.append(composer.take(lambda mask, token=token: token))  # type: ignore[misc]
    return composer, read


def fields(**properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": list(properties)}


def test_a_string_is_closed_by_the_model_and_structure_goes_on(vocabulary: Vocabulary) -> None:
    schema = fields(a={"type": "string"}, b={"type": "integer", "minimum": 3, "maximum": 3})
    composer, read = scripted(vocabulary, schema, ["sure", '"'])
    assert (composer.text, composer.finished) == ('{"a":"sure","b":3}', True)
    assert read[0] == vocabulary.encode(b'{"a":"')
    assert read[2] == vocabulary.encode(b'","b":3}')
    assert composer.drawn == 2


def test_the_end_of_a_reply_within_a_string_closes_it(vocabulary: Vocabulary) -> None:
    composer, _ = scripted(vocabulary, fields(a={"type": "string"}), ["sure", "<|im_end|>"])
    assert composer.text == '{"a":"sure"}'


def test_a_string_at_its_bound_ends_with_its_sentence(vocabulary: Vocabulary) -> None:
    composer, _ = scripted(vocabulary, fields(a={"type": "string", "maxLength": 32}), ["sure"] * 7 + ["."])
    assert composer.text == '{"a":"' + "sure" * 7 + '."}'


def test_a_string_at_its_bound_is_not_cut_within_a_token(vocabulary: Vocabulary) -> None:
    composer, _ = scripted(vocabulary, fields(a={"type": "string", "maxLength": 10}), ["sure"] * 3)
    assert composer.text == '{"a":"suresure"}'


def test_a_thought_is_kept_apart_and_bounded(vocabulary: Vocabulary) -> None:
    schema = fields(a={"type": "boolean"})
    ended, _ = scripted(vocabulary, schema, ["sure", "</think>"], thinking=9)
    cut, read = scripted(vocabulary, schema, ["sure", "."], thinking=2)
    assert (ended.thoughts, ended.text) == ("sure", '{"a":')
    assert (cut.thoughts, cut.text) == ("sure.", '{"a":')
    assert b"".join(map(vocabulary.visible, read[-1])) == b'\n</think>\n\n{"a":'


def test_a_choice_is_written_as_soon_as_it_is_made(vocabulary: Vocabulary) -> None:
    composer, read = scripted(vocabulary, fields(a={"enum": ["supported", "unsupported"]}), ["u"])
    assert composer.text == '{"a":"unsupported"}'
    assert composer.finished
    assert read[1] == vocabulary.encode(b'unsupported"}')


def test_a_reply_that_runs_out_of_tokens_is_cut(vocabulary: Vocabulary) -> None:
    chance = random.Random(0)
    composer = Composer(vocabulary, compiled('{"type":"string","minLength":999}'), most=20)
    composer.opening()
    with pytest.raises(ReplyIncomplete, match="20"):
        for _ in range(100):
            composer.take(lambda mask: chance.randrange(256, 400) if mask is None else int(np.flatnonzero(mask)[0]))


def test_a_forbidden_word_is_not_said_however_it_is_spelt_in_tokens(vocabulary: Vocabulary) -> None:
    """The token that would complete it is passed over; the key of the same name and other words stay."""
    schema = fields(sure={"type": "string", "minLength": 1, "maxLength": 400})
    composer = Composer(vocabulary, compiled(json.dumps(schema)), most=500, forbidden=("Sure", "  "))
    composer.opening()
    chance = np.random.default_rng(0)
    words = [
        token for token, piece in enumerate(vocabulary.pieces) if piece in (b"s", b"u", b"r", b"e", b"su", b"sure")
    ]

    def draw(mask: Mask | None) -> int:
        fitting = [token for token in words if mask is None or mask[token]]
        return int(chance.choice(fitting or np.flatnonzero(np.asarray(mask))))

    while not composer.finished:
        composer.take(draw)
    said = json.loads(composer.text)["sure"]
    assert len(said) > 300 and "sur" in said and "sure" not in said


def test_a_word_is_forbidden_across_blanks_and_cases(vocabulary: Vocabulary) -> None:
    pieces = ["t", "H", "e", " ", "i", "n", "."]
    composer = Composer(vocabulary, compiled('{"type":"string"}'), most=50, forbidden=("the IN",))
    composer.opening()
    tokens = [vocabulary.encode_marked(piece)[0] for piece in pieces]
    for token in tokens[:5]:
        composer.take(lambda mask, token=token: token)  # type: ignore[misc]
    # A model that insists, as a greedy one does.
    composer.take(lambda mask: tokens[5] if mask is None or mask[tokens[5]] else tokens[6])
    assert composer.text == '"tHe i.'
