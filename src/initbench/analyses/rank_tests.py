"""Friedman's test of ranks over data sets, with Nemenyi's critical difference (Demšar 2006).

Both take blocks for independent. Blocks of one data set share its samples, seeds and draws: where a tenth of a run's
variance is common to 24 blocks, Friedman rejects a true null in two studies of three. So there is a test only for scopes
with one block a data set, in studies of several.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import (
    ALPHA,
    BLOCKS,
    CRITICAL_DIFFERENCE,
    METRIC,
    NOTE,
    SCOPE,
    SCORED,
    SEEDS,
    Grid,
    P,
    complete_grid,
    data_set_scopes,
    frame_of,
    join_notes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.statistics import ranks
from initbench.statistics.paired import differences

NUMBERS = (Column("statistic", float, "its statistic"), P, CRITICAL_DIFFERENCE)
COLUMNS = (
    SCOPE, SCORED,
    Column("schemes", int, "schemes that were ranked"),
    BLOCKS, SEEDS,
    Column("test", str, "Friedman's test, or Wilcoxon's for two schemes; null if there was none"),
    *NUMBERS,
    NOTE,
)  # fmt: skip


@analysis("rank_tests", row="a scope over data sets", columns=COLUMNS)
def rank_tests(tables, settings):
    """Whether schemes rank alike over data sets: ranks of cell means, a block a data set. Empty for a study of one data set."""
    rows = [
        {"scope": scope, "metric": METRIC} | _tested(grid) for scope, grid in data_set_grids(scores(tables.chosen_runs))
    ]
    return frame_of(rows, COLUMNS)


def data_set_grids(table: pd.DataFrame) -> Iterator[tuple[str, Grid]]:
    """(scope, complete grid) of every scope over data sets of a `scores` table."""
    for scope, part in data_set_scopes(table):
        yield scope, complete_grid(part)


def why_untested(grid: Grid) -> str | None:
    """Why there is no test over the blocks of a grid, if there is none."""
    blocks, k, _ = grid.runs.shape
    if k == 1:
        return "cannot be tested, because there is one scheme"
    if not grid.runs.size:
        return f"cannot be tested, because {'no seed is in every cell' if blocks else 'no block has every scheme'}"
    return "cannot be tested, because there is one block" if blocks < 2 else None


def _tested(grid: Grid) -> dict:
    """The test of a scope, or why there is none."""
    blocks, k, seeds = grid.runs.shape
    row = {"schemes": k, "blocks": blocks, "seeds": seeds, "test": None}
    row |= dict.fromkeys([column.name for column in NUMBERS], np.nan)
    if why := why_untested(grid):
        return row | {"note": join_notes(why, grid.note)}
    row["critical_difference"] = ranks.critical_difference(k, blocks, ALPHA)
    means = grid.runs.mean(axis=-1)
    if np.all(ranks.rank_rows(means) == (k + 1) / 2):
        alike = "cannot be tested, because all schemes tie in every block"
        return row | {"note": join_notes(alike, grid.note)}
    row["note"] = grid.note
    if k == 2:
        done = ranks.signed_rank(*differences(*means.T))
        return row | {"test": done.name, "statistic": done.statistic, "p": done.p}
    chi2, p = ranks.friedman(means)
    return row | {"test": "Friedman", "statistic": chi2, "p": p}
