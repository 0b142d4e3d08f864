"""The tables that shards become, their columns gathered from who fills them; and declared tables in Arrow and in Markdown."""

from collections.abc import Iterable
from dataclasses import replace

import pandas as pd
import pyarrow as pa

from initbench.base.columns import Column, Table
from initbench.probes import columns as probe_columns
from initbench.study.cells import KEY_COLUMNS
from initbench.tables import status

STEP = Column("step", int, "updates done")
LAYER = Column("layer", int, "1 … depth + 1, the last being the output layer")
# All runs of a start share what is measured at step 0: it stands in one row, which has no learning rate.
RECORD_KEYS = tuple(
    replace(column, meaning="step size; null at step 0, where a row is a start")
    if column.name == "learning_rate"
    else column
    for column in KEY_COLUMNS
)
ARROW = {float: pa.float64(), int: pa.int32(), str: pa.string(), bool: pa.bool_()}


def measured_tables() -> dict[str, Table]:
    """The tables runs, history, signal and layers."""
    signal = (part for column in probe_columns("signal") for part in status.REGIME.get(column.name, (column,)))
    tables = (
        Table("runs", "a run", (*KEY_COLUMNS, *status.STATUS)),
        Table("history", "a run at a recorded step", (*KEY_COLUMNS, STEP, *status.LOSSES)),
        Table("signal", "a run at a recorded step; at step 0 a start", (*RECORD_KEYS, STEP, *signal)),
        Table("layers", "a layer of one of those", (*RECORD_KEYS, STEP, LAYER, *probe_columns("layers"))),
    )
    return {table.name: table for table in tables}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of declared columns, each one's meaning in its metadata."""
    return pa.schema([_field(column) for column in columns])


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a column's values."""
    return pa.list_(pa.struct(map(_field, column.type))) if isinstance(column.type, tuple) else ARROW[column.type]


def _field(column: Column) -> pa.Field:
    return pa.field(column.name, arrow_type(column), metadata={"meaning": column.meaning})


def arrow_table(frame: pd.DataFrame, columns: tuple[Column, ...]) -> pa.Table:
    """A frame's declared columns in their order and types; None and NaN become null. KeyError if one is missing."""
    names = [column.name for column in columns]
    table = pa.Table.from_pandas(frame[names], schema=arrow_schema(columns), preserve_index=False, safe=True)
    return table.replace_schema_metadata()  # without pandas' own, which names its version


def page(tables: Iterable[Table]) -> str:
    """The text of docs/reference/tables.md: each table, what a row of it is, its columns."""
    lines = [
        "# Tables",
        "",
        "The columns of `results/tables/*.parquet`; the same texts are in each file's metadata.",
        "",
    ]
    for table in tables:
        lines += [f"## {table.name}", "", f"A row is {table.row}.", "", "| column | type | meaning |", "|---|---|---|"]
        for column in table.columns:
            lines += _lines(column, column.name)
        lines.append("")
    return "\n".join(lines)


def _lines(column: Column, name: str) -> list[str]:
    """The row of a column, then those of its records' parts."""
    parts = column.type if isinstance(column.type, tuple) else ()
    kind = "list" if isinstance(column.type, tuple) else ARROW[column.type]
    meaning = column.meaning.replace("|", r"\|")
    return [
        f"| `{name}` | {kind} | {meaning} |",
        *(line for part in parts for line in _lines(part, f"{name}.{part.name}")),
    ]
