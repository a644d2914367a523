"""privacy: what personal data documents and samples hold, and which placeholder stands for it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import click

from doc2data.cli import talk
from doc2data.cli.datasets import FOLDER

if TYPE_CHECKING:
    from doc2data.privacy import Kind, Ledger, Summary


@click.command()
@click.option("--show", is_flag=True, help="Also the values themselves, with the placeholders that stand for them.")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@FOLDER
def privacy(show: bool, as_json: bool, folder: Path) -> None:
    """List the personal data found in the documents and the accepted samples of the project here.

    What happens to it on the way out is set by --pii, or kind by kind under [privacy] in doc2data.toml. The findings
    are kept in privacy.json in the project, readable by you alone, and are in no export.
    """
    from doc2data import project
    from doc2data.stages.shielding import guard
    from doc2data.store import Store

    place = project.find(folder)
    with Store(place.database) as store:
        guarded = guard(place, store, place.settings().privacy)
        summary = guarded.shield.count(store.samples.judged("accepted"))
        guarded.ledger.save()
    if as_json:
        talk.put_json(_as_json(guarded.ledger, summary, show))
    else:
        _tell(guarded.ledger, summary, show)


def _tell(ledger: Ledger, summary: Summary, show: bool) -> None:
    for document, counts in ledger.documents().items():
        talk.put(f"{document}: {_counted(counts)}")
        if show:
            for finding in ledger.findings(document):
                talk.put(
                    f"  {ledger.placeholder(finding):13} {finding.value}  (characters {finding.start}-{finding.end})"
                )
    if not ledger.documents():
        talk.put("Nothing was found in the documents.")
    for kind, samples in summary.found.items():
        talk.put(f"{samples} accepted samples hold {kind}: {summary.actions[kind]}")


def _counted(counts: Mapping[Kind, int]) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(counts.items()))


def _as_json(ledger: Ledger, summary: Summary, show: bool) -> dict[str, object]:
    from doc2data.privacy import KINDS

    told: dict[str, object] = {
        "documents": {name: dict(counts) for name, counts in ledger.documents().items()},
        "samples": ledger.samples,
        "actions": dict(summary.actions),
    }
    if show:
        told["placeholders"] = {kind: dict(ledger.values(kind)) for kind in KINDS if ledger.values(kind)}
    return told
