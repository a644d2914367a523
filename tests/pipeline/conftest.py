"""Runs without an embedding model, so that they take a second."""

from __future__ import annotations

import pytest

import models
from tests.index.doubles import HashEmbedder


@pytest.fixture(autouse=True)
def _light_embedder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(models, "open_embedder", lambda spec: HashEmbedder())
