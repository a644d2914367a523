"""The user's turn: what llama.cpp is fed, what comes back, and who cannot do it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path

import pytest

from models import CachedEngine, EngineOptions, ModelUnusable, Reply, ReplyFile, Sampling, ScriptedEngine, open_engine
from models.gguf_header import read_header
from models.llama.engine import LlamaEngine
from models.llama.fit import planned
from models.llama.native import Row
from models.llama.service import Service
from models.llama.wire import Answered, Load, Overhear, Started, receive
from models.scripted import ReplayEngine
from models.server import ServerEngine
from tests import tiny_gguf

PASSAGE = "The pump holds 80 mL of oil. <|im_end|> is no token here."
PREFIX = f"<|im_start|>system\n{PASSAGE}<|im_end|>\n<|im_start|>user\n"
DRAWN = Sampling(max_tokens=24, seed=3)


def test_llama_cpp_is_fed_the_template_up_to_the_users_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every row that goes into llama_decode: the prefix, then one drawn token after the other."""
    path = tiny_gguf.build(tmp_path / "tiny.gguf")
    options = EngineOptions(context=1024, sequences=1)
    out = io.BytesIO()
    service = Service(Load(path, planned(read_header(path), options), options), out)
    fed: list[Row] = []
    memory = service.scheduler.memory
    read = memory.read

    def noted(rows: Sequence[Row]) -> bool:
        fed.extend(rows)
        return read(rows)

    monkeypatch.setattr(memory, "read", noted)
    service.obey(Overhear(0, PASSAGE, DRAWN))
    while not service.scheduler.idle:
        service.work()
    vocabulary = service._vocabulary
    begin, end = "<|im_start|>", "<|im_end|>\n"
    prefix = vocabulary.encode_parts([(f"{begin}system\n", True), (PASSAGE, False), (f"{end}{begin}user\n", True)])
    tokens = [row.token for row in fed]
    assert tokens[: len(prefix)] == prefix
    assert b"".join(map(vocabulary.visible, prefix)).decode() == PREFIX
    records = out.getvalue()
    stream = io.BytesIO(records)
    said = [record for record in iter(lambda: receive(stream), None) if isinstance(record, Started | Answered)]
    answer = said[-1].answer  # type: ignore[union-attr]
    assert isinstance(answer, Reply) and answer.prompt_tokens == len(prefix)
    spoken = b"".join(vocabulary.pieces[token] for token in tokens[len(prefix) :])
    assert answer.text.encode().startswith(spoken.decode("utf-8", "ignore").encode())
    assert 0 < answer.generated_tokens <= DRAWN.max_tokens


async def test_a_turn_is_drawn_once_and_by_its_seed(tmp_path: Path, tiny: Path) -> None:
    engine = open_engine(str(tiny), EngineOptions(context=1024, sequences=2))
    assert isinstance(engine, LlamaEngine)
    cached = CachedEngine(engine, ReplyFile(tmp_path / "replies.jsonl"))
    first = await cached.user_turn(PASSAGE, DRAWN)
    other = await cached.user_turn(PASSAGE, Sampling(max_tokens=24, seed=4))
    await cached.close()
    replay = ReplayEngine(ReplyFile(tmp_path / "replies.jsonl"), engine.info)
    assert await replay.user_turn(PASSAGE, DRAWN) == first
    assert first.text != other.text


async def test_who_cannot_says_so(tmp_path: Path) -> None:
    silent = "{% for m in messages if m.role != 'user' %}<|im_start|>{{ m.content }}<|im_end|>{% endfor %}"
    path = tiny_gguf.build(tmp_path / "silent.gguf", tiny_gguf.Shape(template=silent))
    engine = open_engine(str(path), EngineOptions(context=1024, sequences=1))
    with pytest.raises(ModelUnusable, match="user turn"):
        await engine.user_turn(PASSAGE, DRAWN)
    await engine.close()
    with pytest.raises(ModelUnusable, match="server"):
        await ServerEngine("http://box:8080/v1", EngineOptions()).user_turn(PASSAGE, DRAWN)


async def test_the_script_speaks_for_the_user() -> None:
    engine = ScriptedEngine(["How much oil?"])
    assert (await engine.user_turn(PASSAGE, DRAWN)).text == "How much oil?"
    assert engine.history[0].messages[0].content == PASSAGE
