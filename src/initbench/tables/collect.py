"""From shards to the tables runs, history, signal and layers. Undefined values are null, never NaN."""

from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from initbench.base.columns import Table
from initbench.base.files import write_atomically
from initbench.base.parquet import Writer
from initbench.study.cells import CELL, RUN, SCORING, Cell
from initbench.study.thresholds import Thresholds
from initbench.tables.choices import Choices
from initbench.tables.described import described_schema
from initbench.tables.ids import KEYS
from initbench.tables.jobs import read_finished
from initbench.tables.schema import arrow_schema, arrow_type, identified, measured_tables
from initbench.tables.status import LOSSES, gradient_regime, run_status

ROW_GROUP = 100_000  # rows


def assemble(shards: pa.Table, thresholds: Thresholds, choices: Choices) -> dict[str, pa.Table]:
    """The tables of the shards of some cells of one shape, trained in one way, and scored at the chosen learning rates.

    Rows are sorted by scheme, role, learning rate, seed, step, layer. In `signal` and `layers` step 0 is one row a start,
    whose learning rate is null and comes first. ValueError if a cell that was tuned has scoring runs at another rate.
    """
    by = ("scheme", "role", "learning_rate", "seed")
    tables = measured_tables()
    shards = shards.combine_chunks().sort_by([(name, "ascending") for name in by])
    shards = identified(shards, tables["runs"].columns)
    steps, depth = np.array(shards["step"][0].as_py()), shards["depth"][0].as_py()
    values = {name: _values(shards[name].combine_chunks(), len(steps)) for name in shards.column_names}
    history = {column.name: values[column.name] for column in LOSSES}
    summary = run_status({name: part[:, :, 0] for name, part in history.items()}, values, steps, thresholds)
    summary["selected"] = _selected(shards, choices)
    signal = values | gradient_regime(values["log_gradient_ratio"], thresholds)
    layer = np.broadcast_to(np.arange(1, depth + 2), (shards.num_rows, len(steps), depth + 1))
    once = _starts_once(values["scheme"], values["role"], values["seed"], len(steps))
    return {
        "runs": _runs_table(tables["runs"], shards, summary),
        "history": _recorded_table(
            tables["history"], shards, history, steps, _every_record(shards.num_rows, len(steps))
        ),
        "signal": _recorded_table(tables["signal"], shards, signal, steps, once),
        "layers": _recorded_table(tables["layers"], shards, values | {"layer": layer}, steps, once, depth + 1),
    }


@dataclass(frozen=True)
class Rows:
    """What the rows of a table are about: the run (index among the shards' rows), the record, and whether it is a start."""

    run: np.ndarray
    record: np.ndarray
    start: np.ndarray


def _every_record(runs: int, records: int) -> Rows:
    """A row a run and record."""
    run, record = (index.ravel() for index in np.indices((runs, records)))
    return Rows(run, record, np.zeros(len(run), dtype=bool))


def _starts_once(schemes: np.ndarray, roles: np.ndarray, seeds: np.ndarray, records: int) -> Rows:
    """A row a run and later record, and before those of its scheme and role a row a start: its first run stands for all."""
    every = _every_record(len(seeds), records)
    _, group = np.unique(np.stack([schemes, roles]).astype(str), axis=1, return_inverse=True)
    _, first = np.unique(np.stack([group, seeds.astype(int)]), axis=1, return_index=True)
    start = (every.record == 0) & np.isin(every.run, first)
    kept = np.flatnonzero((every.record > 0) | start)
    order = kept[np.lexsort((every.record[kept], every.run[kept], ~start[kept], group[every.run[kept]]))]
    return Rows(every.run[order], every.record[order], start[order])


def _selected(shards: pa.Table, choices: Choices) -> np.ndarray:
    """Whether each run scores its cell: at the learning rate chosen for it, and not a run on which that was tuned."""
    keys = list(zip(*(shards[key].to_pylist() for key in CELL), strict=True))
    at_choice = shards["learning_rate"].to_numpy() == np.array([choices.get(key, np.nan) for key in keys])
    scoring = np.array(shards["role"].to_pylist()) == SCORING
    tuned = {key for key, scores in zip(keys, scoring, strict=True) if not scores}
    for key, chosen, scores in zip(keys, at_choice, scoring, strict=True):
        if key in tuned and scores and not chosen:
            cell = Cell(**dict(zip(CELL, key, strict=True)))
            raise ValueError(f"{cell}: scored at a learning rate that is not the chosen one; delete shards/{cell.slug}")
    return at_choice & scoring


