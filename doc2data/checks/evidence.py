"""Every quote is, to the character, what its document says at that place."""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.records import Evidence, Sample, Verdict

NAME = "evidence"
_WITHOUT = frozenset({"unanswerable"})
"""Kinds that may have no evidence."""


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Compare every quote with its slice of the document."""
    return [_verdict(sample, context) for sample in samples]


def _verdict(sample: Sample, context: CheckContext) -> Verdict:
    if not sample.evidence:
        if sample.kind in _WITHOUT:
            return passed(NAME, "needs no evidence: the right answer is that the documents do not say")
        return failed(NAME, "names no evidence")
    problems = [problem for evidence in sample.evidence if (problem := _problem(evidence, context))]
    if problems:
        return failed(NAME, problems[0], 1 - len(problems) / len(sample.evidence))
    return passed(NAME, f"{len(sample.evidence)} of {len(sample.evidence)} quotes equal their source")


def _problem(evidence: Evidence, context: CheckContext) -> str:
    try:
        text = context.document_text(evidence.document)
    except KeyError:
        return f"the document {evidence.document!r} is not known"
    if not evidence.quote.strip():
        return "a quote is empty"
    if not 0 <= evidence.start < evidence.end <= len(text):
        return f"a quote lies outside {evidence.document!r} (characters {evidence.start} to {evidence.end})"
    if text[evidence.start : evidence.end] != evidence.quote:
        return f"{evidence.document!r} says something else at {evidence.start}: {_shown(evidence.quote)} is not there"
    return ""


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
