"""review --audit and --apply: how right the checks are, and the floor that makes them right enough."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from doc2data.cli import talk

if TYPE_CHECKING:
    from doc2data.calibrating import Calibration
    from doc2data.project import Project
    from doc2data.store import Store

NEXT = 10
"""Samples that are named for the next decisions."""


def audit(target: Project, store: Store, apply: bool, shown: dict[str, Any]) -> None:
    """Print what the decisions say; with `apply` set the floor that was found and hold every sample against it."""
    from doc2data.calibrating import calibrate

    found = calibrate(store, shown["margin"], shown["target"])
    if shown["as_json"]:
        low, high = found.audit.interval
        talk.put_json(asdict(found) | {"needed": found.audit.needed, "interval": [low, high]})
    else:
        talk.put("\n".join(_lines(found)))
    if apply:
        _apply(target, store, found)


def _lines(found: Calibration) -> list[str]:
    state = found.audit
    low, high = state.interval
    lines = [f"{state.population} samples passed the checks; of the random ones {state.reviewed} are decided on."]
    if state.reviewed:
        share = state.confirmed / state.reviewed
        lines.append(f"Precision: {share:.1%} accepted, 95 % interval {low:.1%} to {high:.1%}.")
    lines.append(found.advice)
    if found.floor is not None:
        floor = found.floor
        lines.append(
            f"From {found.decided} decisions: with a floor of {floor.setting} {floor.kept:.0%} are kept, and "
            f"{floor.precision:.1%} of those are right (95 % interval {floor.interval[0]:.1%} to "
            f"{floor.interval[1]:.1%}). Set it with: doc2data review --apply"
        )
    if found.waiting:
        lines.append(f"Next: doc2data review {' '.join(found.waiting[:NEXT])}")
    return lines


def _apply(target: Project, store: Store, found: Calibration) -> None:
    from doc2data.calibrating import apply
    from doc2data.errors import UsageError
    from doc2data.settings import override

    if found.floor is None:
        raise UsageError("There is no floor to set.", "Decide on more samples; `doc2data review --audit` says which.")
    settings = target.settings()
    others = [text for text in settings.checks.floors if text.partition("=")[0] != found.floor.check]
    chosen = override(settings, {"checks.floors": (*others, found.floor.setting)})
    fell, rose = apply(store, chosen.checks.floors)
    target.write_settings(chosen)
    talk.say(f"Set checks.floors = {list(chosen.checks.floors)}: {fell} samples fell, {rose} stood up again.")
