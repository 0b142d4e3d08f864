"""How the runs of each cell ended: at the chosen learning rate, with its interval, and at every rate that was tried.

A fit is a cell at one of these rates: a row with its number of runs by status (STATUSES) and what they reached (ENDED).
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from initbench.analyses.scores import CONFIDENCE, scores
from initbench.report.explorer.cases import Cases
from initbench.report.explorer.packing import coded
from initbench.statistics.paired import RESOLUTION, sign_flip_interval
from initbench.study.cells import CELL
from initbench.tables.views import Tables, runs_at_every_rate, trained_runs

CHOSEN = 0  # number of the fit at the chosen rate; those at the rates tried are numbered from 1
STATUSES = ("trained", "slow", "stalled", "diverged")
ENDED = ["n", "score", "low", "high", "reached", "updates"]


def tried_rates(runs: pd.DataFrame) -> list[float]:
    """The learning rates of a study, smallest first."""
    return sorted(float(rate) for rate in trained_runs(runs)["learning_rate"].dropna().unique())


def fits_at_choice(tables: Tables, cells: pd.DataFrame) -> pd.DataFrame:
    """One row a cell that was trained: columns `cell`, `rate` (CHOSEN), and of its scoring runs STATUSES and ENDED."""
    return _fits(tables.chosen_runs.assign(rate=CHOSEN), cells)


def fits(tables: Tables, cells: pd.DataFrame) -> pd.DataFrame:
    """The same, and beside it a row a cell and learning rate that was tried, where there are several; sorted by both."""
    rates, found = tried_rates(tables.runs), [fits_at_choice(tables, cells)]
    if len(rates) > 1:
        every = trained_runs(runs_at_every_rate(tables.runs))
        found.append(_fits(every.assign(rate=1 + np.searchsorted(rates, every["learning_rate"])), cells))
    return pd.concat(found).sort_values(["cell", "rate"], ignore_index=True)


def _fits(runs: pd.DataFrame, cells: pd.DataFrame) -> pd.DataFrame:
    """One row a cell and rate of some runs, which hold a column `rate`."""
    runs = runs.merge(cells[CELL].assign(cell=cells.index), on=CELL).sort_values(
        ["cell", "rate", "seed"], ignore_index=True
    )
    starts = np.flatnonzero(~runs.duplicated(["cell", "rate"]).to_numpy())
    status = runs["status"].to_numpy(object)
    counts = {name: np.add.reduceat(status == name, starts, dtype=int) for name in STATUSES} if len(runs) else {}
    columns = [runs[name].to_numpy(float) for name in ("test_accuracy", "steps_to_target")]
    parts = [np.split(column, starts[1:]) for column in columns] if len(runs) else [[], []]
    ended = pd.DataFrame([_ended(*part) for part in zip(*parts, strict=True)], columns=ENDED)
    keys = runs.loc[starts, ["cell", "rate", "learning_rate"]].reset_index(drop=True)
    found = pd.concat([keys, ended], axis=1).assign(**counts).reindex(columns=[*keys.columns, *ENDED, *STATUSES])
    return found.astype({"cell": int, "rate": int, "learning_rate": float})  # also where there is no row


def _ended(accuracies: np.ndarray, updates: np.ndarray) -> tuple:
    """How some runs ended, by seed: their number, mean test accuracy with interval, how many reach the target, and when.

    A diverged run counts as accuracy 0. When: the median over runs, one that never reaches it counting as more than any; None
    where half of them do not.
    """
    values = np.nan_to_num(accuracies, nan=0.0)
    ends = sign_flip_interval(values, CONFIDENCE, RESOLUTION * np.abs(values)) or (np.nan, np.nan)
    when = float(np.median(np.nan_to_num(updates, nan=np.inf)))
    known = round(when) if np.isfinite(when) else None
    return (len(values), *coded([values.mean(), *ends], "score"), int(np.isfinite(updates).sum()), known)


def seed_scores(tables: Tables, cases: Cases) -> tuple[list[float], list[list[int | None]], list[int]]:
    """(different accuracies, for each cell the place of each seed's among them or None, the seeds): exact, as ranking needs them.

    A diverged run counts as accuracy 0, as in the table `best`.
    """
    table = scores(tables.chosen_runs)
    seeds = sorted(int(seed) for seed in table["seed"].unique())
    different = sorted(float(value) for value in table["value"].unique())
    place = {value: i for i, value in enumerate(different)}
    wide = table.pivot(index=CELL, columns="seed", values="value").reindex(columns=seeds)
    wide = wide.reindex(pd.MultiIndex.from_frame(cases.cells[CELL])).to_numpy(float)
    return different, [[place.get(float(value)) for value in row] for row in wide], seeds


def outputs(start: pd.DataFrame) -> dict[str, int]:
    """The number of classes of each data set: random starts have as many different output units; without such, none is known."""
    last = start[start["layer"] == start["depth"] + 1]
    found = last.groupby("dataset", observed=True)["distinct_weights"].max()
    return {str(name): int(count) for name, count in found.items() if count > 1}


def as_lists(frame: pd.DataFrame, columns: Sequence[str]) -> dict[str, list]:
    """Columns as lists of whole numbers, None where one is missing."""
    return {name: [None if pd.isna(value) else int(value) for value in frame[name]] for name in columns}
