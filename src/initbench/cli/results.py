"""What the command line does with folders of results: clean, columns, compare, merge, verify."""

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from initbench.cli.doors import RESULTS, door
from initbench.cli.printing import AsJson, check_finished, fail, found, show, show_json

if TYPE_CHECKING:
    from initbench.tables.described import Said

COLUMN = ("column", "type", "unit", "meaning")
Results = Annotated[Path, typer.Argument(help="a folder of results, such as results")]


@door(
    RESULTS,
    "initbench clean --unused  # list what config.yaml asks for no longer",
    "initbench clean mine.yaml --unused --remove",
)
def clean(
    study: Annotated[Path, typer.Argument(help="the study's file")] = Path("config.yaml"),
    unused: Annotated[
        bool, typer.Option("--unused", help="files of cells, seeds and jobs that it asks for no longer")
    ] = False,
    remove: Annotated[bool, typer.Option("--remove", help="remove them; without it they are listed")] = False,
    as_json: AsJson = False,
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
    size = sum(path.stat().st_size for path in files)
    if remove:
        remove_files(files, loaded.results)
    if as_json:
        return show_json({"files": files, "bytes": size, "removed": remove})
    for path in files:
        typer.echo(path)
    done = "removed" if remove else "unused; --remove removes them"
    typer.echo(f"{len(files)} files, {size / 1e6:.1f} MB: {done}" if files else "nothing is unused")


@door(
    RESULTS,
    "initbench verify results",
    "initbench verify results --rerun 10  # train ten shards again and compare the bytes",
    done="all is as it was made",
    found="something differs",
)
def verify(
    results: Results,
    rerun: Annotated[
        int, typer.Option(min=0, help="train so many shards again, drawn at random, and compare the bytes")
    ] = 0,
    seed: Annotated[int | None, typer.Option(help="of the draw")] = None,
    as_json: AsJson = False,
) -> None:
    """Compare every file of results with the record of how it was made, and shards with the study."""
    from initbench.base.machine import kernel
    from initbench.tables.verify import verify as verified

    check_finished("verify", results, "provenance.json")

    try:
        looked_at = verified(results, rerun, seed)
    except (ValueError, OSError) as error:
        raise fail(error) from None
    if as_json:
        show_json({"files": looked_at.files, "trained_again": looked_at.again, "wrong": looked_at.wrong})
    if looked_at.wrong:
        raise found("\n".join(looked_at.wrong))
    if as_json:
        return
    again = f"; {looked_at.again} shards trained again: the same bytes" if rerun else ""
    if looked_at.again < rerun:
        again += f" (no more were trained with the kernel of this machine: {kernel()})"
    typer.echo(f"{looked_at.files} files are as they were made, every shard is signed by this study{again}")


@door(RESULTS, "initbench merge half_a half_b whole  # then: snakemake --config results_dir=whole")
def merge(
    parts: Annotated[list[Path], typer.Argument(help="folders of results, and last the one to write")],
    as_json: AsJson = False,
) -> None:
    """Join the shards of several folders of results in a new one. The whole study, run there, trains nothing of what they have."""
    from initbench.tables.merge import merge as joined

    if len(parts) < 3:
        raise fail("merge: give two folders of results or more, and then the folder to write")
    try:
        count = joined(parts[:-1], parts[-1])
    except (ValueError, OSError) as error:
        raise fail(error) from None
    if as_json:
        return show_json({"shards": count, "folder": parts[-1]})
    typer.echo(
        f"{count} shards are in {parts[-1]}; run the whole study there: snakemake --config results_dir={parts[-1]}"
    )


@door(
    RESULTS,
    "initbench compare results other/results",
    done="the same conclusions",
    found="a conclusion differs",
)
def compare(first: Results, second: Results, as_json: AsJson = False) -> None:
    """Say what differs between two folders of results: conclusions first, then numbers."""
    from initbench.tables.compare import compare as compared

    for folder in (first, second):
        check_finished("compare", folder, "tables/claims.parquet")

    try:
        differences = compared(first, second)
    except (ValueError, OSError) as error:
        raise fail(error) from None
    if as_json:
        show_json({"conclusions": differences.conclusions, "numbers": differences.numbers})
    else:
        for title, lines in (("Conclusions", differences.conclusions), ("Numbers", differences.numbers)):
            typer.echo(f"{title}: {'the same' if not lines else f'{len(lines)} lines'}")
            for line in lines:
                typer.echo(f"  {line}")
    if differences.conclusions:
        raise typer.Exit(1)


def _tables() -> list[str]:
    from initbench.report.tables_page import shipped_tables

    return [*shipped_tables()]


@door(
    RESULTS,
    "initbench columns  # the tables that there are",
    "initbench columns runs",
    "initbench columns results/tables/runs.parquet  # and what study the file is of, and what wrote it",
)
def columns(
    table: Annotated[
        str,
        typer.Argument(
            help="such as runs, or the file of a table; without it, the tables there are", autocompletion=_tables
        ),
    ] = "",
    as_json: AsJson = False,
) -> None:
    """Say what a row of a table is, and what its columns mean."""
    from initbench.report.tables_page import shipped_tables
    from initbench.tables.described import in_words

    if not table:
        every = [(each.name, each.row) for each in shipped_tables().values()]
        if as_json:
            return show_json({"tables": [{"table": name, "row": row} for name, row in every]})
        return show(("table", "a row is"), every)
    said = _said(table)
    if as_json:
        columns = [dict(zip(COLUMN, column, strict=True)) for column in said.columns]
        of_file = {"study": said.study and json.loads(said.study), "writer": said.writer} if said.writer else {}
        return show_json({"table": said.table, "row": said.row, "columns": columns} | of_file)
    typer.echo(in_words(said))
    show(COLUMN, said.columns)


def _said(table: str) -> "Said":
    from initbench.base.suggest import did_you_mean
    from initbench.report.tables_page import shipped_tables
    from initbench.tables.described import said_by, said_of

    if table.endswith(".parquet"):
        try:
            return said_of(table)
        except (ValueError, OSError) as error:
            raise fail(error) from None
    tables = shipped_tables()
    if table not in tables:
        raise fail(f"unknown table {table!r}{did_you_mean(table, tables)}; there are: {', '.join(tables)}")
    return said_by(tables[table])
