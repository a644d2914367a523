"""models, doctor, recipes, formats, config: what there is to work with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from doc2data.cli import talk

if TYPE_CHECKING:
    from models.catalogue import Entry


ENTRY = (
    "name",
    "size",
    "store",
    "quantisation",
    "context",
    "architecture",
    "licence",
    "template",
    "embeds",
    "ranks",
    "fits",
    "problem",
)
"""What `models list --json` tells of each."""


@click.group(invoke_without_command=True)
@click.pass_context
def models(ctx: click.Context) -> None:
    """List, add and remove the models of this machine."""
    if ctx.invoked_subcommand is None:
        ctx.invoke(list_models, as_json=False)


@models.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object per model.")
def list_models(as_json: bool) -> None:
    """GGUF models found here: ours, Ollama's, LM Studio's, the Hugging Face cache's."""
    from models.catalogue import catalogue

    entries = catalogue()
    for entry in entries:
        if as_json:
            talk.put_json({"path": str(entry.path)} | {name: getattr(entry, name) for name in ENTRY})
        else:
            talk.put(_described(entry))
    if not entries and not as_json:
        talk.say(
            "No models found. `doc2data models add FILE` takes a GGUF that is here, `doc2data models pull` gets one."
        )


def _described(entry: Entry) -> str:
    """Two lines of a list: what it is called and whether it can be used, then what it is."""
    size = f"{entry.size / 1e9:.1f} GB"
    if entry.problem:
        return f"{entry.name}  {size}  {entry.store}  (broken)\n    {entry.problem}"
    parts = f" in {len(entry.files)} files" if len(entry.files) > 1 else ""
    fit = "fits" if entry.fits else "too big for this machine's memory"
    return (
        f"{entry.name}  {size}{parts}  {entry.quantisation}  {entry.store}  ({fit})\n"
        f"    {entry.architecture}, context {entry.context:,}, {entry.purpose}, "
        f"licence {entry.licence or 'not stated'}"
    )


@models.command("add")
@click.argument("path", type=click.Path(path_type=Path))
def add_model(path: Path) -> None:
    """Copy the GGUF at PATH into doc2data's own folder, so that it can be named."""
    from doc2data import shelf

    name = shelf.add(path)
    talk.say(f"Added {name}. Use it with --model {name}")


@models.command("pull")
@click.argument("name", required=False)
@click.option("--json", "as_json", is_flag=True, help="One JSON object per step, for programs.")
def pull_model(name: str | None, as_json: bool) -> None:
    """Download NAME: a recommended model, or OWNER/REPOSITORY[:FILE] of the Hugging Face hub.

    Without NAME: list the recommended ones. This is the one command that uses the network. A download that was
    stopped goes on where it stopped; what came is compared with the hub's own hash.
    """
    from doc2data import sealing, shelf

    if name is None:
        _recommend(as_json)
        return
    sealing.lift()
    gauge = talk.Gauge(as_json)
    name = shelf.pull(name, gauge.show)
    gauge.end()
    if as_json:
        talk.put_json({"name": name})
    else:
        talk.say(f"Added {name}. Use it with --model {name}")


def _recommend(as_json: bool) -> None:
    from dataclasses import asdict

    from doc2data.machine import load
    from models.hub import recommended

    here = load().memory_total / 1e9
    for entry in recommended():
        if as_json:
            talk.put_json(asdict(entry) | {"fits": entry.memory <= here})
        else:
            fit = "fits here" if entry.memory <= here else f"for {entry.memory:g} GB of memory and more"
            talk.put(f"{entry.name:16} {entry.size:5.1f} GB  {entry.licence}  ({fit})\n{'':17}{entry.about}")
    if not as_json:
        talk.say("Download one with: doc2data models pull NAME")


@models.command("remove")
@click.argument("name")
def remove_model(name: str) -> None:
    """Delete a model from doc2data's own folder; models of other programs are left alone."""
    from doc2data import shelf

    shelf.remove(name)
    talk.say(f"Removed {name}.")


@models.command("bench")
@click.argument("spec")
@click.option("--json", "as_json", is_flag=True, help="For programs.")
@click.option("--tune", is_flag=True, help="Find the fastest way to run it here first; runs take it from then on.")
def bench_model(spec: str, as_json: bool, tune: bool) -> None:
    """Measure how many tokens a second the model SPEC reads and writes here, and what that makes in samples."""
    import asyncio

    from doc2data import sealing, shelf
    from doc2data.estimate import samples_per_hour
    from doc2data.recipes import RECIPES
    from models import EngineOptions

    sealing.allow_model(spec)
    if tune:
        if spec.startswith(("http://", "https://")):
            raise click.UsageError("A server is set up where it runs: --tune is for a GGUF.")
        best = asyncio.run(shelf.tune(spec, lambda way, seconds: talk.say(f"{way}: {seconds:.1f} s")))
        talk.say(f"Runs take {best} from now on; model.keys, model.flash and model.threads choose another.")
    way = shelf.tuned(spec)
    rates = asyncio.run(shelf.bench(spec, EngineOptions(keys=way.keys, flash=way.flash, threads=way.threads)))
    samples = {name: round(samples_per_hour(rates, name)) for name in RECIPES}
    if as_json:
        talk.put_json({"model": spec, "prompt": rates.prompt, "reply": rates.reply, "samples_per_hour": samples})
        return
    talk.put(f"reads {rates.prompt:.0f} tokens a second")
    for crowd, rate in rates.reply.items():
        talk.put(f"writes {rate:.0f} tokens a second, {crowd} request{'s' * (crowd > 1)} side by side")
    talk.put("samples an hour, before the checks: " + ", ".join(f"{name} {n}" for name, n in samples.items()))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="For programs.")
def doctor(as_json: bool) -> None:
    """What works here, what does not, and what to do about it."""
    from doc2data.cli.keeping import show
    from doc2data.errors import EXIT_FAILED, EXIT_OK
    from doc2data.machine import findings

    found = findings()
    show(found, as_json)
    bad = any(not finding.works and finding.needed for finding in found)
    click.get_current_context().exit(EXIT_FAILED if bad else EXIT_OK)


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per recipe.")
def recipes(as_json: bool) -> None:
    """List the recipes and the least that each runs on."""
    from doc2data.recipes import RECIPES

    for name, info in RECIPES.items():
        if as_json:
            talk.put_json({"name": name, "title": info.title, "needs": info.needs})
        else:
            talk.put(f"{name:14} {info.title} (needs: {info.needs})")


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object per format.")
def formats(as_json: bool) -> None:
    """List the export formats."""
    from doc2data.export.formats import FORMATS

    for name, form in FORMATS.items():
        if as_json:
            talk.put_json({"name": name, "title": form.title})
        else:
            talk.put(f"{name:22} {form.title}")


@click.command()
def config() -> None:
    """Show every setting with its value and meaning: of the project here, or the defaults."""
    from doc2data import project
    from doc2data.errors import ProjectError
    from doc2data.settings import Settings, render

    try:
        settings = project.find(Path.cwd()).settings()
    except ProjectError:
        settings = Settings()
    talk.put(render(settings))
