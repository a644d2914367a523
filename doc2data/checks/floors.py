"""Least scores that a person's decisions have set: a check passes only what reaches its floor."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from doc2data.errors import UsageError
from doc2data.records import Verdict

_UNDER = " (its score is under the floor of "


def read_floors(texts: Sequence[str]) -> dict[str, float]:
    """Floors as written in the settings, by check: `support=0.75`.

    Raises:
        UsageError: one is written otherwise, or lies outside of 0 to 1.
    """
    floors = {}
    for text in texts:
        check, _, number = text.partition("=")
        try:
            floors[check.strip()] = float(number)
        except ValueError:
            floors[check.strip()] = -1.0
        if not check.strip() or not 0 <= floors[check.strip()] <= 1:
            raise UsageError(
                f"A floor is written CHECK=SCORE with a score from 0 to 1, not {text!r}.", "As support=0.75."
            )
    return floors


def under_floor(verdict: Verdict, floors: Mapping[str, float]) -> Verdict:
    """The verdict as the floors have it: one that fell under an earlier floor only stands up again."""
    own, mark, _ = verdict.reason.partition(_UNDER)
    passed = verdict.passed or bool(mark)
    floor = floors.get(verdict.check, 0.0)
    if passed and verdict.score < floor:
        return replace(verdict, passed=False, reason=f"{own}{_UNDER}{floor:g})")
    return replace(verdict, passed=passed, reason=own)
