"""The files between training and the tables: all that was measured of the runs of a shard, one row a run, its records as lists.

They depend on the engine alone: `schema` gives their numbers types, units and meanings. A file is signed with a digest of
all that its runs depend on but their seeds and learning rates, so that it can grow.
"""

from collections.abc import Collection
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.files import write_atomically
from initbench.engine.record import Record, Run
from initbench.study.cells import CELL, SCORING, Cell

MADE_FROM = b"made_from"


def shard_table(cell: Cell, record: Record, role: str = SCORING) -> pa.Table:
    """One row a run; records and layers as flat lists, record by record."""
    count = len(record.runs)
    columns = {key: [getattr(cell, key)] * count for key in CELL} | {"role": [role] * count}
    columns |= {"seed": [seed for seed, _ in record.runs]}
    columns |= {"learning_rate": pa.array([rate for _, rate in record.runs], pa.float64())}
    columns |= {"step": [record.steps.tolist()] * count}
    for part in (record.history, record.signal, record.layers):
        for name, values in part.items():
            flat = pa.array(np.ascontiguousarray(values, dtype=float).ravel())
            columns[name] = pa.FixedSizeListArray.from_arrays(flat, values[0].size)
    return pa.table(columns | {name: pa.array(values) for name, values in record.final.items()})


def runs_in(path: str | Path, made_from: str) -> set[Run]:
    """The runs (seed, learning rate) that a shard's file has; none if there is no file, or it is made from something else."""
    if not Path(path).exists() or _signature(path) != made_from:
        return set()
    found = pq.ParquetFile(path).read(["seed", "learning_rate"])
    return set(zip(found["seed"].to_pylist(), found["learning_rate"].to_pylist(), strict=True))


def grow_shard(path: str | Path, made_from: str, wanted: Collection[Run], fresh: pa.Table | None = None) -> None:
    """Write a shard's file anew: those of its runs that are wanted, and fresh ones, sorted by seed and learning rate.

    What is in a file that is made from something else does not count. The bytes are those of a file written at once.
    """
    kept = pq.ParquetFile(path).read() if runs_in(path, made_from) else None
    if kept is not None:
        keys = zip(kept["seed"].to_pylist(), kept["learning_rate"].to_pylist(), strict=True)
        kept = kept.filter(pa.array([run in wanted for run in keys]))
    parts = [part for part in (kept, fresh) if part is not None]
    whole = pa.concat_tables([part.cast(_as_made(part.schema)) for part in parts]).combine_chunks()
    order = np.lexsort((whole["learning_rate"].to_numpy(), whole["seed"].to_numpy()))
    if (np.diff(order) < 0).any():  # `take` imports pyarrow.compute, a sixth of a job's start
        whole = whole.take(order)
    write(whole.replace_schema_metadata({MADE_FROM: made_from}), path)


def _as_made(schema: pa.Schema) -> pa.Schema:
    """The schema of a table that was read as it was when it was made: Parquet renames the items of lists."""

    def as_made(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_fixed_size_list(kind):
            return pa.list_(kind.value_type, kind.list_size)
        return pa.list_(kind.value_type) if pa.types.is_list(kind) else kind

    return pa.schema([pa.field(field.name, as_made(field.type)) for field in schema])


def _signature(path: str | Path) -> str:
    """The digest that a shard's file is signed with."""
    return (pq.read_schema(path).metadata or {}).get(MADE_FROM, b"").decode()


def write(table: pa.Table, path: str | Path) -> None:
    """Write a Parquet file whole or not at all."""
    with write_atomically(path) as partial:
        pq.write_table(table, partial, compression="zstd")
