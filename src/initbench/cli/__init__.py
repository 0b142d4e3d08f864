"""The command line: doors to what the rooms compute. A command is a function in a module of this package; `doors` registers it."""

from typing import Annotated

import typer

from initbench.cli import (  # noqa: F401 - each registers its commands
    answers,
    describing,
    own,
    recommending,
    results,
    running,
    status,
    upkeep,
)
from initbench.cli.doors import app


def main() -> None:
    """Run the command line."""
    app(prog_name="initbench")


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"initbench {version('initbench')}")
        raise typer.Exit


@app.callback(
    invoke_without_command=True,
    epilog="A study, from its plan to its findings: initbench describe config.yaml, then initbench run config.yaml. "
    "What a command does, with examples: initbench COMMAND --help.",
)
def _initbench(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", help="say the version", callback=_version, is_eager=True)
    ] = False,
) -> None:
    """Measure how a neural network's parameters should start."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
