"""A desk that has accepted samples and real checks: what recipes need that grow samples from samples."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np

from doc2data.checks import CheckContext, check_batch
from doc2data.recipes.base import Content, Desk, Job
from doc2data.records import Judged, Message, Sample, Verdict
from doc2data.settings import Settings
from models import Vectors

PASSED = (Verdict("support", True, 1.0, ""),)


def sample_on(desk: Desk, question: str, answer: str, *quotes: str, kind: str = "qa") -> Sample:
    """A sample whose evidence is the clues that begin with these quotes."""
    clues = tuple(next(c for c in desk.corpus.clues() if c.quote.startswith(quote)) for quote in quotes)
    messages = (Message("user", question), Message("assistant", answer))
    job = Job("qa", 1, clues[0].chunk, tuple(clue.id for clue in clues))
    return desk.sample(job, Content(kind=kind, language="en", messages=messages, clues=clues))


def accepting(desk: Desk, samples: Sequence[Sample], **settings: object) -> Desk:
    """The desk with these samples accepted, checks that look at its documents, and some settings of `prefer`."""
    judged = {sample.id: Judged(sample, PASSED) for sample in samples}
    context = CheckContext(lambda name: desk.corpus.named(name).text, lambda queries, k: [[] for _ in queries], unlike)
    chosen = Settings.model_validate({**desk.settings.model_dump(), "prefer": settings})
    return replace(
        desk,
        settings=chosen,
        accepted=lambda: iter(list(judged.values())),
        find=judged.get,
        check=partial(check_batch, context=context),
    )


def unlike(texts: Sequence[str]) -> Vectors:
    """Vectors by which no two texts are alike."""
    return np.eye(len(texts), dtype=np.float32)
