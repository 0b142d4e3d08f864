"""The command line's way to run a study: by Snakemake, once the study was checked and no stale lock is in the way."""

import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.doors import STUDIES, door
from initbench.cli.printing import errors, fail


@door(
    STUDIES,
    "initbench run  # config.yaml, on all cores",
    "initbench run mine.yaml --cores 8",
    "initbench run mine.yaml -- --profile profiles/slurm  # what follows -- is Snakemake's as well",
    found="a job failed",
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def run(
    context: typer.Context,
    study: Annotated[Path, typer.Argument(help="the study's file; what follows it is for Snakemake")] = Path(
        "config.yaml"
    ),
) -> None:
    """Check a study and run it by Snakemake, with the flags that follow it: initbench run config.yaml --cores 8.

    The lock of a run that was killed is removed first, that of one that goes on never.
    """
    from initbench.base.at_work import remove_stale
    from initbench.study.grid import ConfigError, load_study

    study, given = study_first(study, context.args)
    try:
        load_study(study)
    except ConfigError as error:
        raise fail(error) from None
    if remove_stale():
        errors.print("initbench: removed the lock of a run that was killed")
    arguments = snakemake_arguments(study, given)
    keep_cache_here()
    os.execv(sys.executable, [sys.executable, "-m", "snakemake", *arguments])


def study_first(study: Path, given: Sequence[str]) -> tuple[Path, list[str]]:
    """The study and Snakemake's flags, also where no study was named and what comes first is a flag."""
    if not str(study).startswith("-"):
        return study, list(given)
    late = [text for text in given if text.endswith((".yaml", ".yml")) and Path(text).exists()]
    if late:
        raise fail(f"{study} comes before {late[0]}: name the study first, then Snakemake's flags")
    return Path("config.yaml"), [str(study), *given]


def snakemake_arguments(study: Path, given: Sequence[str]) -> list[str]:
    """What Snakemake is told: the study, the workflow of this checkout where the folder has none, all cores if nothing else is said."""
    found = list(given)
    if not any(flag.startswith(("-s", "--snakefile")) for flag in found) and not Path("Snakefile").exists():
        snakefile = Path(__file__).parents[3] / "Snakefile"
        if not snakefile.exists():
            raise fail("there is no Snakefile here: go to a checkout of initbench, or say --snakefile")
        found += ["--snakefile", str(snakefile)]
    if not any(flag.startswith(("-c", "--cores", "-j", "--jobs", "--profile")) for flag in found):
        found += ["--cores", "all"]
    told = f"study={study}"  # which initbench reads, and Snakemake does not
    place = next((k for k, flag in enumerate(found, start=1) if flag in ("--config", "-C")), None)
    return [*found, "--config", told] if place is None else [*found[:place], told, *found[place:]]


def keep_cache_here() -> None:
    """Let Snakemake keep its cache of sources in this folder where it has no home that can be written."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"))
    there = next(folder for folder in (home, *home.parents) if folder.exists())
    if not os.access(there, os.W_OK):
        os.environ["XDG_CACHE_HOME"] = str(Path(".snakemake/cache").absolute())
