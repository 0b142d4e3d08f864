"""How the learning rate of each cell was chosen: how surely, how near the edge of the grid, and what scores on other seeds avoid."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.learning_rates import accuracies, ranked_rates
from initbench.analyses.scores import CELL_COLUMNS, NOTE, frame_of, join_notes
from initbench.base.columns import Column
from initbench.study.cells import CELL, TUNING

MEASURES = (
    Column(
        "valid_accuracy",
        float,
        "validation accuracy at the chosen rate on those seeds, mean, diverged runs as 0",
        unit="share",
    ),
    Column("scored_accuracy", float, "the same of the scoring runs; null if those were chosen on", unit="share"),
    Column(
        "optimism",
        float,
        "valid_accuracy less scored_accuracy: what a score on the seeds of the choice would add",
        unit="share",
    ),
    Column("stability", float, "share of the seeds chosen on whose absence leaves the choice as it is", unit="share"),
    Column(
        "regret",
        float,
        "test accuracy lost, on those seeds, against the rate that is best there on test data",
        unit="share",
    ),
)
COLUMNS = (
    *CELL_COLUMNS,
    Column("learning_rate", float, "the chosen rate"),
    Column("rates", int, "learning rates tried"),
    Column("seeds", int, "seeds that it was chosen on"),
    Column("at_edge", bool, "whether it is the smallest or the largest of several tried: a better one may lie beyond"),
    Column("learns", bool, "whether a scoring run there is trained or slow: learned more than the class frequencies"),
    *MEASURES,
    NOTE,
)


@analysis(
    "selection_optimism",
    row="a cell: how its learning rate was chosen",
    columns=COLUMNS,
)
def selection_optimism(tables, settings):
    """The chosen rate of each cell, what it reaches on the seeds of the choice and on those that score."""
    runs = tables.runs_at_every_rate
    scoring = dict(iter(tables.chosen_runs.groupby(CELL, observed=True)))
    order = dict(iter(ranked_rates(runs).groupby(CELL, observed=True)))
    left_out = _first_without_each_seed(runs)
    tuned = set(runs.loc[runs["role"] == TUNING, CELL].itertuples(index=False, name=None))
    rows = []
    for key, cell in accuracies(runs).groupby(CELL, observed=True):
        rates = order[key]["learning_rate"].to_list()
        row = _choice(cell, rates, left_out.get(key, [])) | _scored(scoring[key], key in tuned)
        row["optimism"] = row["valid_accuracy"] - row["scored_accuracy"]
        same = None if key in tuned else "chosen on the runs that score the cell: what that adds is not measured"
        rows.append(dict(zip(CELL, key, strict=True)) | row | {"note": join_notes(row["note"], same)})
    return frame_of(rows, COLUMNS)


def _first_without_each_seed(runs: pd.DataFrame) -> dict[tuple, list[float]]:
    """By cell the rates that would be chosen with each of its seeds left out."""
    found: dict[tuple, list[float]] = {}
    for seed in sorted(runs["seed"].unique()):
        has = runs.loc[runs["seed"] == seed, CELL].drop_duplicates()
        best = ranked_rates(runs[runs["seed"] != seed].merge(has, on=CELL))
        for row in best[best["order"] == 0].itertuples(index=False):
            found.setdefault(tuple(getattr(row, key) for key in CELL), []).append(row.learning_rate)
    return found


def _choice(cell: pd.DataFrame, rates: list[float], left_out: list[float]) -> dict:
    """One cell from its runs at every rate, its rates from best to worst, and those chosen with a seed left out."""
    rate = rates[0]
    means = cell.groupby("learning_rate")[["valid", "test"]].mean()
    row = {"learning_rate": rate, "rates": len(rates), "seeds": int(cell["seed"].nunique()), "note": None}
    row |= {"at_edge": len(rates) > 1 and rate in (min(rates), max(rates)), "stability": np.nan}
    row |= {"valid_accuracy": means.loc[rate, "valid"], "regret": means["test"].max() - means.loc[rate, "test"]}
    if len(rates) == 1:
        return row | {"stability": 1.0, "note": "one rate: nothing was chosen"}
    if not left_out:
        return row | {"note": "one seed: none can be left out to see whether the choice stays"}
    return row | {"stability": float(np.mean([other == rate for other in left_out]))}


def _scored(runs: pd.DataFrame, tuned: bool) -> dict:
    """What the scoring runs of a cell say of its choice."""
    accuracy = runs["valid_accuracy"].astype(float).fillna(0.0).mean() if tuned else np.nan
    return {"learns": bool(runs["status"].isin(["trained", "slow"]).any()), "scored_accuracy": accuracy}
