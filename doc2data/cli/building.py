"""build, init, add, run, status: from documents to a dataset."""

from __future__ import annotations

import asyncio
import shlex
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from doc2data.cli import curating, talk
from doc2data.errors import EXIT_FAILED, EXIT_OK
from doc2data.plain import counted

if TYPE_CHECKING:
    from doc2data.project import Project
    from doc2data.settings import Settings
    from doc2data.store import Store

FLAGS = {
    "recipe": "generate.recipes",
    "model": "model.spec",
    "formats": "export.formats",
    "limit": "generate.limit",
    "per_chunk": "generate.per_chunk",
    "coverage": "generate.coverage",
    "per_page": "generate.per_page",
    "seed": "generate.seed",
    "language": "generate.language",
    "decontaminate": "checks.evaluation",
    "judge": "checks.judges",
    "prefer": "prefer.by",
    "principles": "prefer.principles",
    "labels": "texts.labels",
    "facts": "texts.facts",
    "revise": "checks.revisions",
    "candidates": "generate.candidates",
    "log_file": "run.log_file",
}


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(name.strip() for name in value.split(",") if name.strip())


def _files(ctx: click.Context, param: click.Parameter, value: tuple[Path, ...]) -> tuple[str, ...] | None:
    """Whole paths: the project's settings keep them, and a later run may start in another folder."""
    return tuple(str(path.resolve()) for path in value) or None


LICENCE = click.option("--licence", default="", metavar="TEXT", help="Of these documents, for the dataset's card.")


