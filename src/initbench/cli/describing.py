"""The command line's description of a study, before anything of it runs."""

import os
from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.doors import STUDIES, door
from initbench.cli.printing import AsJson, fail, show_json


@door(
    STUDIES,
    "initbench describe  # config.yaml, on all cores of this machine",
    "initbench describe mine.yaml --cores 8",
    "initbench describe mine.yaml --json",
)
def describe(
    study: Annotated[Path, typer.Argument(help="the study's file")] = Path("config.yaml"),
    cores: Annotated[
        int | None, typer.Option(min=1, help="cores that it would run on; else all of this machine")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Say what a study is before it runs: what it trains, how long that takes, what it can tell apart. Nothing is run or written."""
    from initbench.study import describe as described
    from initbench.study.grid import ConfigError, load_study

    try:
        found = described.describe(load_study(study), cores or os.cpu_count() or 1)
    except ConfigError as error:
        raise fail(error) from None
    if as_json:
        show_json(found.as_values())
        return
    typer.echo(found.title)
    for name, value in described.in_full(found):
        typer.echo(f"  {name:<14} {value}")
