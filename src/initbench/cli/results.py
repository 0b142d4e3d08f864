"""What the command line does with folders of results: clean, compare, merge, verify."""

from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.printing import fail

Results = Annotated[Path, typer.Argument(help="a folder of results, such as results")]


def clean(
    study: Annotated[Path, typer.Argument(help="the study's file")] = Path("config.yaml"),
    unused: Annotated[
        bool, typer.Option("--unused", help="files of cells, seeds and jobs that it asks for no longer")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="remove them; without it they are listed")] = False,
) -> None:
    """List the files in a study's results that it does not use, or remove them."""
    from initbench.study.grid import load_study
    from initbench.study.unused import remove as remove_files
    from initbench.study.unused import unused_files

    if not unused:
        raise fail("clean: say --unused, which lists files that the study does not use; --remove removes them")
    try:
        loaded = load_study(study)
    except (ValueError, OSError) as error:
        raise fail(error) from None
    files = unused_files(loaded)
    for path in files:
        typer.echo(path)
    size = sum(path.stat().st_size for path in files)
    if remove:
        remove_files(files, loaded.results)
    done = "removed" if remove else "unused; --remove removes them"
    typer.echo(f"{len(files)} files, {size / 1e6:.1f} MB: {done}" if files else "nothing is unused")


def verify(
    results: Results,
    rerun: Annotated[
        int, typer.Option(min=0, help="train so many shards again, drawn at random, and compare the bytes")
    ] = 0,
    seed: Annotated[int | None, typer.Option(help="of the draw")] = None,
) -> None:
    """Compare every file of results with the record of how it was made, and shards with the study; fail with what differs."""
    from initbench.base.machine import kernel
    from initbench.tables.verify import verify as verified

    try:
        found = verified(results, rerun, seed)
    except (ValueError, OSError) as error:
        raise fail(error) from None
    if found.wrong:
        raise fail("\ninitbench: ".join(found.wrong))
    again = f"; {found.again} shards trained again: the same bytes" if rerun else ""
    if found.again < rerun:
        again += f" (no more were trained with the kernel of this machine: {kernel()})"
    typer.echo(f"{found.files} files are as they were made, every shard is signed by this study{again}")


def merge(
    parts: Annotated[list[Path], typer.Argument(help="folders of results, and last the one to write")],
) -> None:
    """Join the shards of several folders of results in a new one. The whole study, run there, trains nothing of what they have."""
    from initbench.tables.merge import merge as joined

    if len(parts) < 3:
        raise fail("merge: give two folders of results or more, and then the folder to write")
    try:
        count = joined(parts[:-1], parts[-1])
    except (ValueError, OSError) as error:
        raise fail(error) from None
    typer.echo(
        f"{count} shards are in {parts[-1]}; run the whole study there: snakemake --config results_dir={parts[-1]}"
    )


def compare(first: Results, second: Results) -> None:
    """Say what differs between two folders of results, conclusions first; fail if a conclusion does."""
    from initbench.tables.compare import compare as compared

    try:
        found = compared(first, second)
    except (ValueError, OSError) as error:
        raise fail(error) from None
    for title, lines in (("Conclusions", found.conclusions), ("Numbers", found.numbers)):
        typer.echo(f"{title}: {'the same' if not lines else f'{len(lines)} lines'}")
        for line in lines:
            typer.echo(f"  {line}")
    if found.conclusions:
        raise typer.Exit(1)
