"""Everything a run works with, opened once: store, embedder, index, engine."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import models
from doc2data import sealing, shelf
from doc2data.errors import UsageError
from doc2data.index import Index
from doc2data.project import Project
from doc2data.records import Hit
from doc2data.settings import ModelSettings, Settings
from doc2data.store import Store
from doc2data.store.lexical import Lexical
from doc2data.tasks.core import Prompts
from models import CachedEngine, Embedder, Engine, EngineOptions, ModelUnusable, PairScorer, Vectors
from models.embedding.remembering import RememberingEmbedder

RULES = "rules"
SELF = "self"
"""The judge that is the writer too."""


@dataclass
class Workshop:
    """What the stages share. The embedder and the index are opened when first needed."""

    project: Project
    settings: Settings
    store: Store
    engine: Engine | None
    """None where rules write."""
    judges: Sequence[Engine] = field(default_factory=tuple)
    """Models that judge what was written."""
    holds: bool = False
    """Whether the project is held, so that an index that cannot be used may be cleared."""

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model.

        Raises:
            ModelError: it cannot be opened.
        """
        return RememberingEmbedder(models.open_embedder(self.settings.index.embedder))

    @cached_property
    def index(self) -> Index:
        """Retrieval over all passages."""
        lexical = Lexical(self.store.connection)
        return Index(self.project.index, self.embedder, lexical, self.store.documents.passages_of, mend=self.holds)

    @cached_property
    def pair_scorer(self) -> PairScorer | None:
        """The cross-encoder that the settings name, if they do.

        Raises:
            ModelError: it cannot be opened.
        """
        named = self.settings.checks.cross_encoder
        if not named:
            return None
        path = self.project.folder / Path(named).expanduser()
        return models.open_pair_scorer(str(path) if path.exists() else named)

    @property
    def writers(self) -> tuple[Engine, ...]:
        """The models that write and judge, each once."""
        found = [engine for engine in (self.engine, *self.judges) if engine is not None]
        return tuple({id(engine): engine for engine in found}.values())

    def clear_index(self) -> None:
        """Forget an index that cannot be used; the next use makes an empty one."""
        self.__dict__.pop("index", None)
        shutil.rmtree(self.project.index, ignore_errors=True)

    @property
    def prompts(self) -> Prompts:
        """The project's own prompts before ours, with what all of them may tell the model."""
        generate = self.settings.generate
        shared = {
            "domain": generate.domain,
            "audience": generate.audience,
            "forbidden": ", ".join(generate.forbidden),
        }
        return Prompts(self.project.folder / "prompts", shared)

    @property
    def tokens(self) -> int:
        """Read and written by the model so far."""
        return self.engine.tokens if isinstance(self.engine, CachedEngine) else 0

    def search(self, query: str, k: int) -> list[Hit]:
        """The best passages for a query; opens the index only now."""
        return self.index.search(query, k)

    def search_many(self, queries: Sequence[str], k: int) -> list[list[Hit]]:
        """As `search` for each query, encoded together."""
        return self.index.search_many(queries, k)

    def embed(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors of texts; opens the embedder only now."""
        return self.embedder.encode(texts)


@asynccontextmanager
async def open_workshop(project: Project, settings: Settings) -> AsyncIterator[Workshop]:
    """Hold the project and open what a run needs; everything is closed again at the end, also of a broken run.

    Raises:
        ProjectBusy: another process holds the project.
        ModelError: the model cannot be opened.
    """
    with project.hold(), Store(project.database) as store:
        async with AsyncExitStack() as stack:
            engine = open_cached(settings.model, store)
            if engine is not None:
                stack.push_async_callback(engine.close)
                await _identify(engine, settings.model.spec)
                _check_context(engine, settings)
            judges = await open_judges(settings, store, engine, stack)
            yield Workshop(project, settings, store, engine, judges, holds=True)


async def open_judges(
    settings: Settings, store: Store, writer: Engine | None, stack: AsyncExitStack
) -> tuple[Engine, ...]:
    """The engines that the settings name as judges; `stack` closes those opened here.

    Raises:
        UsageError: the writer is to judge, and rules write.
        ModelError: a model cannot be opened.
    """
    judges: list[Engine] = []
    for spec in settings.checks.judges:
        opened = writer if spec == SELF else open_cached(settings.model.model_copy(update={"spec": spec}), store)
        if opened is None:
            raise UsageError(
                f"{spec!r} cannot judge: no model writes in this run.",
                "Name a model with --judge, or one with --model.",
            )
        if opened is not writer:
            stack.push_async_callback(opened.close)
            await _identify(opened, spec)
        judges.append(opened)
    return tuple(judges)


def open_cached(settings: ModelSettings, store: Store) -> Engine | None:
    """The engine that the settings name, asking nothing twice; None for rules.

    Raises:
        ModelError: there is no such model, or it cannot be used.
    """
    if settings.spec in ("", RULES):
        return None
    sealing.allow_model(settings.spec)
    way = shelf.Way(settings.keys, settings.flash, settings.threads)
    if way == shelf.USUAL:
        way = shelf.tuned(settings.spec)
    options = EngineOptions(
        context=settings.context,
        sequences=settings.sequences,
        threads=way.threads,
        gpu_layers=settings.gpu_layers,
        keys=way.keys,
        flash=way.flash,
        concurrency=settings.concurrency,
    )
    return CachedEngine(models.open_engine(settings.spec, options), store.replies)


async def _identify(engine: Engine, spec: str) -> None:
    """Let a server say which model it has, where the user has not: jobs and replies are kept by it.

    Raises:
        ModelError: the server does not answer, or has several models.
    """
    if engine.info.engine == "server" and "#" not in spec:
        await engine.ready()


def _check_context(engine: Engine, settings: Settings) -> None:
    """Refuse a model that can hold no whole chunk, before all jobs fail for it.

    Raises:
        ModelUnusable: its context is no longer than a chunk may be.
    """
    context, chunk = engine.info.context, settings.chunking.tokens
    if 0 < context <= chunk:
        raise ModelUnusable(
            f"{engine.info.name!r} reads {context:,} tokens at once, prompt and reply together; "
            f"a chunk alone may have {chunk:,}.",
            f"Lower `chunking.tokens` to {max(64, context // 4)} or less, or choose a model with a longer context.",
        )
