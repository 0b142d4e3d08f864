"""The learning rate of each cell, chosen on validation data by one rule."""

import pandas as pd

from initbench.statistics.frames import CELL, numbers, require, trained_runs
from initbench.tables.status import rates_by_merit


def select_learning_rates(runs: pd.DataFrame) -> pd.Series:
    """Which runs are at their cell's chosen learning rate: bool, aligned with `runs`.

    One rate a cell, never one a seed: the highest mean final validation accuracy over the cell's seeds, a diverged run
    counting as 0; ties go to the lower mean validation loss, a diverged run counting as infinite, then to the smaller
    rate. Runs measured at initialisation only are never selected.
    """
    require(runs, [*CELL, "learning_rate", "seed", "status", "valid_accuracy", "valid_loss"])
    chosen = rank_rates(runs)
    chosen = chosen[chosen["place"] == 0][[*CELL, "learning_rate"]]
    candidates = runs[[*CELL, "learning_rate"]]
    hit = candidates.merge(chosen, on=[*CELL, "learning_rate"], how="left", indicator="found")["found"] == "both"
    trained = (
        runs.index.isin(trained_runs(runs).index) if runs.index.is_unique else (runs["status"] != "initial").to_numpy()
    )
    return pd.Series(hit.to_numpy(dtype=bool) & trained, index=runs.index, name="selected", dtype=bool)


def rank_rates(runs: pd.DataFrame) -> pd.DataFrame:
    """The learning rates of every cell, best first by the rule of selection: cell keys, learning_rate, `place` from 0."""
    runs = trained_runs(runs)
    runs = runs[runs["learning_rate"].notna()].sort_values([*CELL, "learning_rate", "seed"])
    rows = []
    for key, cell in runs.groupby(CELL, observed=True):
        order = rates_by_merit(
            numbers(cell["learning_rate"]), numbers(cell["valid_accuracy"]), numbers(cell["valid_loss"])
        )
        rows += [(*key, rate, place) for place, rate in enumerate(order)]
    table = pd.DataFrame(rows, columns=[*CELL, "learning_rate", "place"])
    return table.astype({name: runs[name].dtype for name in [*CELL, "learning_rate"]} | {"place": "int64"})
