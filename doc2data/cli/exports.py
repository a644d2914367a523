"""export, report: writing the dataset, and seeing beforehand what will be written."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doc2data.cli import talk
from doc2data.cli.curating import chosen, curating_options
from doc2data.cli.datasets import FOLDER

if TYPE_CHECKING:
    from doc2data.export import FormatCount
    from doc2data.project import Project
    from doc2data.settings import Settings
    from doc2data.stages.workshop import Workshop
    from doc2data.store import Store


@click.command()
@click.argument("target", required=False, metavar="[-|FILE]")
@click.option("--format", "formats", metavar="NAME[,NAME]", help="See 'doc2data formats'; default: the project's.")
@curating_options
@click.option("--order", type=click.Choice(["plan", "curriculum"]), help="Rows as made, or easy before hard.")
@click.option("--preview", is_flag=True, help="Show the first bytes of each format's files, and write nothing.")
@click.option(
    "--template", metavar="SPEC", help="Show samples as this GGUF's chat template has them, with token counts."
)
@FOLDER
def export(
    target: str | None, formats: str | None, preview: bool, template: str | None, folder: Path, **curated: Any
) -> None:
    """Write the dataset of the project here in other formats, or one format to FILE or, with `-`, to stdout.

    A FILE that ends in .gz or .zst is packed.
    """
    from doc2data import project
    from doc2data.settings import override
    from doc2data.stages.workshop import Workshop
    from doc2data.store import Store

    place = project.find(folder)
    names = tuple(name.strip() for name in formats.split(",")) if formats else None
    given = {"export.formats": names, "export.order": curated.pop("order")}
    typed = {key: value for key, value in given.items() if value}
    settings = override(place.settings(), chosen(curated) | typed)
    with Store(place.database) as store:
        if template is not None:
            _read_with(place, template, store, settings)
        elif preview:
            _preview(place, store, settings)
        elif target is not None:
            _one(target, _only(names or settings.export.formats[:1]), Workshop(place, settings, store, engine=None))
        else:
            _all(Workshop(place, settings, store, engine=None))


def _only(names: tuple[str, ...]) -> str:
    from doc2data.errors import UsageError

    if len(names) != 1:
        raise UsageError("A file or stream takes one format.", "Name one with --format, or leave the file out.")
    return names[0]


def _one(target: str, name: str, shop: Workshop) -> None:
    """One format, without splits, to stdout or to a file."""
    from doc2data.errors import StorageError
    from doc2data.export import export_to_file, export_to_stream, in_order
    from doc2data.stages.curating import curate
    from doc2data.stages.shielding import guard

    curated, guarded = curate(shop), guard(shop.project, shop.store, shop.settings.privacy)
    guarded.shield.count(one for one in curated.judged() if one.status == "accepted")
    guarded.ledger.save()
    for note in curated.notes:
        talk.say(f"note: {note}")
    ordered = in_order(curated.judged, lambda judged: judged.sample, shop.settings.export.order)
    rows = guarded.shield.judged(ordered)
    if target == "-":
        _tell(export_to_stream(rows, name, sys.stdout.buffer, shop.settings.export))
        return
    try:
        count = export_to_file(rows, name, Path(target), shop.settings.export)
    except OSError as error:
        raise StorageError(f"Cannot write {target!r}: {error.strerror or error}.") from error
    _tell(count)
    talk.say(f"Wrote {target}: {sum(count.rows.values()):,} rows")


def _tell(count: FormatCount) -> None:
    for reason, n in count.left_out.items():
        talk.say(f"note: {n} samples left out: {reason}.")


def _preview(place: Project, store: Store, settings: Settings) -> None:
    from doc2data.exporting import Previews

    previews, said = Previews(place, store, settings), set[str]()
    for name in settings.export.formats:
        found = previews.of(name)
        talk.say(f"{name}: {found.told}")
        for path, size in found.files:
            talk.say(f"{name}/{path}: {size:,} bytes of the first samples")
        for note in found.notes:
            if note not in said:
                talk.say(f"note: {note}")
        said.update(found.notes)
        talk.put(found.head.decode("utf-8", "backslashreplace"))


def _read_with(place: Project, spec: str, store: Store, settings: Settings) -> None:
    from doc2data.transcripts import read_project, summary

    found = read_project(place, store, settings, spec)
    talk.put(found.example)
    for line in summary(found):
        talk.say(line)


def _all(shop: Workshop) -> None:
    from doc2data.events import Warned
    from doc2data.stages.manifest import record_of
    from doc2data.stages.writing import export_all

    place = shop.project
    record = record_of(place)
    with place.hold():
        for event in export_all(shop, record):
            if isinstance(event, Warned):
                talk.say(f"note: {event.message}")
    talk.say(f"Wrote {place.export}: {record.exported}")


@click.command()
@click.argument("folder", type=click.Path(path_type=Path), default=Path())
def report(folder: Path) -> None:
    """Write report.html, one self-contained page about the dataset of the project in FOLDER."""
    from doc2data import project
    from doc2data.stages.manifest import record_of
    from doc2data.stages.workshop import Workshop
    from doc2data.stages.writing import write_report
    from doc2data.store import Store

    place = project.find(folder)
    with Store(place.database) as store:
        write_report(Workshop(place, place.settings(), store, engine=None), record_of(place))
    talk.say(f"Wrote {place.report}")
