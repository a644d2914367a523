"""check: a dataset made anywhere, held against documents."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doc2data.cli import talk

if TYPE_CHECKING:
    from doc2data.auditing import Audited
    from doc2data.curate import Measures
    from doc2data.settings import Settings


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--against", "docs", multiple=True, required=True, type=click.Path(path_type=Path), help="Documents.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per row, in order.")
@click.option("--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Write a page too.")
@click.option(
    "--decontaminate",
    multiple=True,
    metavar="FILE",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Turn down what this evaluation file holds; may be given again.",
)
@click.option("--model", metavar="SPEC", help="A model that is asked whether the documents bear each row out.")
@click.option("--judge", "judges", multiple=True, metavar="SPEC", help="A model that reviews each row, or 'self'.")
@click.option("--set", "extra", multiple=True, metavar="KEY=VALUE", help="A setting, e.g. checks.support=0.7.")
@click.argument("more", nargs=-1, type=click.Path(path_type=Path))
def check(
    file: Path, docs: tuple[Path, ...], more: tuple[Path, ...], as_json: bool, report: Path | None, **given: Any
) -> None:
    """Audit the dataset in FILE against documents: what passes, what fails, and why.

    FILE is JSON Lines, a JSON array, CSV, TSV or Parquet, its rows of any known shape.

    Exits with 1 if a row fails.
    """
    from doc2data.auditing import audit
    from doc2data.errors import EXIT_FAILED, EXIT_OK

    failed = total = 0
    for row in audit(file, (*docs, *more), _settings(given), report, _tell):
        total += 1
        failed += not row.passed
        _show(row, as_json)
    talk.say(f"{total - failed} of {total} rows pass.")
    if report is not None:
        talk.say(f"Report: {report}")
    click.get_current_context().exit(EXIT_FAILED if failed else EXIT_OK)


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder of the project.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per row, in order.")
def adopt(file: Path, folder: Path, as_json: bool) -> None:
    """Take the dataset in FILE (JSON Lines, JSON, CSV, TSV or Parquet) into a project.

    Every row is checked against the project's documents, by the project's settings, and kept or rejected like its own
    samples: review them, then `doc2data export`. Exits with 1 if a row cannot be read.
    """
    from doc2data import adopting, project, sealing
    from doc2data.auditing import READABLE
    from doc2data.errors import EXIT_FAILED, EXIT_OK
    from doc2data.store import Store

    target = project.find(folder)
    settings = target.settings()
    for spec in (settings.model.spec, *settings.checks.judges):
        sealing.allow_model(spec)
    kept = rejected = unreadable = 0
    with target.hold(), Store(target.database) as store:
        for row in adopting.adopt(target, settings, store, file):
            kept += row.passed
            broken = row.verdicts[0].check == READABLE
            unreadable += broken
            rejected += not row.passed and not broken
            _show(row, as_json)
    talk.say(f"{kept} rows kept, {rejected} rejected, {unreadable} not readable. `doc2data export` writes them.")
    click.get_current_context().exit(EXIT_FAILED if unreadable else EXIT_OK)


def _settings(given: dict[str, Any]) -> Settings:
    from doc2data.cli.building import pair
    from doc2data.settings import Settings, override

    chosen: dict[str, Any] = {"checks.evaluation": tuple(str(path.resolve()) for path in given["decontaminate"])}
    chosen |= {"checks.judges": given["judges"]} | ({"model.spec": given["model"]} if given["model"] else {})
    return override(Settings(), chosen | dict(pair(text) for text in given["extra"]))


def _show(row: Audited, as_json: bool) -> None:
    if as_json:
        verdicts = [{"check": v.check, "passed": v.passed, "score": v.score, "reason": v.reason} for v in row.verdicts]
        talk.put_json({"row": row.number, "passed": row.passed, "verdicts": verdicts})
    elif not row.passed:
        first = next(v for v in row.verdicts if not v.passed)
        talk.put(f"row {row.number}: {first.check}: {first.reason}")


def _tell(found: Measures) -> None:
    """The dataset as a whole, for a person; the checks in the order in which rows meet them."""
    from doc2data.checks import CHECKS, MODEL_CHECKS

    order = {name: at for at, name in enumerate((*CHECKS, *MODEL_CHECKS))}
    for name, result in sorted(found.by_check.items(), key=lambda pair: order.get(pair[0], len(order))):
        talk.say(f"  {name:15} {result.kept} of {result.made} pass")
    distinct = " ".join(f"{share:.2f}" for share in found.distinct)
    talk.say(
        f"  of the rows that pass: distinct-1 to -4 {distinct}, self-BLEU {found.self_bleu:.2f}, "
        f"mean cosine {found.similarity:.2f}, groundedness {found.groundedness:.2f}, sections {found.sections:.0%}, "
        f"passages reached {found.reach:.2f}"
    )
    for advice in found.advice:
        talk.say(f"note: {advice}")
