"""The question alone brings its evidence back from the whole corpus: it is specific, and it can be answered."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.records import Evidence, Hit, Sample, Verdict

NAME = "retrievability"
MANY_FACTOR = 4
"""Where a question joins several pieces of evidence, the others may come this many times deeper than the first."""
COVERED = 0.5
"""Share of a quote, or of the passage where that is shorter, that must be common to both."""


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Search with each question and look for its evidence among what comes back."""
    asked = [i for i, sample in enumerate(samples) if sample.evidence]
    depth = context.settings.retrieval_depth
    deepest = depth * (MANY_FACTOR if any(len(samples[i].evidence) > 1 for i in asked) else 1)
    found = context.search_many([opening(samples[i]) for i in asked], deepest) if asked else []
    hits = dict(zip(asked, found, strict=True))
    return [_verdict(sample, hits.get(i, []), depth) for i, sample in enumerate(samples)]


def opening(sample: Sample) -> str:
    """What the user says first: the part of a conversation that has nothing before it to lean on."""
    return next((m.content for m in sample.messages if m.role == "user"), "")


def _verdict(sample: Sample, hits: Sequence[Hit], depth: int) -> Verdict:
    if not sample.evidence:
        return passed(NAME, "has no evidence to bring back")
    wanted = _asked_first(sample)
    ranks = [_rank(evidence, hits) for evidence in wanted]
    found = [rank for rank in ranks if rank is not None]
    if not found or min(found) > depth:
        reason = f"the question does not bring its evidence back among the first {depth} passages"
        return failed(NAME, f"{reason}; {_came(hits)}")
    if len(found) < len(ranks):
        reason = f"the question brings back only {len(found)} of its {len(ranks)} pieces of evidence"
        return failed(NAME, f"{reason} among the first {depth * MANY_FACTOR}", len(found) / len(ranks))
    best = min(found)
    return passed(NAME, f"the question brings its evidence back at rank {best}", 1 / best)


def _came(hits: Sequence[Hit]) -> str:
    """Where the first passage stands that came instead."""
    if not hits:
        return "nothing comes"
    passage = hits[0].passage
    return f"what comes first stands under {' > '.join((passage.document, *passage.section))!r}"


def _asked_first(sample: Sample) -> Sequence[Evidence]:
    """The evidence that the opening question asks for: all of it, or in a dialogue that of the first answer."""
    if sample.kind != "dialogue" or not sample.turns or not sample.turns[0]:
        return sample.evidence
    return [sample.evidence[i] for i in sample.turns[0] if i < len(sample.evidence)]


def _rank(evidence: Evidence, hits: Sequence[Hit]) -> int | None:
    return next((rank for rank, hit in enumerate(hits, 1) if _holds(hit, evidence)), None)


def _holds(hit: Hit, evidence: Evidence) -> bool:
    """Whether a passage is where the evidence stands, or says the same to the letter somewhere else."""
    passage = hit.passage
    if evidence.quote in passage.text:
        return True
    if passage.document != evidence.document:
        return False
    common = min(passage.end, evidence.end) - max(passage.start, evidence.start)
    shorter = min(passage.end - passage.start, evidence.end - evidence.start)
    return shorter > 0 and common >= COVERED * shorter