def _values(column: pa.Array, records: int) -> np.ndarray:
    """A column of the shards: (runs,), or (runs, records, layers) of what was recorded."""
    if not pa.types.is_fixed_size_list(column.type):
        return column.to_numpy(zero_copy_only=False)
    return column.flatten().to_numpy(zero_copy_only=False).reshape(len(column), records, -1)


def _runs_table(table: Table, shards: pa.Table, values: dict[str, np.ndarray]) -> pa.Table:
    """The declared columns, a row a run."""
    arrays = [
        shards[column.name].cast(arrow_type(column))
        if column.name in (*KEYS, *RUN)
        else _array(values[column.name], arrow_type(column))
        for column in table.columns
    ]
    return pa.table(arrays, schema=arrow_schema(table.columns))


def _recorded_table(
    table: Table, shards: pa.Table, values: dict[str, np.ndarray], steps: np.ndarray, rows: Rows, layers: int = 1
) -> pa.Table:
    """The declared columns: the keys of each row's run, the values of its record, for each of `layers` layers."""
    run, start = np.repeat(rows.run, layers), np.repeat(rows.start, layers)
    arrays = []
    for column in table.columns:
        if column.name in (*KEYS, *RUN):
            keys = shards[column.name].take(run).cast(arrow_type(column))
            if column.name in ("learning_rate", "run_id"):  # of a start: none
                keys = pc.if_else(start, None if column.name == "learning_rate" else shards["start_id"].take(run), keys)
            arrays.append(keys)
        elif column.name == "step":
            arrays.append(_array(np.repeat(steps[rows.record], layers), arrow_type(column)))
        else:
            arrays.append(_array(values[column.name][rows.run, rows.record].ravel(), arrow_type(column)))
    return pa.table(arrays, schema=arrow_schema(table.columns))


def _array(values: np.ndarray, arrow: pa.DataType) -> pa.Array:
    """Values as an Arrow array, null where a number is not finite."""
    if values.dtype.kind != "f":
        return pa.array(values, arrow)
    finite = np.isfinite(values)
    if not pa.types.is_floating(arrow):
        values = np.where(finite, values, 0).astype(arrow.to_pandas_dtype())
    return pa.array(values, arrow, mask=~finite)


class _Writer:
    """A Parquet file in row groups of ROW_GROUP rows, whatever the pieces that it is written in."""

    def __init__(self, path: str, schema: pa.Schema):
        self.file = Writer(path, schema)
        self.waiting = schema.empty_table()

    def write(self, table: pa.Table) -> None:
        self.waiting = pa.concat_tables([self.waiting, table])
        while self.waiting.num_rows >= ROW_GROUP:
            self.file.write(self.waiting.slice(0, ROW_GROUP))
            self.waiting = self.waiting.slice(ROW_GROUP)

    def close(self) -> None:
        if self.waiting.num_rows:
            self.file.write(self.waiting)
        self.file.close()


def collect(
    cells: Iterable[list[Mapping]],
    outputs: dict[str, str],
    thresholds: Thresholds,
    choices: Choices,
    study: str | None = None,
) -> dict[str, int]:
    """Write the four tables from finished shards, those of cells of one shape and way of training together, in that order.

    study: what the tables' files say that they were made from. How many shards were trained with each kernel of the matrix library.
    """
    kernels: Counter[str] = Counter()
    schemas = {name: described_schema(table, study) for name, table in measured_tables().items()}
    with ExitStack() as files:
        writers = {
            name: _Writer(files.enter_context(write_atomically(path)), schemas[name]) for name, path in outputs.items()
        }
        for group in cells:
            read = [read_finished(shard) for shard in group]
            kernels.update(shard.kernel for shard in read)
            shards = pa.concat_tables([shard.rows.replace_schema_metadata() for shard in read])
            for name, table in assemble(shards, thresholds, choices).items():
                writers[name].write(table.cast(schemas[name]))
        for writer in writers.values():
            writer.close()
    return dict(sorted(kernels.items()))
