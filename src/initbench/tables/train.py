"""Training from Python, without Snakemake."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pyarrow as pa

from initbench.base.registry import UnknownNameError
from initbench.datasets import DATASETS
from initbench.datasets.loading import prepare
from initbench.engine.training import train_shard
from initbench.study.cells import Cell, Training
from initbench.study.thresholds import Thresholds
from initbench.tables.choices import by_cell, choices_of
from initbench.tables.collect import assemble
from initbench.tables.described import described_schema
from initbench.tables.schema import measured_tables
from initbench.tables.shards import shard_table


def train(
    cell: Cell,
    seeds: Sequence[int],
    training: Training,
    thresholds: Thresholds | None = None,
    source: Mapping[str, Any] | None = None,
) -> dict[str, pa.Table]:
    """Train a cell for some seeds, without Snakemake, and return its tables.

    Args:
        cell: What is trained.
        seeds: In any order and with gaps: a run's numbers depend on its own seed alone.
        training: For how long, at which learning rates, and what is recorded.
        thresholds: By which runs are judged; the defaults if not given.
        source: Describes a table of a user's own, as `study.source(cell.dataset)` returns it; by default the cell's data
            set is a registered one.

    Returns:
        The tables runs, history, signal and layers, by name (Arrow; `.to_pandas()`); the metadata of their schemas say
        what each column means, as in the files of a study.

    Raises:
        ValueError: For seeds that are none.
        UnknownNameError: For a data set that there is not.
    """
    seeds = list(seeds)
    if not seeds or not all(isinstance(seed, int | np.integer) and seed >= 0 for seed in seeds):
        raise ValueError(f"seeds: {seeds!r}: give whole numbers from 0, one at least")
    seeds = sorted({int(seed) for seed in seeds})
    if source is None and cell.dataset not in DATASETS:
        raise UnknownNameError(
            f"unknown data set {cell.dataset!r}; there are: {', '.join(DATASETS)}; one that a study describes is handed over: "
            f"source=study.source({cell.dataset!r})"
        )
    splits = prepare(source or cell.dataset, seeds, training.study_seed)
    shards = shard_table(cell, train_shard(cell, seeds, training, splits))
    made = assemble(shards, thresholds or Thresholds(), by_cell(choices_of(shards)))
    return {name: made[name].cast(described_schema(table)) for name, table in measured_tables().items()}
