"""Evidence in its surroundings, marked by signs as well as by colour."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content

from doc2data.sources import Setting

OPEN, CLOSE = "▶", "◀"


def source_text(settings: Sequence[Setting], recipe_hops: bool) -> Content:
    """All evidence, one below the other; hops are numbered in their order."""
    if not settings:
        return Content.styled("This sample stands on no evidence.", "$text-muted")
    return Content("\n\n").join([_one(number, setting, recipe_hops) for number, setting in enumerate(settings, 1)])


def _one(number: int, setting: Setting, hops: bool) -> Content:
    evidence = setting.evidence
    page = f" · page {evidence.page}" if evidence.page else ""
    section = f"\n    {' › '.join(evidence.section)}" if evidence.section else ""
    label = f"[{number}] hop {number}" if hops else f"[{number}]"
    head = Content.assemble((label, "bold $text-accent"), (f" {evidence.document}{page}{section}", "$text-muted"))
    if not setting.found:
        missing = ("✗ This quote does not stand in the source as it says.", "$text-error")
        return Content.assemble(head, "\n", missing, "\n", (setting.quote, "bold"))
    return Content.assemble(
        head,
        "\n",
        (setting.before, "$text-muted"),
        (f"{OPEN}{setting.quote}{CLOSE}", "bold $foreground on $warning 30%"),
        (setting.after, "$text-muted"),
    )
