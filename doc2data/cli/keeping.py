"""backup, restore, status --verify: a project kept safe."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doc2data.cli import talk
from doc2data.errors import EXIT_FAILED, EXIT_OK

if TYPE_CHECKING:
    from collections.abc import Sequence

    from doc2data.machine import Finding
    from doc2data.project import Project


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--in", "folder", type=click.Path(path_type=Path), default=Path(), help="Folder of the project.")
def backup(file: Path, folder: Path) -> None:
    """Put the project here into FILE, compressed, also while a run is at work on it.

    Everything goes along but the index and the log: a run makes the index again from the rest.
    """
    from doc2data import project, safekeeping

    size = safekeeping.backup(project.find(folder), file)
    talk.say(f"Wrote {file} ({size / 1e6:.1f} MB). Bring it back with: doc2data restore {file} --out FOLDER")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--out", default=Path(), type=click.Path(path_type=Path), help="A new or empty folder; default: here.")
def restore(file: Path, out: Path) -> None:
    """Make a project's folder from FILE, which `doc2data backup` wrote."""
    from doc2data import safekeeping

    made = safekeeping.restore(file, out)
    talk.say(f"Restored {made.folder}. The next `doc2data run` there makes its index again.")


def verified(target: Project, as_json: bool) -> int:
    """Print what `status --verify` finds; the exit code is 1 where something is wrong."""
    from doc2data.integrity import verify

    found = verify(target)
    show(found, as_json)
    return EXIT_OK if all(finding.works for finding in found) else EXIT_FAILED


def show(found: Sequence[Finding], as_json: bool) -> None:
    """Findings as lines for a person, or as JSON."""
    for finding in found:
        if as_json:
            talk.put_json(
                {"what": finding.what, "works": finding.works, "detail": finding.detail, "hint": finding.hint}
            )
        else:
            talk.put(f"{'ok  ' if finding.works else 'no  '}{finding.what}: {finding.detail}")
            if not finding.works and finding.hint:
                talk.put(f"      {finding.hint}")
