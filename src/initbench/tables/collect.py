"""From shards to the tables runs, history, signal and layers. Undefined values are null, never NaN."""

from collections.abc import Iterable
from contextlib import ExitStack

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.columns import Table
from initbench.base.files import write_atomically
from initbench.study.cells import RUN
from initbench.study.thresholds import Thresholds
from initbench.tables.schema import ARROW, arrow_schema, measured_tables
from initbench.tables.status import LOSSES, chosen_rates, gradient_regime, run_status

ROW_GROUP = 100_000  # rows


def assemble(shards: pa.Table, thresholds: Thresholds) -> dict[str, pa.Table]:
    """The tables of the shards of some cells of one shape, trained in one way.

    Rows are sorted by scheme, learning rate, seed, step, layer.
    """
    by = ("scheme", "learning_rate", "seed")
    shards = shards.combine_chunks().sort_by([(name, "ascending") for name in by])
    steps, depth = np.array(shards["step"][0].as_py()), shards["depth"][0].as_py()
    values = {name: _values(shards[name].combine_chunks(), len(steps)) for name in shards.column_names}
    history = {column.name: values[column.name] for column in LOSSES}
    summary = run_status({name: part[:, :, 0] for name, part in history.items()}, values, steps, thresholds)
    summary["selected"] = chosen_rates(values["scheme"], values["learning_rate"], summary)
    signal = values | gradient_regime(values["log_gradient_ratio"], thresholds)
    layer = np.broadcast_to(np.arange(1, depth + 2), (shards.num_rows, len(steps), depth + 1))
    filled = {"runs": summary, "history": history, "signal": signal, "layers": values | {"layer": layer}}
    layers = {"layers": depth + 1}
    return {
        name: _table(table, shards, filled[name], steps if name != "runs" else None, layers.get(name, 1))
        for name, table in measured_tables().items()
    }


def _values(column: pa.Array, records: int) -> np.ndarray:
    """A column of the shards: (runs,), or (runs, records, layers) of what was recorded."""
    if not pa.types.is_fixed_size_list(column.type):
        return column.to_numpy(zero_copy_only=False)
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), records, -1)


def _table(
    table: Table, shards: pa.Table, values: dict[str, np.ndarray], steps: np.ndarray | None, layers: int
) -> pa.Table:
    """The declared columns: keys repeated for each of a run's rows, its recorded steps for each of their layers."""
    rows = np.repeat(np.arange(shards.num_rows), layers * (1 if steps is None else len(steps)))
    if steps is not None:
        values = values | {"step": np.tile(np.repeat(steps, layers), shards.num_rows)}
    arrays = []
    for column in table.columns:
        if column.name in RUN:
            arrays.append(shards[column.name].take(rows).cast(ARROW[column.type]))
        else:
            arrays.append(_array(np.asarray(values[column.name]).ravel(), column.type))
    return pa.table(arrays, schema=arrow_schema(table.columns))


def _array(values: np.ndarray, kind: type) -> pa.Array:
    """Values as an Arrow array, null where a number is not finite."""
    arrow = ARROW[kind]
    if values.dtype.kind != "f":
        return pa.array(values, arrow)
    finite = np.isfinite(values)
    if kind is not float:
        values = np.where(finite, values, 0).astype(arrow.to_pandas_dtype())
    return pa.array(values, arrow, mask=~finite)


class _Writer:
    """A Parquet file in row groups of ROW_GROUP rows, whatever the pieces that it is written in."""

    def __init__(self, path: str, schema: pa.Schema):
        self.file = pq.ParquetWriter(path, schema, compression="zstd")
        self.waiting = schema.empty_table()

    def write(self, table: pa.Table) -> None:
        self.waiting = pa.concat_tables([self.waiting, table])
        while self.waiting.num_rows >= ROW_GROUP:
            self.file.write_table(self.waiting.slice(0, ROW_GROUP))
            self.waiting = self.waiting.slice(ROW_GROUP)

    def close(self) -> None:
        if self.waiting.num_rows:
            self.file.write_table(self.waiting)
        self.file.close()


def collect(cells: Iterable[list[str]], outputs: dict[str, str], thresholds: Thresholds) -> None:
    """Write the four tables from shard files, those of cells of one shape and way of training together, in that order."""
    schemas = {name: arrow_schema(table.columns) for name, table in measured_tables().items()}
    with ExitStack() as files:
        writers = {
            name: _Writer(files.enter_context(write_atomically(path)), schemas[name]) for name, path in outputs.items()
        }
        for paths in cells:
            shards = pa.concat_tables([pq.ParquetFile(path).read() for path in paths])
            for name, table in assemble(shards, thresholds).items():
                writers[name].write(table)
        for writer in writers.values():
            writer.close()
