"""accepted samples -> the dataset: a subset of the size asked for, and the user's own examples mixed in.

What is left out stays in the project, accepted, for the next export to choose from.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from doc2data.curate import DuplicateFilter, check_keys, choose, read_quota
from doc2data.errors import UsageError
from doc2data.export import read_dataset
from doc2data.records import Judged
from doc2data.settings import ExportSettings
from doc2data.stages.workshop import Workshop

REPLAYED = (0.3, 0.5)
"""Share of real examples that keeps a model from collapsing on what models wrote (Gerstgrasser et al., 2404.01413, and
practice since)."""


@dataclass(frozen=True, slots=True)
class Curated:
    """What is exported."""

    judged: Callable[[], Iterator[Judged]]
    """All samples, without the accepted ones that were not chosen, and with the mixed-in ones at the end.

    Samples with one answer and preference pairs are chosen apart, each sort up to the size asked for: a trainer takes
    the one or the other.
    """
    notes: tuple[str, ...] = field(default=())
    """What was done, and what could not be, a sentence each."""


def curate(shop: Workshop) -> Curated:
    """Choose and mix as the settings say; nothing is read where they say nothing.

    Raises:
        UsageError: a setting names what is not there, or the file of examples cannot be used.
    """
    settings, judged = shop.settings.export, shop.store.samples.judged
    check_keys(settings.balance)
    if not (settings.max or settings.balance or settings.quotas or settings.mix):
        return Curated(judged)
    accepted = list(judged("accepted"))
    answers = [one for one in accepted if one.sample.rejected is None]
    pairs = [one for one in accepted if one.sample.rejected is not None]
    own, notes = _own(shop, settings, len(answers))
    chosen = _chosen(answers, shop, len(own))
    paired = _chosen(pairs, shop, 0)
    left = {one.sample.id for one in accepted} - {one.sample.id for one in (*chosen, *paired)}
    for name, kept, whole in (("samples", chosen, answers), ("preference pairs", paired, pairs)):
        if len(kept) < len(whole):
            notes.append(f"{len(kept)} of {len(whole)} accepted {name} were chosen; the others stay in the project.")

    def stream() -> Iterator[Judged]:
        yield from (one for one in judged() if one.sample.id not in left)
        yield from own

    return Curated(stream, tuple(notes))


def _chosen(accepted: Sequence[Judged], shop: Workshop, taken: int) -> list[Judged]:
    """Those that go out, of samples with one answer or of pairs; `taken` places are the user's own examples'."""
    settings = shop.settings.export
    room = max(0, settings.max - taken)
    if settings.max and not room:
        return []
    return choose(accepted, shop.embed, room, settings.balance, [read_quota(text) for text in settings.quotas])


def _own(shop: Workshop, settings: ExportSettings, made: int) -> tuple[list[Judged], list[str]]:
    """The user's examples that go in, and what is to be said about them."""
    if not settings.mix:
        return [], []
    rows = list(read_dataset(shop.project.folder / Path(settings.mix)))
    usable = [row.judged for row in rows if row.judged is not None]
    if not usable:
        raise UsageError(
            f"No row of {settings.mix!r} can be read as an example.", rows[0].problem if rows else "It is empty."
        )
    share = settings.mix_share
    total = settings.max or math.floor(made / (1 - share))
    wanted = max(1, round(total * share))
    fresh = _fresh(usable, shop)
    own = fresh if len(fresh) <= wanted else choose(fresh, shop.embed, wanted)
    whole = len(own) + min(made, settings.max - len(own) if settings.max else made)
    real = len(own) / whole if whole else 0.0
    notes = [f"{len(own)} examples of {settings.mix!r} were mixed in: {real:.0%} of the dataset."]
    if len(usable) < len(rows):
        bad = next(row for row in rows if row.judged is None)
        notes.append(f"{len(rows) - len(usable)} of its rows cannot be read; row {bad.number}: {bad.problem}.")
    if real < REPLAYED[0]:
        notes.append(
            f"Less than {REPLAYED[0]:.0%} of the dataset are real examples; {REPLAYED[0]:.0%} to {REPLAYED[1]:.0%} "
            "keep a model from drifting towards its own kind of text. Add examples, or export fewer with --max."
        )
    return own, notes


def _fresh(own: Sequence[Judged], shop: Workshop) -> list[Judged]:
    """The examples that ask what nothing else asks."""
    asked = DuplicateFilter(shop.embed, shop.settings.checks)
    for one in shop.store.samples.judged("accepted"):
        if one.sample.rejected is None:
            asked.add(one.sample)
    fresh = []
    asked.prepare([one.sample for one in own])
    for one in own:
        if asked.seen(one.sample) is None:
            asked.add(one.sample)
            fresh.append(one)
    return fresh
