"""What a person says of samples: accept, reject, edit, and take it back.

A decision is a Verdict named `records.REVIEW` that outweighs every check, stored with the sample in one transaction
together with what stood there before, so that the last decisions can be undone, also after a restart. The terminal app
and `doc2data review` both decide here.
"""

from __future__ import annotations

import bisect
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from doc2data.errors import UsageError
from doc2data.records import REVIEW, Judged, Message, Sample, Verdict, content_id, from_canonical, to_canonical, wording
from doc2data.store import Query, Remark, Store

Check = Callable[[Sequence[Sample]], list[tuple[Verdict, ...]]]
"""Judges samples, one tuple of verdicts for each."""

UNDO_KEY = "review.undo"
UNDO_DEPTH = 50
"""Decisions that can be taken back."""

CONFIDENCE = 1.96
"""Standard normal quantile of a two-sided 95 % interval."""
SMALL = 10
"""A population of fewer times the trials is small: they are a good part of it."""
MARGIN = 0.05
"""Half-width of the precision interval that an audit aims at."""


@dataclass(frozen=True, slots=True)
class Audit:
    """What a random audit of the checks' accepted samples has shown so far."""

    population: int
    """Samples that all checks passed."""
    reviewed: int
    """Of the random ones, those that a person has decided on."""
    confirmed: int
    """Of these, those that the person accepted too."""
    margin: float = MARGIN
    """Half-width of the interval that the audit aims at."""

    @property
    def needed(self) -> int:
        """Random samples to review for a precision interval of `margin` either way."""
        return audit_size(self.population, self.margin)

    @property
    def interval(self) -> tuple[float, float]:
        """95 % interval of the share of the checks' accepted samples that a person accepts."""
        return wilson(self.confirmed, self.reviewed, self.population)


def accept(store: Store, id: str, note: str = "") -> Judged:
    """A person's yes to a sample.

    Raises:
        UsageError: there is no such sample.
    """
    return _decide(store, id, Verdict(REVIEW, passed=True, score=1.0, reason=note or "Accepted by a person."))


def reject(store: Store, id: str, reason: str) -> Judged:
    """A person's no to a sample, with the reason.

    Raises:
        UsageError: there is no such sample.
    """
    return _decide(store, id, Verdict(REVIEW, passed=False, score=0.0, reason=reason or "Rejected by a person."))


def edit(store: Store, id: str, messages: Sequence[Message], check: Check) -> Judged:
    """Put a person's wording in a sample's place; it stands or falls by the checks again.

    Args:
        store: where the sample is.
        id: the sample's id; the new version gets one of its own and names this as its parent.
        messages: the whole conversation in its new wording.
        check: judges the new version; see `doc2data.checks.check_batch`.

    Raises:
        UsageError: there is no such sample, or the conversation is empty.
    """
    if not messages or any(not message.content.strip() for message in messages):
        raise UsageError("An edited sample needs words in every turn.", "Write the turn, or reject the sample.")
    sample = _reworded(find(store, id).sample, tuple(messages))
    [verdicts] = check([sample])
    return _replace(store, id, lambda _: Judged(sample, verdicts))


def put_in_place(store: Store, id: str, judged: Judged) -> Judged:
    """Put another sample, judged already, in a sample's place.

    Raises:
        UsageError: there is no such sample.
    """
    return _replace(store, id, lambda _: judged)


def tag(store: Store, id: str, tags: Sequence[str]) -> Remark:
    """Give a sample these tags and no others.

    Raises:
        UsageError: there is no such sample.
    """
    given = tuple(dict.fromkeys(" ".join(name.split()) for name in tags if name.strip()))
    return _remark(store, id, lambda before: replace(before, tags=given))


def note(store: Store, id: str, text: str) -> Remark:
    """Keep a note on a sample; an empty one takes the note away.

    Raises:
        UsageError: there is no such sample.
    """
    return _remark(store, id, lambda before: replace(before, note=text.strip()))


def undo(store: Store) -> Judged | None:
    """Take back the last decision, edit, tag or note, and return the sample as it was; None when there is none."""
    with store.transaction():
        log = _log(store)
        while log:
            entry = log.pop()
            store.set_meta(UNDO_KEY, json.dumps(log, ensure_ascii=False))
            # A run may have replaced what was decided on.
            found = store.samples.get(entry["id"])
            if found is not None:
                return _restore(store, entry, found)
    return None


def _restore(store: Store, entry: dict[str, Any], found: Judged) -> Judged:
    if "before" not in entry:
        store.remarks.put(entry["id"], Remark(tuple(entry["tags"]), entry["note"]))
        return found
    before = from_canonical(entry["before"])
    store.samples.replace(entry["id"], before)
    store.remarks.move(entry["id"], before.sample.id)
    return before


def queue(name: str, population: int) -> Query:
    """The samples of a review queue.

    Args:
        name: undecided, lowest, audit or rejected; `kind:NAME` for undecided ones of a kind; `check:NAME` for those
            that a check rejected; `document:NAME` for undecided ones on a document; `tag:NAME` for all with a tag.
        population: samples that all checks passed, which sets the size of the audit.

    Raises:
        UsageError: there is no such queue.
    """
    area, _, value = name.partition(":")
    undecided = Query(status="accepted", decided=False)
    queues = {
        "undecided": undecided,
        "lowest": replace(undecided, order="score"),
        "audit": Query(passed_checks=True, order="random", limit=audit_size(population)),
        "rejected": Query(status="rejected", decided=False),
        "kind": replace(undecided, kind=value),
        "document": replace(undecided, document=value),
        "check": Query(failed=value),
        "tag": Query(tag=value),
    }
    if area not in queues:
        raise UsageError(f"There is no review queue {name!r}.", f"Queues: {', '.join(queues)}.")
    return queues[area]


