"""Columns of tables, declared beside the code that fills them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Column:
    """A column of a table. Every column may hold nulls, where a value is undefined.

    Args:
        name: Of the column: lower-case letters, digits and underscores.
        type: Of its values: float, int, str or bool; columns, where a value is a list of records with these.
        meaning: What it means, in words.
        unit: Of its values, where they have one.
    """

    name: str
    type: type | tuple["Column", ...]
    meaning: str
    unit: str = ""

    @property
    def type_name(self) -> str:
        """Its type in words: "float", or "records of name, value"."""
        if isinstance(self.type, tuple):
            return "records of " + ", ".join(part.name for part in self.type)
        return self.type.__name__


@dataclass(frozen=True)
class Table:
    """A declared table: what one row of it is, and its columns in order."""

    name: str
    row: str
    columns: tuple[Column, ...]
