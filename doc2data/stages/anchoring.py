"""Samples held against what the documents say now.

A change somewhere in a document moves everything behind it: evidence is anchored anew, in the clue of the same id or,
where that is gone, in a clue of the same words. A sample whose evidence is nowhere any more is retired: it is in no
export, and `doc2data status` and `doc2data review --status stale` tell of it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache

from doc2data.recipes.corpus import OPEN_DOCUMENTS, Corpus
from doc2data.records import Clue, Evidence, Judged, Sample, content_id
from doc2data.store import RetiredSample, Store

ANCHORED = "anchored"
"""Under this name the store keeps which versions of the documents its samples were last held against."""
EXCERPT = 80


def anchor(store: Store) -> int:
    """Bring every sample's evidence up to date, or retire it; returns how many were retired.

    What a person decided on and had to be retired comes back as soon as the documents say it again; all else that
    they say again is made anew by the next run.
    """
    versions = content_id([(row.id, row.name, row.title, row.state) for row in store.documents.rows()])
    if store.meta(ANCHORED) == versions:
        return 0
    places = _Places(Corpus(store), {row.name: row.state for row in store.documents.rows()})
    with store.transaction():
        gone = sum(_hold(store, id, places) for id in store.samples.ids())
        _bring_back(store, places)
        store.set_meta(ANCHORED, versions)
    return gone


class _Places:
    """Where the documents say what, as they are now."""

    def __init__(self, corpus: Corpus, states: dict[str, str]) -> None:
        self._corpus = corpus
        self._states = states
        self._by_quote = lru_cache(maxsize=OPEN_DOCUMENTS)(self._quotes)

    def anchored(self, sample: Sample) -> Sample | None:
        """The sample with its evidence where it stands now; None where a piece of it is gone."""
        placed = [self._placed(id, told) for id, told in _pairs(sample)]
        found = [place for place in placed if place is not None]
        if len(found) < len(placed):
            return None
        clues = tuple(id for id, _ in found) if sample.clues else ()
        return replace(sample, clues=clues, evidence=tuple(evidence for _, evidence in found))

    def lost(self, sample: Sample) -> Evidence:
        """The first piece of evidence that is gone."""
        return next(told for id, told in _pairs(sample) if self._placed(id, told) is None)

    def state_of(self, document: str) -> str | None:
        """Read or failed; None where the document is off the list."""
        return self._states.get(document)

    def _placed(self, id: str, told: Evidence) -> tuple[str, Evidence] | None:
        """The clue that holds a piece of evidence now, and its place; of words that no clue holds, the place alone."""
        if self._corpus.holds(id):
            return id, self._corpus.evidence(self._corpus.clue(id))
        same = self._by_quote(told.document).get(told.quote, [])
        clue = min(same, key=lambda c: (c.section != told.section, abs(c.start - told.start), c.id), default=None)
        if clue is not None:
            return clue.id, self._corpus.evidence(clue)
        moved = self._in_text(told)
        return None if moved is None else (id, moved)

    def _quotes(self, document: str) -> Mapping[str, list[Clue]]:
        """What the clues of a document say, by name; nothing where it is not here."""
        found: dict[str, list[Clue]] = defaultdict(list)
        for clue in self._corpus.clues_named(document):
            found[clue.quote].append(clue)
        return found

    def _in_text(self, told: Evidence) -> Evidence | None:
        """A quote where it stands in the text, as near as can be to where it stood."""
        if self._states.get(told.document) != "read" or not told.quote:
            return None
        document = self._corpus.named(told.document)
        starts = [match.start() for match in re.finditer(re.escape(told.quote), document.text)]
        start = min(starts, key=lambda at: (abs(at - told.start), at), default=None)
        if start is None or start == told.start:
            return None if start is None else told
        block = next((b for b in document.blocks if b.start <= start < b.end), None)
        page, section = (block.page_at(start), block.section) if block else (told.page, told.section)
        return replace(told, page=page, section=section, start=start, end=start + len(told.quote))


def _pairs(sample: Sample) -> Iterator[tuple[str, Evidence]]:
    """Each piece of evidence with the id of its clue; "" where the sample names none."""
    clues = sample.clues if len(sample.clues) == len(sample.evidence) else ("",) * len(sample.evidence)
    return zip(clues, sample.evidence, strict=True)


def _hold(store: Store, id: str, places: _Places) -> bool:
    """Anchor one sample, or retire it (True). Call inside a transaction."""
    judged = store.samples.get(id)
    assert judged is not None
    sample = judged.sample
    anchored = places.anchored(sample)
    if anchored is None:
        lost = places.lost(sample)
        excerpt = " ".join(lost.quote.split())[:EXCERPT]
        state = places.state_of(lost.document)
        if state == "read":
            store.retired.put(sample.id, "stale", lost.document, f"{lost.document} no longer says {excerpt!r}.")
        elif state == "failed":
            store.retired.put(sample.id, "unreadable", lost.document, f"{lost.document} could not be read.")
        else:
            store.retired.put(sample.id, "removed", lost.document, f"{lost.document} was removed.")
        return True
    if anchored != sample:
        store.samples.replace(sample.id, Judged(anchored, judged.verdicts))
    return False


def _bring_back(store: Store, places: _Places) -> None:
    """Restore what a person decided on, with the other samples of its job, where the documents say it again."""
    jobs: dict[str, list[RetiredSample]] = defaultdict(list)
    for retired in store.retired.all():
        jobs[retired.job].append(retired)
    for group in jobs.values():
        anchored = _all_anchored(group, places)
        if anchored and any(retired.decided for retired in group):
            for judged in anchored:
                store.retired.restore(judged)


def _all_anchored(group: Sequence[RetiredSample], places: _Places) -> list[Judged]:
    """Those of a job that stand again."""
    found = ((places.anchored(retired.judged.sample), retired.judged) for retired in group)
    return [Judged(sample, judged.verdicts) for sample, judged in found if sample is not None]
