"""How the command line speaks."""

from collections.abc import Iterable, Sequence

import typer
from rich.console import Console
from rich.table import Table
from rich.text import Text

errors = Console(stderr=True, soft_wrap=True, highlight=False, markup=False)


def fail(text: object) -> typer.Exit:
    """Say what is wrong; the exit to raise."""
    errors.print(f"initbench: {text}")
    return typer.Exit(1)


def show(head: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows in columns as wide as the terminal allows."""
    grid = Table(*head, box=None, pad_edge=False)
    for row in rows:
        grid.add_row(*map(Text, row))
    Console().print(grid)
