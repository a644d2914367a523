"""The dataset as a model will read it in training: the GGUF's own chat template, and what samples cost in tokens."""

from __future__ import annotations

import statistics
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from doc2data.errors import UsageError
from doc2data.export.rows import Unfit, conversation
from doc2data.progress import breathe
from doc2data.project import Project
from doc2data.records import Judged
from doc2data.settings import ExportSettings, Settings
from doc2data.stages.shielding import guard
from doc2data.store import Store
from models import Message
from models.catalogue import catalogue
from models.llama.transcripts import Transcriber
from models.opening import header_of

BATCH = 256
LIMITS = (512, 1024, 2048, 4096, 8192)
"""Lengths that training is commonly cut at."""


@dataclass(frozen=True, slots=True)
class Reading:
    """What one model's template makes of the samples."""

    model: str
    context: int
    """Tokens that the model was trained to read."""
    example: str
    """The first sample under the template."""
    samples: int
    total: int
    """Tokens in all."""
    median: int
    longest: int
    over: dict[int, int]
    """Samples longer than each common limit that the model can read, only where there are any."""
    refused: dict[str, int]
    """Samples that cannot be written so, by reason."""


def template_model(settings: Settings) -> str:
    """The model whose template to show: the one that writes in the project, or the first here that has one.

    Raises:
        UsageError: there is none on this machine.
    """
    spec = settings.model.spec
    if spec not in ("", "rules") and not spec.startswith(("http://", "https://")):
        return spec
    found = next(
        (entry.name for entry in catalogue() if entry.has_template and not (entry.embeds or entry.ranks)), None
    )
    if found is None:
        raise UsageError("No model on this machine has a chat template.", "Add a GGUF: a on Models (7).")
    return found


def read_project(project: Project, store: Store, settings: Settings, spec: str, most: int | None = None) -> Reading:
    """What `read_with` makes of a project's accepted samples as they go out, of the first `most` or of all.

    Raises:
        ModelError: as `read_with`.
    """
    shield = guard(project, store, settings.privacy).shield
    return read_with(spec, islice(shield.judged(store.samples.judged("accepted")), most), settings.export)


def read_with(spec: str, judged: Iterable[Judged], settings: ExportSettings) -> Reading:
    """Put the accepted samples through the chat template of the model `spec`, and count.

    Raises:
        ModelError: there is no such GGUF, or it has no usable template.
    """
    header = header_of(spec)
    lengths, refused, example = array("I"), Counter[str](), ""
    with Transcriber(header) as transcriber:
        for batch in _batches(_conversations(judged, settings, refused)):
            breathe()
            for transcript in transcriber.write(batch):
                if transcript.refusal:
                    refused[transcript.refusal] += 1
                    continue
                example = example or transcript.text
                lengths.append(transcript.tokens)
    return Reading(
        model=header.name,
        context=header.context,
        example=example,
        samples=len(lengths),
        total=sum(lengths),
        median=round(statistics.median(lengths)) if lengths else 0,
        longest=max(lengths, default=0),
        over={limit: n for limit in LIMITS if (n := sum(length > limit for length in lengths))},
        refused=dict(refused),
    )


def summary(reading: Reading) -> list[str]:
    """The figures in a few lines."""
    lines = [
        f"{reading.samples:,} samples, {reading.total:,} tokens of {reading.model}",
        f"half of them are longer than {reading.median:,} tokens, the longest has {reading.longest:,}"
        + (f" (the model reads {reading.context:,})" if reading.context else ""),
    ]
    lines += [f"{n:,} samples are longer than {limit:,} tokens" for limit, n in reading.over.items()]
    return lines + [f"! {n:,} samples cannot be written so: {reason}" for reason, n in reading.refused.items()]


def _conversations(
    judged: Iterable[Judged], settings: ExportSettings, refused: Counter[str]
) -> Iterator[tuple[Message, ...]]:
    for item in judged:
        if item.status != "accepted":
            continue
        try:
            yield tuple(Message(turn.role, turn.content) for turn in conversation(item.sample, settings))
        except Unfit as reason:
            refused[str(reason)] += 1


def _batches(conversations: Iterator[tuple[Message, ...]]) -> Iterator[list[tuple[Message, ...]]]:
    while batch := list(islice(conversations, BATCH)):
        yield batch
