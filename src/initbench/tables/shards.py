"""The files between training and the tables: all that was measured of the runs of a shard, one row a run, its records as lists.

They depend on the engine alone: `schema` gives their numbers types, units and meanings. A file is signed with a digest of
all that its runs depend on but their seeds and learning rates, so that it can grow, and with the kernel of the matrix
library, so that no file mixes two.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from initbench.base.files import DamagedError
from initbench.base.parquet import read_parquet, write_parquet
from initbench.engine.record import Record, Run
from initbench.study.cells import CELL, SCORING, Cell

MADE_FROM, KERNEL = b"made_from", b"kernel"
RUN_KEYS = ("seed", "learning_rate")


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


@dataclass(frozen=True)
class Shard:
    """What a shard's file holds: its runs, the kernel of the matrix library that they were trained with, and its rows."""

    runs: frozenset[Run]
    kernel: str
    rows: pa.Table


def read_shard(path: str | Path, made_from: str, columns: Sequence[str] | None = None) -> Shard:
    """A shard's file, or some of its columns; DamagedError where it is not as written, or made from something else."""
    asked = None if columns is None else list(dict.fromkeys([*RUN_KEYS, *columns]))
    rows = read_parquet(path, asked)
    said = rows.schema.metadata or {}
    if said.get(MADE_FROM, b"").decode() != made_from:
        raise DamagedError(path, "it is another cell's, or of another state of the study")
    return Shard(frozenset(runs_of(rows)), said.get(KERNEL, b"").decode(), rows)


def shard_there(path: str | Path, made_from: str) -> Shard | None:
    """The runs that a shard's file has; None if there is no file, or one that does not count, which is said."""
    try:
        return read_shard(path, made_from, ())
    except FileNotFoundError:
        return None
    except DamagedError as error:
        print(error, flush=True)
        return None


def grow_shard(
    path: str | Path, made_from: str, kernel: str, wanted: Collection[Run], fresh: pa.Table | None = None
) -> None:
    """Write a shard's file anew: those of its runs that are wanted, and fresh ones, sorted by seed and learning rate.

    What is in a file that is made from something else, or with another kernel, does not count. The bytes are those of a file
    written at once.
    """
    there = shard_there(path, made_from)
    kept = None
    if there is not None and there.kernel == kernel:
        rows = read_shard(path, made_from).rows
        kept = rows.filter(pa.array([run in wanted for run in runs_of(rows)]))
    parts = [part for part in (kept, fresh) if part is not None]
    whole = pa.concat_tables([part.cast(_as_made(part.schema)) for part in parts]).combine_chunks()
    order = np.lexsort((whole["learning_rate"].to_numpy(), whole["seed"].to_numpy()))
    if (np.diff(order) < 0).any():  # `take` imports pyarrow.compute, a sixth of a job's start
        whole = whole.take(order)
    write_parquet(whole.replace_schema_metadata({MADE_FROM: made_from, KERNEL: kernel}), path)


def runs_of(rows: pa.Table) -> list[Run]:
    """The run (seed, learning rate) of every row."""
    return list(zip(*(rows[key].to_pylist() for key in RUN_KEYS), strict=True))


def _as_made(schema: pa.Schema) -> pa.Schema:
    """The schema of a table that was read as it was when it was made: Parquet renames the items of lists."""

    def as_made(kind: pa.DataType) -> pa.DataType:
        if pa.types.is_fixed_size_list(kind):
            return pa.list_(kind.value_type, kind.list_size)
        return pa.list_(kind.value_type) if pa.types.is_list(kind) else kind

    return pa.schema([pa.field(field.name, as_made(field.type)) for field in schema])
