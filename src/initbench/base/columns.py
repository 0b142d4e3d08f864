"""Columns of tables, declared beside the code that fills them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table: its name, the Python type of its values (float, int, str or bool), what it means, its unit.

    Every column may hold nulls, where a value is undefined.
    """

    name: str
    type: type
    meaning: str
    unit: str = ""


@dataclass(frozen=True)
class Table:
    """A declared table: what one row of it is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]
