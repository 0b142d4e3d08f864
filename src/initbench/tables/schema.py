"""The tables that shards become, their columns gathered from who fills them; and declared tables in Arrow."""

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

import pyarrow as pa

from initbench.base.columns import Column, Table
from initbench.probes import columns as probe_columns
from initbench.study.cells import KEY_COLUMNS
from initbench.tables import status
from initbench.tables.ids import KEYS, ids, with_ids

if TYPE_CHECKING:  # jobs that train import no pandas: they are many
    import pandas as pd

STEP = Column("step", int, "updates done", unit="updates")
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
    return {table.name: with_ids(table) for table in tables}


def arrow_schema(columns: Iterable[Column]) -> pa.Schema:
    """The Arrow schema of declared columns, each one's meaning and unit in its metadata."""
    return pa.schema([_field(column) for column in columns])


def arrow_type(column: Column) -> pa.DataType:
    """The Arrow type of a column's values."""
    return pa.list_(pa.struct(map(_field, column.type))) if isinstance(column.type, tuple) else ARROW[column.type]


def _field(column: Column) -> pa.Field:
    said = {"meaning": column.meaning, "unit": column.unit}
    return pa.field(column.name, arrow_type(column), metadata={key: text for key, text in said.items() if text})


def identified(table: pa.Table, columns: Iterable[Column]) -> pa.Table:
    """The table with the ids among declared columns, before its own."""
    names = [column.name for column in columns if column.name in KEYS]
    made = {name: pa.array(ids(name, lambda key: table[key].to_pylist()), pa.string()) for name in names}
    return pa.table(made | dict(zip(table.column_names, table.columns, strict=True)))


def arrow_table(frame: "pd.DataFrame", columns: tuple[Column, ...]) -> pa.Table:
    """A frame's declared columns in their order and types; None and NaN become null. KeyError if one is missing.

    Ids among them are computed, whatever the frame has there.
    """
    names = [column.name for column in columns]
    frame = frame.assign(**{name: ids(name, lambda key: frame[key]) for name in names if name in KEYS})
    table = pa.Table.from_pandas(frame[names], schema=arrow_schema(columns), preserve_index=False, safe=True)
    return table.replace_schema_metadata()  # without pandas' own, which names its version