def queued(store: Store, name: str) -> list[str]:
    """Ids of the samples that wait in a review queue, in its order.

    Raises:
        UsageError: there is no such queue.
    """
    population = store.samples.passed_checks() if name == "audit" else 0
    found = store.samples.select(queue(name, population))
    if name != "audit":
        return found
    decided = store.samples.decided()
    return [id for id in found if id not in decided]


def audit(store: Store, margin: float = MARGIN) -> Audit:
    """How far the random audit is: of the first samples by id, which is a hash and so a random order."""
    population = store.samples.passed_checks()
    reviewed, confirmed = store.samples.audited(audit_size(population, margin))
    return Audit(population, reviewed, confirmed, margin)


def audit_size(population: int, margin: float = MARGIN) -> int:
    """Random samples to review so that the precision is known within `margin`, whatever it turns out to be.

    The sample size of a proportion at its widest (one half), with the correction for a finite population
    (Cochran, Sampling Techniques, 1977, section 4.4).
    """
    if population <= 0:
        return 0
    unlimited = CONFIDENCE**2 * 0.25 / margin**2
    return min(population, math.ceil(unlimited / (1 + (unlimited - 1) / population)))


def wilson(successes: int, trials: int, population: int = 0, z: float = CONFIDENCE) -> tuple[float, float]:
    """95 % interval of a proportion (Wilson, 1927): honest for few trials and near 0 and 1; by another quantile `z`.

    Of a finite `population` the trials count for more the more of it they are (the correction of `audit_size`). Where
    they are a good part of it the interval is exact, by the hypergeometric distribution; where all of it was tried, the
    share is known.
    """
    if trials == 0:
        return 0.0, 1.0
    share, z2 = successes / trials, z**2
    if 0 < population <= trials:
        return share, share
    if 0 < population < SMALL * trials:
        return _exact(successes, trials, population, math.erfc(z / math.sqrt(2)) / 2)
    worth = trials * (population - 1) / (population - trials) if population else float(trials)
    middle = (share + z2 / (2 * worth)) / (1 + z2 / worth)
    half = z * math.sqrt(share * (1 - share) / worth + z2 / (4 * worth**2)) / (1 + z2 / worth)
    return max(0.0, middle - half), min(1.0, middle + half)


def _exact(successes: int, trials: int, population: int, tail: float) -> tuple[float, float]:
    """The shares of a population by which neither as many successes nor as few are rarer than `tail`."""
    possible = range(successes, population - trials + successes + 1)
    low = bisect.bisect_left(possible, tail, key=lambda right: _at_least(successes, trials, right, population))
    failures = trials - successes
    possible = range(failures, population - trials + failures + 1)
    high = bisect.bisect_left(possible, tail, key=lambda wrong: _at_least(failures, trials, wrong, population))
    return (successes + low) / population, 1 - (failures + high) / population


def _at_least(successes: int, trials: int, right: int, population: int) -> float:
    """Chance of so many successes or more, drawn without putting back from a population with so many right ones."""
    whole = math.comb(population, trials)
    most = min(trials, right)
    ways = (math.comb(right, k) * math.comb(population - right, trials - k) for k in range(successes, most + 1))
    return sum(ways) / whole


def _decide(store: Store, id: str, verdict: Verdict) -> Judged:
    def decided(before: Judged) -> Judged:
        others = tuple(v for v in before.verdicts if v.check != REVIEW)
        return Judged(before.sample, (*others, verdict))

    return _replace(store, id, decided)


def _replace(store: Store, id: str, change: Callable[[Judged], Judged]) -> Judged:
    with store.transaction():
        before = find(store, id)
        after = change(before)
        store.samples.replace(id, after)
        store.remarks.move(id, after.sample.id)
        _note_down(store, {"id": after.sample.id, "before": to_canonical(before)})
    return after


def _remark(store: Store, id: str, change: Callable[[Remark], Remark]) -> Remark:
    with store.transaction():
        find(store, id)
        before = store.remarks.get(id)
        after = change(before)
        if after != before:
            store.remarks.put(id, after)
            _note_down(store, {"id": id, "tags": before.tags, "note": before.note})
    return after


def _note_down(store: Store, entry: dict[str, Any]) -> None:
    log = [*_log(store), entry]
    store.set_meta(UNDO_KEY, json.dumps(log[-UNDO_DEPTH:], ensure_ascii=False))


def find(store: Store, id: str) -> Judged:
    """The sample of that id.

    Raises:
        UsageError: there is none.
    """
    judged = store.samples.get(id)
    if judged is None:
        raise UsageError(f"There is no sample {id!r}.", "`doc2data review` lists the samples of this project.")
    return judged


def _log(store: Store) -> list[dict[str, Any]]:
    kept = store.meta(UNDO_KEY)
    log: list[dict[str, Any]] = json.loads(kept) if kept else []
    return log


def _reworded(sample: Sample, messages: tuple[Message, ...]) -> Sample:
    words = [(message.role, message.content) for message in messages]
    params = {"original": wording(sample.messages), **sample.recipe.params, "edited": True}
    return replace(
        sample,
        id=content_id("edit", sample.id, words),
        messages=messages,
        parent=sample.id,
        recipe=replace(sample.recipe, params=params),
    )
