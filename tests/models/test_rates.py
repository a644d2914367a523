"""Rates come from requests that were really answered."""

from __future__ import annotations

from models import Reply, ScriptedEngine
from models.engine import Engine, Request
from models.rates import measured


async def test_rates_of_a_model(engine: Engine) -> None:
    rates = await measured(engine, crowds=(1, 4))
    assert rates.prompt > 0
    assert set(rates.reply) == {1, 4}
    assert all(rate > 0 for rate in rates.reply.values())


async def test_what_is_asked() -> None:
    """One request to load, one long prompt, and each crowd at once, all different."""

    def answer(request: Request) -> Reply:
        text = "true" if "boolean" in request.schema else '"' + "a" * 160 + '"'
        return Reply(text, prompt_tokens=500, generated_tokens=40)

    engine = ScriptedEngine(answer)
    await measured(engine, crowds=(2, 3))
    assert len(engine.history) == 1 + 1 + 2 + 3
    assert len(set(engine.history)) == len(engine.history)
