"""Studies of trained networks whose schemes are one scheme with other draws and other orders of batches."""

from collections.abc import Sequence
from itertools import product

import pandas as pd
import pyarrow as pa

from initbench.datasets.loading import prepare
from initbench.datasets.splits import Splits
from initbench.engine.training import Start, train_starts
from initbench.study.cells import FIRST_TUNING_SEED, SCORING, TUNING, Cell, Training
from initbench.study.thresholds import Thresholds
from initbench.tables.choices import by_cell, choices_of
from initbench.tables.collect import assemble
from initbench.tables.shards import shard_table

SCHEME, DATASET, WIDTH = "xavier_tanh", "digits", 32
BLOCKS = tuple(product(("relu", "tanh"), (1, 3), ("none", "batch")))
STEPS, RATES = 100, (0.01, 0.03, 0.1, 0.3)


def trained(study: int, schemes: Sequence[str], seeds: int, tuning: int) -> pd.DataFrame:
    """The runs of one study: so many scoring seeds, and tuning seeds, under each of the names in `schemes`.

    All names share a seed's split; a name's draws and batches are those of a study seed of its own.
    """
    every = [*range(seeds), *range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + tuning)]
    splits = prepare(DATASET, every, study)
    parts = []
    for (activation, depth, normalization), (i, name) in product(BLOCKS, enumerate(schemes)):
        cell = Cell(DATASET, WIDTH, depth, activation, normalization, SCHEME)
        training = Training(steps=STEPS, learning_rates=RATES, study_seed=1 + study * len(schemes) + i)
        parts.append(_cell(cell, training, splits, every[:seeds], every[seeds:]).assign(scheme=name))
    return pd.concat(parts, ignore_index=True)


def _cell(
    cell: Cell, training: Training, splits: Splits, scoring: Sequence[int], tuning: Sequence[int]
) -> pd.DataFrame:
    """The runs of a cell: its tuning seeds at every rate, its scoring seeds at the one that is chosen on them."""
    tuned = _shards(cell, training, splits, tuning, RATES, TUNING)
    choices = by_cell(choices_of(tuned))
    (rate,) = choices.values()
    shards = pa.concat_tables([tuned, _shards(cell, training, splits, scoring, (rate,), SCORING)])
    return assemble(shards, Thresholds(), choices)["runs"].to_pandas()


def _shards(cell, training, splits, seeds, rates, role) -> pa.Table:
    record = train_starts([Start(cell, seed, tuple(rates)) for seed in seeds], training, splits)[cell]
    return shard_table(cell, record, role)
