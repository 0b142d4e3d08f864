"""How the command line speaks: to people in words and tables, to programs in JSON, of faults on the error stream."""

import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)
AsJson = Annotated[bool, typer.Option("--json", help="answer in JSON, for programs")]


def fail(text: object) -> typer.Exit:
    """Say what is wrong with what was given, a line a fault; the exit to raise."""
    if isinstance(text, OSError) and text.filename:
        text = f"{text.filename}: {(text.strerror or type(text).__name__).lower()}"
    complain(text)
    return typer.Exit(2)


def found(text: object) -> typer.Exit:
    """Say what was found, a line a fault; the exit to raise."""
    complain(text)
    return typer.Exit(1)


def check_finished(command: str, folder: Path, needed: str) -> None:
    """Exit with what to do where a folder lacks what the last jobs of a study write."""
    if not folder.is_dir():
        raise fail(f"{command}: there is no folder {folder}: give the results_dir of a study that was run")
    if not (folder / needed).exists():
        raise fail(
            f"{command}: {folder} holds no finished study, as {needed} is not in it: run the study first, or give its results_dir"
        )


def complain(text: object) -> None:
    """Write faults to the error stream, a line each."""
    for line in str(text).splitlines():
        errors.print(f"initbench: {line}")


def show(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as the terminal allows."""
    grid = Table(box=None, pad_edge=False)
    for title in head:
        grid.add_column(title, overflow="fold")
    for row in rows:
        grid.add_row(*map(Text, row))
    Console().print(grid)


def show_json(answer: Mapping[str, Any]) -> None:
    """Print an answer as JSON: paths as text; what is no number as null."""
    typer.echo(json.dumps(_plain(answer), ensure_ascii=False, indent=1, allow_nan=False))


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Path):
        return str(value)
    return None if isinstance(value, float) and not abs(value) < float("inf") else value