def _specs(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    return value or None


def _whole(ctx: click.Context, param: click.Parameter, value: Path | None) -> str | None:
    return None if value is None else str(value.resolve())


def _file_option(name: str, about: str) -> click.Option:
    kind = click.Path(exists=True, dir_okay=False, path_type=Path)
    return click.Option([name], callback=_whole, metavar="FILE", type=kind, help=about)


def making_options(command: click.Command) -> click.Command:
    """The options that say what to make; one that is not given leaves the project's setting as it is."""
    options = [
        click.Option(
            ["--recipe"], callback=_names, metavar="NAME[,NAME]", help="What to make; see 'doc2data recipes'."
        ),
        click.Option(["--model"], metavar="SPEC", help="A GGUF, a model's name, http://host:port/v1, or 'rules'."),
        click.Option(["--format", "formats"], callback=_names, metavar="NAME[,NAME]", help="See 'doc2data formats'."),
        click.Option(
            ["--limit"], type=click.IntRange(0), metavar="N", help="Most accepted samples in all; 0: no limit."
        ),
        click.Option(
            ["--per-chunk"], type=click.IntRange(1), metavar="N", help="Most samples of a recipe from a chunk."
        ),
        click.Option(
            ["--coverage"], type=click.FloatRange(0, 1), metavar="SHARE", help="Share of facts that samples stand on."
        ),
        click.Option(["--per-page"], type=click.FloatRange(0), metavar="N", help="Most samples for each page."),
        click.Option(["--seed"], type=click.IntRange(0), metavar="N", help="Same seed, same samples."),
        click.Option(["--language"], metavar="auto|en|zh|...", help="Use only documents in this language."),
        click.Option(
            ["--decontaminate"],
            multiple=True,
            callback=_files,
            metavar="FILE",
            type=click.Path(exists=True, dir_okay=False, path_type=Path),
            help="Turn down what this evaluation file holds; may be given again.",
        ),
        click.Option(
            ["--judge"],
            multiple=True,
            callback=_specs,
            metavar="SPEC",
            help="A model that reviews each sample, or 'self'; may be given again.",
        ),
        click.Option(
            ["--revise"], type=click.IntRange(0, 5), metavar="N", help="How often the model mends what a check refused."
        ),
        click.Option(
            ["--candidates"], type=click.IntRange(1, 16), metavar="N", help="Drafts of each sample; the best is kept."
        ),
        click.Option(
            ["--prefer"],
            callback=_names,
            metavar="WAY[,WAY]",
            help="How prefer makes pairs: corruption, best-of, judge, revision, principles.",
        ),
        _file_option("--principles", "Principles for --prefer principles, one a line."),
        _file_option("--labels", "Labels for the recipe classify, one a line."),
        _file_option("--facts", "JSON schema for the recipe extract."),
        click.Option(
            ["--set", "extra"], multiple=True, metavar="KEY=VALUE", help="Any other setting, e.g. parse.ocr=off."
        ),
        click.Option(
            ["--log-file"], type=click.Path(path_type=Path), callback=_whole, help="Where the log of the run goes."
        ),
        click.Option(["--attest"], is_flag=True, help="Write attestation.json about sources and results."),
        click.Option(["--json", "as_json"], is_flag=True, help="Print run.json to stdout at the end."),
        click.Option(["--quiet", "-q"], is_flag=True, help="Say only what went wrong."),
    ]
    command.params += options
    return command


@click.command()
@click.argument("docs", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--out", required=True, type=click.Path(path_type=Path), help="Folder for project and dataset.")
@LICENCE
def build(
    docs: tuple[Path, ...], out: Path, licence: str, as_json: bool, quiet: bool, attest: bool, **flags: Any
) -> None:
    """Turn documents into a dataset in one go: DOCS are files or folders, the project is made in the --out folder.

    The same command again goes on where it stopped, and does again only what has changed.
    """
    from doc2data import pipeline, project
    from doc2data.settings import Settings, override
    from doc2data.stages.reading import find_sources

    sources = find_sources(docs)
    given = _given(flags)
    pipeline.check(override(Settings(), given))
    target, settings = project.prepare(out, given)
    pipeline.set_sources(target, sources, licence)
    _finish(_run(target, settings, quiet, attest), target, as_json, attest)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
def init(folder: Path) -> None:
    """Make a project in FOLDER."""
    from doc2data import project
    from doc2data.settings import Settings

    made = project.create(folder, Settings())
    talk.say(f"Made {made.folder}. Next: cd {shlex.quote(str(folder))} && doc2data add PATH")


@click.command()
@click.argument("docs", nargs=-1, required=True, type=click.Path(path_type=Path))
@LICENCE
def add(docs: tuple[Path, ...], licence: str) -> None:
    """Add files, or all documents in folders, to the project here; added again, they take on another licence."""
    from doc2data import pipeline, project

    added = pipeline.add(project.find(Path.cwd()), docs, licence)
    talk.say(f"Added {counted(len(added), 'document')}. Next: doc2data run")


@click.command()
@click.argument("names", nargs=-1, required=True)
def remove(names: tuple[str, ...]) -> None:
    """Take documents away from the project here, by the NAMES that `doc2data status` shows; files stay where they are.

    Samples that stand on them leave the dataset and are kept aside: `doc2data review --status stale` lists them.
    """
    from doc2data import library, project

    library.remove(project.find(Path.cwd()), names)
    talk.say(f"Removed {counted(len(names), 'document')}. Next: doc2data run")


@click.command()
def run(as_json: bool, quiet: bool, attest: bool, **flags: Any) -> None:
    """Bring the dataset of the project here up to date with its documents and settings."""
    from doc2data import project
    from doc2data.settings import override

    target = project.find(Path.cwd())
    settings = override(target.settings(), _given(flags))
    _finish(_run(target, settings, quiet, attest), target, as_json, attest)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--graph", is_flag=True, help="Print the clue graph as GraphML.")
@click.option("--verify", is_flag=True, help="Look for damage: database, quotes, index, attestation.")
def status(as_json: bool, graph: bool, verify: bool) -> None:
    """What the project here holds."""
    from doc2data import project
    from doc2data.cli.keeping import verified
    from doc2data.stages.manifest import Record, counts
    from doc2data.store import Store

    target = project.find(Path.cwd())
    if verify:
        click.get_current_context().exit(verified(target, as_json))
    with Store(target.database) as store:
        if graph:
            _graph(store)
            return
        found = counts(store, Record(command=""))
        rows = store.documents.rows()
    if as_json:
        talk.put_json({"folder": str(target.folder), "counts": found})
        return
    talk.put(f"{target.folder}: {_sum(found)}")
    talk.put(f"  Covered: {_covered(found['coverage'])}")
    for row in rows:
        note = row.reason or f"{row.pages or '-'} pages, {row.language}"
        talk.put(f"  {row.state:6}  {row.name}  ({note})")
    for document, states in found["retired"].items():
        for state, number in states.items():
            talk.put(
                f"  {state:6}  {document}  ({number} samples stand on what is gone: doc2data review --status stale)"
            )


def _graph(store: Store) -> None:
    from doc2data.graph import to_graphml
    from doc2data.recipes.atlas import atlas
    from doc2data.recipes.corpus import Corpus

    talk.put(to_graphml(atlas(Corpus(store)).graph))


for _command in (build, run):
    curating.curating_options(making_options(_command))


def _given(flags: dict[str, Any]) -> dict[str, Any]:
    """Settings that were typed, by dotted key."""
    typed = {FLAGS[name]: value for name, value in flags.items() if name in FLAGS and value is not None}
    return typed | curating.chosen(flags) | dict(pair(text) for text in flags["extra"])


def pair(text: str) -> tuple[str, Any]:
    """One KEY=VALUE; a value that is TOML (a number, a list) is read as such, anything else is text."""
    import tomllib

    key, equals, value = text.partition("=")
    if not equals:
        raise click.UsageError(f"--set takes KEY=VALUE, got {text!r}.")
    try:
        return key.strip(), tomllib.loads(f"value = {value}")["value"]
    except (tomllib.TOMLDecodeError, RecursionError):
        return key.strip(), value


def _sum(counts: dict[str, Any]) -> str:
    return f"{counts['made']} made = {counts['kept']} kept + {counts['rejected']} rejected + {counts['failed']} failed"


def _covered(coverage: dict[str, Any]) -> str:
    """Which share of the documents' facts samples stand on."""
    told = ((name, coverage[name]["covered"], coverage[name]["total"]) for name in ("sentences", "rows", "sections"))
    names = {"sentences": "sentences with a fact", "rows": "table rows", "sections": "sections"}
    return ", ".join(f"{covered} of {total} {names[name]}" for name, covered, total in told)


def _run(target: Project, settings: Settings, quiet: bool, attest: bool) -> dict[str, Any]:
    from doc2data import pipeline
    from doc2data.cli.screenplay import Screenplay

    command = "doc2data " + shlex.join(sys.argv[1:])

    async def follow() -> dict[str, Any]:
        from contextlib import aclosing

        from doc2data.events import Finished

        with Screenplay(quiet) as screenplay:
            async with aclosing(pipeline.build(target, settings, command, attested=attest)) as events:
                async for event in events:
                    screenplay.show(event)
                    if isinstance(event, Finished):
                        return dict(event.manifest)
        raise AssertionError("a run that ends without an error is finished")

    return asyncio.run(follow())


def _finish(manifest: dict[str, Any], target: Project, as_json: bool, attested: bool) -> None:
    from doc2data.stages.attesting import FILE_NAME
    from doc2data.stages.closing import report

    counts = manifest["counts"]
    failed = counts["failed"] + counts["documents"]["failed"]
    if as_json:
        talk.put_json(manifest)
    talk.say("\n".join(report(manifest)))
    talk.say(f"Covered: {_covered(counts['coverage'])}")
    archive = target.export / "samples.jsonl"
    sha256 = manifest["files"].get(archive.relative_to(target.folder).as_posix(), "")
    talk.say(f"Dataset: {archive}\n         SHA-256 {sha256}\nReport:  {target.report}")
    if attested:
        talk.say(f"Attested: {target.folder / FILE_NAME}")
    if failed:
        unread, undone = counted(counts["documents"]["failed"], "document"), counted(counts["failed"], "job")
        talk.say(f"{unread} and {undone} failed; see {target.manifest}.")
    click.get_current_context().exit(EXIT_FAILED if failed else EXIT_OK)
