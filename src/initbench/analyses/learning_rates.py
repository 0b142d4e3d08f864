"""What analyses of all learning rates share: accuracies of the trained runs, and the rates of a cell in the order of merit."""

import pandas as pd

from initbench.analyses.scores import CELL_COLUMNS, RATE
from initbench.study.cells import CELL
from initbench.tables.status import rates_by_merit
from initbench.tables.views import trained_runs

RATE_COLUMNS = (*CELL_COLUMNS, RATE)
RATE_KEYS = [column.name for column in RATE_COLUMNS]


def accuracies(runs: pd.DataFrame) -> pd.DataFrame:
    """The trained runs, sorted by cell, rate and seed, with `valid` and `test` accuracy, diverged as 0."""
    runs = trained_runs(runs).sort_values([*RATE_KEYS, "seed"])
    filled = {part: runs[f"{part}_accuracy"].astype(float).fillna(0.0) for part in ("valid", "test")}
    return runs[[*RATE_KEYS, "seed"]].assign(**filled)


def ranked_rates(runs: pd.DataFrame) -> pd.DataFrame:
    """The learning rates of every cell, best first by the rule of choice: cell keys, learning_rate, `order` from 0."""
    runs = trained_runs(runs).sort_values([*RATE_KEYS, "seed"])
    rows = []
    for key, cell in runs.groupby(CELL, observed=True):
        numbers = (cell[name].to_numpy(dtype=float) for name in ("learning_rate", "valid_accuracy", "valid_loss"))
        rows += [(*key, rate, order) for order, rate in enumerate(rates_by_merit(*numbers))]
    table = pd.DataFrame(rows, columns=[*RATE_KEYS, "order"])
    return table.astype({name: runs[name].dtype for name in RATE_KEYS} | {"order": "int64"})
