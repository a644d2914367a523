"""The options that say which of the accepted samples make the dataset, and what is mixed in."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

FLAGS = {
    "max_": "export.max",
    "balance": "export.balance",
    "quota": "export.quotas",
    "mix": "export.mix",
    "mix_share": "export.mix_share",
    "pii": "privacy.action",
}
Command = TypeVar("Command", bound=Callable[..., Any])


def _names(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple[str, ...] | None:
    return None if value is None else tuple(name.strip() for name in value.split(",") if name.strip())


def _many(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...] | None:
    return value or None


def _file(ctx: click.Context, param: click.Parameter, value: Path | None) -> str | None:
    """A whole path: the project's settings keep it, and a later run may start in another folder."""
    return None if value is None else str(value.resolve())


OPTIONS = (
    click.option(
        "--pii",
        type=click.Choice(["off", "flag", "mask", "drop"]),
        help="Personal data in what is written: count it, put placeholders in its place, or leave the samples out.",
    ),
    click.option(
        "--max",
        "max_",
        type=click.IntRange(0),
        metavar="N",
        help="Most samples to write, those that differ most; of preference pairs as many again.",
    ),
    click.option(
        "--balance",
        callback=_names,
        metavar="KEY[,KEY]",
        help="Write evenly over kind, difficulty, document, section, language or recipe.",
    ),
    click.option(
        "--quota",
        multiple=True,
        callback=_many,
        metavar="KEY=VALUE:N",
        help="Most of one group, as kind=dialogue:100 or document=a.pdf:25%; may be given again.",
    ),
    click.option(
        "--mix",
        callback=_file,
        metavar="FILE",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Mix in your own examples from this dataset.",
    ),
    click.option(
        "--mix-share",
        type=click.FloatRange(0, 1, min_open=True, max_open=True),
        metavar="SHARE",
        help="Share of them in the dataset, 0.4 if not given; 0.3 to 0.5 is advised.",
    ),
)


def curating_options(command: Command) -> Command:
    """Adds the options to a command."""
    # A function's options are read from the last decorator to the first, a command's in the order they are added.
    for option in OPTIONS if isinstance(command, click.Command) else reversed(OPTIONS):
        command = option(command)
    return command


def chosen(flags: dict[str, Any]) -> dict[str, Any]:
    """Settings that were typed, by dotted key."""
    return {FLAGS[name]: value for name, value in flags.items() if name in FLAGS and value is not None}
