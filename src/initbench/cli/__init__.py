"""The command line: initbench check, clean, columns, compare, compile, generate, merge, power, run, verify."""

import difflib
from pathlib import Path
from typing import Annotated

import typer

from initbench.cli.printing import fail, show
from initbench.cli.results import clean, compare, merge, verify
from initbench.cli.running import run

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode=None)
for _command in (clean, compare, merge, verify):
    app.command()(_command)
app.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(run)


def main() -> None:
    """Run the command line."""
    app()


@app.callback()
def _initbench() -> None:
    """Measure how a neural network's parameters should start."""


@app.command()
def generate(
    folder: Annotated[Path, typer.Argument(help="a checkout of initbench")] = Path(),
    check: Annotated[bool, typer.Option("--check", help="write nothing; fail with the differences")] = False,
) -> None:
    """Write the files that follow from the code: config.yaml, its schema and pages of the documentation."""
    differences = []
    for name, text in generated().items():
        path = folder / name
        if not path.parent.is_dir():
            raise fail(f"there is no folder {str(path.parent)!r}: give a checkout of initbench")
        old = path.read_text(encoding="utf-8") if path.exists() else ""
        if check:
            differences += difflib.unified_diff(old.splitlines(), text.splitlines(), name, "generated", lineterm="")
        elif old != text:
            path.write_text(text, encoding="utf-8")
            typer.echo(f"wrote {path}")
    if differences:
        raise fail("run initbench generate:\n" + "\n".join(differences))


def generated() -> dict[str, str]:
    """The text of each generated file, by its path in the repository."""
    from initbench.report.tables_page import tables_page
    from initbench.study import pages

    return {
        "config.yaml": pages.default_study(),
        "workflow/schemas/config.schema.json": pages.schema(),
        "docs/reference/configuration.md": pages.page(),
        "docs/reference/tables.md": tables_page(),
    }


@app.command()
def check(file: Annotated[Path, typer.Argument(help="a Python file of your own")]) -> None:
    """Load an extension, try out everything that it registers, and say what is wrong in one line."""
    from initbench.base.extensions import ExtensionError, load_extension
    from initbench.base.registry import REGISTRIES, home_of

    try:
        module = load_extension(file, check=True)
    except ExtensionError as error:
        raise fail(error) from None
    found = [
        f"{registry.kind} {name}"
        for registry in REGISTRIES
        for name, entry in registry.registered().items()
        if home_of(entry) == module.__name__
    ]
    if not found:
        raise fail(f"{file} registers nothing")
    for name in found:
        typer.echo(f"{name}: loads and passes its checks")


@app.command()
def columns(table: Annotated[str, typer.Argument(help="such as runs; without it, the tables there are")] = "") -> None:
    """What a row of a table is, and what its columns mean."""
    from initbench.base.suggest import did_you_mean
    from initbench.report.tables_page import shipped_tables

    tables = shipped_tables()
    if not table:
        show(("table", "a row is"), [(found.name, found.row) for found in tables.values()])
        return
    if table not in tables:
        raise fail(f"unknown table {table!r}{did_you_mean(table, tables)}; there are: {', '.join(tables)}")
    typer.echo(f"A row of {table} is {tables[table].row}.")
    show(("column", "type", "meaning"), [(c.name, c.type_name, c.meaning) for c in tables[table].columns])


@app.command()
def power(
    probability: Annotated[float, typer.Argument(help="P(A > B): how often A scores better than B on one seed")],
    comparisons: Annotated[int, typer.Option(min=1, help="schemes compared with the reference")] = 1,
    alpha: Annotated[float, typer.Option(help="level of the test")] = 0.05,
    power: Annotated[float, typer.Option(help="chance to show the difference")] = 0.8,
) -> None:
    """How many seeds do I need? So many show that A is better than B."""
    from initbench.statistics.power import answer

    if not (0 < alpha < 1 and 0 < power < 1):
        raise fail("--alpha and --power lie between 0 and 1")
    try:
        typer.echo(answer(probability, comparisons, alpha, power))
    except ValueError as error:
        raise fail(error) from None


@app.command(name="compile")
def compile_() -> None:
    """Compile the engine's loops for this processor and keep the machine code: training jobs then need no compiler."""
    from initbench.engine.compile_loops import compile_loops

    compile_loops()
