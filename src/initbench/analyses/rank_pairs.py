"""Every pair of schemes of a scope, by the post-hoc tests in use."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.rankings import ranked_scopes
from initbench.analyses.scores import (
    ALPHA,
    BLOCKS,
    CRITICAL_DIFFERENCE,
    METRIC,
    NOTE,
    P_SEEDS,
    REFERENCE,
    SCHEME,
    SCOPE,
    SCORED,
    Grid,
    frame_of,
    join_notes,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics import ranks

BLOCK_NUMBERS = (
    Column("rank_difference", float, "mean rank of the scheme less that of the reference; negative is better"),
    CRITICAL_DIFFERENCE,
    Column("nemenyi_p", float, "p of Nemenyi's test over blocks"),
    Column("wilcoxon", float, "W⁺ of Wilcoxon's signed-rank test on cell means over blocks"),
    Column("wilcoxon_p", float, "its two-sided p"),
    Column("wilcoxon_p_adjusted", float, "by Holm over the scope's pairs"),
)
NUMBERS = (
    *BLOCK_NUMBERS,
    Column("seed_rank_difference", float, "seed rank of the scheme less that of the reference"),
    P_SEEDS,
)
COLUMNS = (SCOPE, SCORED, SCHEME, REFERENCE, BLOCKS, *NUMBERS, NOTE)


@analysis("rank_pairs", row="a pair of schemes in a scope", group="ranks", columns=COLUMNS)
def rank_pairs(tables, settings):
    """Pairs over blocks, by Nemenyi's test and by Wilcoxon's with Holm; over seeds, by permuting schemes within seeds."""
    rows = []
    for scope, key, grid in ranked_scopes(tables.chosen_runs):
        rows += [{"scope": scope, "metric": METRIC} | row for row in _pairs(grid, key)]
    return frame_of(rows, COLUMNS)


def _pairs(grid: Grid, key: str) -> list[dict]:
    """The rows of one scope."""
    blocks, k, seeds = grid.runs.shape
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    empty = {"blocks": blocks, "note": grid.note} | dict.fromkeys([column.name for column in NUMBERS], np.nan)
    rows = [empty | {"scheme": grid.schemes[i], "reference": grid.schemes[j]} for i, j in pairs]
    if grid.runs.size and blocks > 1:
        for row, numbers in zip(rows, _over_blocks(grid.runs.mean(axis=-1)), strict=True):
            row |= numbers
    else:
        why = "there is one block" if grid.runs.size else "no block has every scheme at one seed"
        for row in rows:
            row["note"] = join_notes(f"cannot be tested over blocks, because {why}", grid.note)
    if grid.runs.size and seeds >= 2:
        each = ranks.seed_ranks(grid.goodness)
        null = ranks.permuted_ranges(each, keyed(0, "permuted schemes", key))
        for row, (i, j) in zip(rows, pairs, strict=True):
            row["seed_rank_difference"] = gap = float(each[:, i].mean() - each[:, j].mean())
            row["p_seeds"] = ranks.permutation_p(abs(gap), null)
    elif grid.runs.size:
        for row in rows:
            row["note"] = join_notes(row["note"], "nothing can be said over seeds, because there is one")
    return rows


def _over_blocks(means: np.ndarray) -> list[dict]:
    """The numbers over blocks of every pair, from means (blocks, schemes)."""
    mean, p = ranks.rank_rows(means).mean(axis=0), ranks.nemenyi(means)
    gap = ranks.critical_difference(means.shape[1], len(means), ALPHA)
    names = [column.name for column in BLOCK_NUMBERS]
    return [
        dict(zip(names, (mean[i] - mean[j], gap, p[i, j], done.statistic, done.p, adjusted), strict=True))
        for i, j, done, adjusted in ranks.wilcoxon_holm(means)
    ]
