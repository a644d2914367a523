"""The command line. Each command is imported when it is called, so that `--help` costs nothing.

stdout is data, stderr is talk (`doc2data.cli.talk`). Every error a user can meet ends here as one line with what to do.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from doc2data import __version__
from doc2data.errors import EXIT_INTERRUPTED, EXIT_OK, EXIT_USAGE

COMMANDS = {
    "build": ("doc2data.cli.building", "Turn documents into a dataset in one go."),
    "init": ("doc2data.cli.building", "Make a project in a folder."),
    "add": ("doc2data.cli.building", "Add documents to the project here."),
    "remove": ("doc2data.cli.building", "Take documents away from the project here."),
    "run": ("doc2data.cli.building", "Bring the project's dataset up to date."),
    "status": ("doc2data.cli.building", "What the project holds."),
    "backup": ("doc2data.cli.keeping", "Put the project into one file."),
    "restore": ("doc2data.cli.keeping", "Make a project's folder from a backup."),
    "review": ("doc2data.cli.datasets", "List samples; accept or reject them."),
    "export": ("doc2data.cli.exports", "Write the dataset in other formats."),
    "privacy": ("doc2data.cli.privacy", "What personal data the project holds, and what stands for it."),
    "report": ("doc2data.cli.exports", "Write one self-contained page about the dataset."),
    "adopt": ("doc2data.cli.checking", "Take a dataset made elsewhere into the project."),
    "check": ("doc2data.cli.checking", "Audit any dataset against documents."),
    "parse": ("doc2data.cli.documents", "Show what the parser sees in a file."),
    "search": ("doc2data.cli.documents", "Show what retrieval brings back."),
    "models": ("doc2data.cli.machine", "List, add and remove the models of this machine."),
    "doctor": ("doc2data.cli.machine", "What works here, what does not, and what to do about it."),
    "recipes": ("doc2data.cli.machine", "List the recipes and what each needs."),
    "formats": ("doc2data.cli.machine", "List the export formats."),
    "config": ("doc2data.cli.machine", "Show every setting with its value and meaning."),
}


class Commands(click.Group):
    """Commands by name, without importing any of them."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a user's work."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command, imported now."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(COMMANDS[cmd_name][0]), cmd_name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help text, from the table above alone."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in COMMANDS.items()])


@click.group(cls=Commands, invoke_without_command=True, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="doc2data")
@click.option("--resume", is_flag=True, help="Open the app and let the run of the project here go on at once.")
@click.pass_context
def cli(ctx: click.Context, resume: bool) -> None:
    """Turn documents into a fine-tuning dataset, on this machine, offline.

    Without a command: open the terminal app on the project here, or offer to make one.
    """
    if ctx.invoked_subcommand is None:
        from doc2data.cli.app import open_app

        ctx.exit(open_app(resume))


def main() -> None:
    """Run the command line and exit with its code: 0 well, 1 something failed, 2 bad usage, 130 interrupted."""
    sys.exit(run(sys.argv[1:]))


def run(arguments: list[str]) -> int:
    """Run one command and return its exit code."""
    from doc2data import sealing
    from doc2data.cli import talk

    sealing.seal()
    try:
        # Gives the code that a command passed to `ctx.exit`, else what the command returned: nothing.
        code = int(cli.main(arguments, prog_name="doc2data", standalone_mode=False) or EXIT_OK)
    except (click.Abort, KeyboardInterrupt):
        talk.say("Stopped. What was finished is kept; the same command goes on from there.")
        code = EXIT_INTERRUPTED
    except click.ClickException as error:
        error.show()
        code = EXIT_USAGE
    except BrokenPipeError:
        talk.drop_stdout()
        code = EXIT_OK
    except Exception as error:
        known = talk.explain(error)
        if known is None:
            raise
        code = known
    return code
