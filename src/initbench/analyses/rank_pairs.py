"""Every pair of schemes over data sets, by the post-hoc tests of ranks."""

from itertools import combinations

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.rank_tests import data_set_grids, why_untested
from initbench.analyses.scores import (
    ALPHA,
    BLOCKS,
    CRITICAL_DIFFERENCE,
    METRIC,
    NOTE,
    REFERENCE,
    SCHEME,
    SCOPE,
    SCORED,
    Grid,
    frame_of,
    join_notes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.statistics import ranks

NUMBERS = (
    Column("rank_difference", float, "mean rank of the scheme less that of the reference; negative is better"),
    CRITICAL_DIFFERENCE,
    Column("nemenyi_p", float, "p of Nemenyi's test over data sets", unit="probability"),
    Column("wilcoxon", float, "W⁺ of Wilcoxon's signed-rank test on cell means over data sets, zeros dropped"),
    Column("wilcoxon_p", float, "its two-sided p", unit="probability"),
    Column("wilcoxon_p_adjusted", float, "by Holm over the scope's pairs", unit="probability"),
)
COLUMNS = (SCOPE, SCORED, SCHEME, REFERENCE, BLOCKS, *NUMBERS, NOTE)


@analysis("rank_pairs", row="a pair of schemes in a scope over data sets", columns=COLUMNS)
def rank_pairs(tables, settings):
    """Nemenyi's test, and Wilcoxon's with Holm, over one block a data set. Empty for a study of one data set."""
    rows = []
    for scope, grid in data_set_grids(scores(tables.chosen_runs)):
        rows += [{"scope": scope, "metric": METRIC} | row for row in _pairs(grid)]
    return frame_of(rows, COLUMNS)


def _pairs(grid: Grid) -> list[dict]:
    """The rows of one scope."""
    why = why_untested(grid)
    empty = {"blocks": len(grid.runs), "note": join_notes(why, grid.note)}
    empty |= dict.fromkeys([column.name for column in NUMBERS], np.nan)
    rows = [empty | {"scheme": x, "reference": y} for x, y in combinations(grid.schemes, 2)]
    return rows if why else [row | found for row, found in zip(rows, _tests(grid.runs.mean(axis=-1)), strict=True)]


def _tests(means: np.ndarray) -> list[dict]:
    """The numbers of every pair, from means (blocks, schemes)."""
    mean, p = ranks.rank_rows(means).mean(axis=0), ranks.nemenyi(means)
    gap = ranks.critical_difference(means.shape[1], len(means), ALPHA)
    names = [column.name for column in NUMBERS]
    return [
        dict(zip(names, (mean[i] - mean[j], gap, p[i, j], done.statistic, done.p, adjusted), strict=True))
        for i, j, done, adjusted in ranks.wilcoxon_holm(means)
    ]
