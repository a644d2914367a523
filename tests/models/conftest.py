"""Models that the tests of this folder share."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models import EngineOptions, Message, Request, Sampling, canonical
from models.engine import Engine
from models.opening import open_engine
from tests import tiny_gguf

SCHEMA = canonical(
    {
        "type": "object",
        "properties": {
            "question": {"type": "string", "minLength": 5, "maxLength": 60},
            "evidence": {
                "type": "array",
                "items": {"type": "integer", "minimum": 1, "maximum": 12},
                "minItems": 1,
                "maxItems": 3,
            },
            "difficulty": {"enum": ["easy", "hard"]},
        },
        "required": ["question", "evidence", "difficulty"],
    }
)


def ask(text: str, *, schema: str = SCHEMA, **sampling: float) -> Request:
    """A request of one user message."""
    return Request((Message("user", text),), schema, Sampling(**{"max_tokens": 200, **sampling}))  # type: ignore[arg-type]


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("gguf")


@pytest.fixture(scope="session")
def tiny(folder: Path) -> Path:
    return tiny_gguf.build(folder / "tiny.gguf")


@pytest.fixture
async def engine(tiny: Path) -> AsyncIterator[Engine]:
    opened = open_engine(str(tiny), EngineOptions(context=2048, sequences=4))
    yield opened
    await opened.close()
