"""How much choosing the learning rate flatters each cell."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.learning_rates import RATE_KEYS, accuracies, ranked_rates
from initbench.analyses.scores import CELL_COLUMNS, NOTE, SEEDS, frame_of
from initbench.base.columns import Column
from initbench.study.cells import CELL

OPTIMISM = (
    Column("valid_accuracy", float, "validation accuracy at the chosen rate, mean over seeds, diverged runs as 0"),
    Column("test_accuracy", float, "test accuracy there"),
    Column("gap", float, "valid_accuracy less test_accuracy"),
    Column("held_out_accuracy", float, "validation accuracy of each seed at the rate chosen on the other seeds"),
    Column(
        "optimism", float, "valid_accuracy less held_out_accuracy: what choosing and scoring on the same seeds adds"
    ),
    Column("stability", float, "share of seeds whose absence leaves the choice as it is"),
    Column("regret", float, "test accuracy lost against the rate that is best on test data"),
)
COLUMNS = (
    *CELL_COLUMNS,
    Column("learning_rate", float, "the chosen rate"),
    Column("rates", int, "learning rates tried"),
    SEEDS,
    Column(
        "at_edge", bool, "whether the chosen rate is the smallest or largest of the grid: a better one may lie beyond"
    ),
    *OPTIMISM,
    NOTE,
)


@analysis(
    "selection_optimism",
    row="a cell: how much choosing the learning rate flatters it",
    group="selection_optimism",
    columns=COLUMNS,
)
def selection_optimism(tables, settings):
    """The chosen rate of each cell, its scores, and those at the rates that would be chosen with each seed left out."""
    table = accuracies(tables.runs)
    order = dict(iter(ranked_rates(tables.runs).groupby(CELL, observed=True)))
    held_out = dict(iter(_held_out(tables.runs, table).groupby(CELL, observed=True)))
    rows = []
    for key, cell in table.groupby(CELL, observed=True):
        rates = order[key]["learning_rate"].to_list()
        rows.append(dict(zip(CELL, key, strict=True)) | _optimism(cell, rates, held_out.get(key)))
    return frame_of(rows, COLUMNS)


def _held_out(runs: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Each seed's runs at the rates chosen without it; none where that rate lacks the seed."""
    chosen = [ranked_rates(runs[runs["seed"] != seed]).assign(seed=seed) for seed in sorted(table["seed"].unique())]
    every = pd.concat(chosen or [ranked_rates(runs).assign(seed=0)])
    return every[every["order"] == 0].merge(table, on=[*RATE_KEYS, "seed"])


def _optimism(cell: pd.DataFrame, rates: list[float], held_out: pd.DataFrame | None) -> dict:
    """One cell: its runs, its rates from best to worst, its runs at the rate chosen without them."""
    rate, seeds = rates[0], int(cell["seed"].nunique())
    means = cell.groupby("learning_rate")[["valid", "test"]].mean()
    valid, test = (float(means.loc[rate, part]) for part in ("valid", "test"))
    row = dict.fromkeys([column.name for column in OPTIMISM], np.nan)
    row |= {"learning_rate": rate, "rates": len(rates), "seeds": seeds, "note": None}
    row |= {"at_edge": len(rates) > 1 and rate in (min(rates), max(rates)), "regret": float(means["test"].max()) - test}
    row |= {"valid_accuracy": valid, "test_accuracy": test, "gap": valid - test}
    if len(rates) == 1:
        alone = {"optimism": 0.0, "stability": 1.0, "held_out_accuracy": valid}
        return row | alone | {"note": "one rate: nothing was chosen"}
    if seeds < 2 or held_out is None:
        why = "one seed: the optimism of the choice cannot be told, because no other seed is left to choose on"
        return row | {"note": why}
    elsewhere = float(held_out["valid"].mean())
    stability = float((held_out["learning_rate"] == rate).mean())
    return row | {"held_out_accuracy": elsewhere, "optimism": valid - elsewhere, "stability": stability}
