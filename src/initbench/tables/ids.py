"""One word for a cell, a start and a run: digests of their keys, which join tables without ten columns and without nulls.

An id depends on the keys alone: it is the same in every table, whatever grid stands around it, and in every study.
"""

import hashlib
import json
import math
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import lru_cache
from numbers import Integral, Real
from typing import Any

from initbench.base.columns import Column, Table
from initbench.study.cells import CELL, RUN, START

DIGITS = 16  # hexadecimal: of a million runs two share an id with probability 3e-8
KEYS = {"cell_id": CELL, "start_id": START, "run_id": RUN}  # what each id is a digest of
ID_COLUMNS = (
    Column("cell_id", str, "the cell: one word for its keys, the same in every table and study"),
    Column("start_id", str, "the start: the cell with a role and a seed, whatever the learning rate"),
    Column("run_id", str, "the run: the start with a learning rate; where there is none, the start_id"),
)


def ids_in(columns: Iterable[str]) -> tuple[Column, ...]:
    """The ids that rows with these columns have: those all of whose keys are there."""
    there = set(columns)
    return tuple(column for column in ID_COLUMNS if there.issuperset(KEYS[column.name]))


def with_ids(table: Table) -> Table:
    """A declared table with the ids that its rows have, first."""
    names = [column.name for column in table.columns]
    return replace(table, columns=(*(each for each in ids_in(names) if each.name not in names), *table.columns))


def ids(name: str, column: Callable[[str], Iterable]) -> list[str]:
    """The ids of rows. name: one of KEYS; column: gives the values of a column of the rows, by its name.

    A learning rate that is None or NaN is none.
    """
    keys = KEYS[name]
    return [_digest(name == "run_id", row) for row in zip(*map(column, keys), strict=True)]


@lru_cache(maxsize=65536)
def _digest(of_run: bool, key: tuple) -> str:
    """One id; that of a run without a learning rate is its start's."""
    values = [_plain(value) for value in key]
    if of_run and values[RUN.index("learning_rate")] is None:
        values.pop(RUN.index("learning_rate"))
    text = json.dumps(values, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:DIGITS]


def _plain(value: Any) -> str | int | float | None:
    """A value of a key as JSON has it, whichever library gave it."""
    if isinstance(value, str | None):
        return value
    if isinstance(value, Integral):
        return int(value)
    if isinstance(value, Real):
        return None if math.isnan(value) else float(value)
    raise TypeError(f"{value!r} is no value of a key")
