"""A cross-encoder reads evidence and statement together and finds the one in the other.

Natural language inference for groundedness after Honovich et al., "TRUE: Re-evaluating Factual Consistency Evaluation"
(2204.04991). What stands in the evidence word for word needs no scoring.
"""

from __future__ import annotations

from collections.abc import Sequence

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.entailment import WITHOUT, Statement, is_quoted, statements
from doc2data.checks.words import length
from doc2data.records import Sample, Verdict

NAME = "inference"
WHOLE = 5
"""Words from which a statement is understood without its question."""


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Score every statement that is no quote, all together."""
    found = [[] if s.kind in WITHOUT else [one for one in statements(s) if not is_quoted(one)] for s in samples]
    pairs = [(_premise(one), _hypothesis(one)) for of_sample in found for one in of_sample]
    assert context.score_pairs is not None, "asked only where there is a cross-encoder"
    scores = iter(context.score_pairs(pairs).tolist() if pairs else [])
    return [_verdict([(one, next(scores)) for one in of_sample], context) for of_sample in found]


def _verdict(scored: Sequence[tuple[Statement, float]], context: CheckContext) -> Verdict:
    if not scored:
        return passed(NAME, "every statement stands in the evidence word for word")
    worst, least = min(scored, key=lambda pair: pair[1])
    if least < context.settings.inference:
        return failed(NAME, f"the cross-encoder does not find it in the evidence: {_shown(worst.text)}", least)
    return passed(NAME, f"the cross-encoder finds {len(scored)} statements in the evidence", least)


def _premise(one: Statement) -> str:
    headings = " > ".join(dict.fromkeys((one.evidence[0].title, *one.evidence[0].section)))
    return "\n".join((headings, *(evidence.quote for evidence in one.evidence)))


def _hypothesis(one: Statement) -> str:
    return one.text if length(one.text) >= WHOLE else f"{one.question} {one.text}"


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:57] + "...")
