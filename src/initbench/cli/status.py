"""The command line's answer to how a study stands."""

from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.doors import STUDIES, door
from initbench.cli.printing import AsJson, fail, show_json


@door(
    STUDIES,
    "initbench status  # of the study in config.yaml",
    "initbench status results/mine",
    "initbench status mine.yaml --json",
    done="done: the study runs, waits or is finished",
    found="a job failed",
)
def status(
    place: Annotated[Path, typer.Argument(help="the study's file, or the folder of its results")] = Path("config.yaml"),
    as_json: AsJson = False,
) -> None:
    """Say how the last run of a study stands: how far it is, what failed, with the log to read, and how long it takes still.

    Only files in the results are looked at: it works while the study runs, here or on a cluster, and after it has ended.
    """
    from initbench.base.files import DamagedError
    from initbench.report.ending import ending
    from initbench.study.error import ConfigError
    from initbench.study.last_run import results_of, standing

    results = place
    try:
        results = place if place.is_dir() else results_of(place)
        found = standing(results)
    except (ConfigError, DamagedError) as error:
        raise fail(error) from None
    except FileNotFoundError:
        raise fail(f"{results}: no run of this study has begun: initbench run STUDY begins one") from None
    if as_json:
        show_json(found.as_values())
    else:
        typer.echo("\n".join([*found.in_words(), *([ending(results)] if found.finished else [])]))
    if found.failed:
        raise typer.Exit(1)
