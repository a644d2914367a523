"""The rejected answer of a pair is worse in fact: it fails the check that the pair names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from doc2data.checks.context import CheckContext, failed, passed
from doc2data.checks.words import normal
from doc2data.records import PREFERENCE, Message, Rejected, Sample, Verdict

NAME = PREFERENCE
OF = "of"
"""The parameter that tells a pair's kind apart from those of other pairs: the kind of its parent."""


def chosen(sample: Sample) -> Sample:
    """A pair's better answer as a sample of its parent's kind; any other sample as it is."""
    if sample.rejected is None:
        return sample
    return replace(sample, kind=str(sample.recipe.params.get(OF, "qa")), rejected=None)


def worse(sample: Sample, rejected: Rejected) -> Sample:
    """A pair's worse answer in the place of the better one."""
    return replace(chosen(sample), messages=(*sample.messages[:-1], Message("assistant", rejected.answer)))


def check(samples: Sequence[Sample], context: CheckContext) -> list[Verdict]:
    """Run the named check on each rejected answer."""
    return [_verdict(sample, context) for sample in samples]


def _verdict(sample: Sample, context: CheckContext) -> Verdict:
    from doc2data.checks import CHECKS, check_batch

    rejected = sample.rejected
    if rejected is None:
        return failed(NAME, "is no pair")
    if not rejected.answer.strip() or normal(rejected.answer) == normal(sample.answer):
        return failed(NAME, "the rejected answer is empty or says what the chosen one says")
    if rejected.check not in CHECKS or rejected.check == NAME:
        return passed(NAME, f"rejected by {rejected.check}: {rejected.reason}")
    [[found]] = check_batch([worse(sample, rejected)], context, [rejected.check])
    if found.passed:
        return failed(NAME, f"the rejected answer passes {rejected.check}, which it should fail")
    return passed(NAME, f"the rejected answer fails {rejected.check}: {found.reason}")
