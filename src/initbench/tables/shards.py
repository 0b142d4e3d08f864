"""Shard files: what was measured for the runs of one shard, one row a run, its records as lists.

They depend on the engine alone: `schema` gives their numbers types, units and meanings.
"""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.files import write_atomically
from initbench.engine.record import Record
from initbench.study.cells import CELL, Cell

MADE_FROM = b"made_from"


def shard_table(cell: Cell, record: Record) -> pa.Table:
    """One row a run; records and layers as flat lists, record by record."""
    count = len(record.runs)
    columns = {key: [getattr(cell, key)] * count for key in CELL}
    columns |= {"seed": [seed for seed, _ in record.runs]}
    columns |= {"learning_rate": pa.array([rate for _, rate in record.runs], pa.float64())}
    columns |= {"step": [record.steps.tolist()] * count}
    for part in (record.history, record.signal, record.layers):
        for name, values in part.items():
            flat = pa.array(np.ascontiguousarray(values, dtype=float).ravel())
            columns[name] = pa.FixedSizeListArray.from_arrays(flat, values[0].size)
    return pa.table(columns | {name: pa.array(values) for name, values in record.final.items()})


def write_shard(cell: Cell, record: Record, path: str | Path, made_from: str) -> None:
    """Write a shard's file, signed with a digest of what it was made from."""
    write(shard_table(cell, record).replace_schema_metadata({MADE_FROM: made_from}), path)


def made_from(path: str | Path) -> str | None:
    """The digest that a shard's file is signed with; None if there is no such file."""
    if not Path(path).exists():
        return None
    return (pq.read_schema(path).metadata or {}).get(MADE_FROM, b"").decode()


def write(table: pa.Table, path: str | Path) -> None:
    """Write a Parquet file whole or not at all."""
    with write_atomically(path) as partial:
        pq.write_table(table, partial, compression="zstd")
