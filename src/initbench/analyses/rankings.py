"""Schemes ranked across blocks: mean ranks with intervals over seeds, Friedman, critical differences.

What the blocks of one data set are: different networks on the same data with the same seeds. Ranks over them describe
this grid. Friedman's test, Nemenyi's difference and Wilcoxon's test over blocks take blocks for independent; where a
tenth of a run's variance is common to 24 blocks, Friedman rejects a true null in two studies of three. What is named
after seeds takes the seed for the unit instead, and holds then too.
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import (
    ALPHA,
    BLOCKS,
    CONFIDENCE,
    CRITICAL_DIFFERENCE,
    METRIC,
    MINIMUM_SEEDS,
    NOTE,
    P_SEEDS,
    SCHEME,
    SCOPE,
    SCORED,
    SEEDS,
    Grid,
    P,
    complete_grid,
    data_set_scopes,
    frame_of,
    join_notes,
    scopes,
    scores,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics import ranks
from initbench.statistics.paired import differences, signed_rank

RANK_COLUMNS = (
    Column("mean_rank", float, "mean over blocks of the rank of the scheme's mean over seeds; 1 is the best"),
    Column(
        "rank_low", float, "lower end of its 95 % interval (cluster bootstrap over seeds: this grid with other seeds)"
    ),
    Column("rank_high", float, "upper end"),
    Column("seed_rank", float, "mean over seeds and blocks of the rank of the scheme's single run"),
    Column("seed_rank_low", float, "lower end of its 95 % interval (Student's t over seeds)"),
    Column("seed_rank_high", float, "upper end"),
)
SCOPE_COLUMNS = (
    Column("statistic", float, "its statistic"),
    P,
    CRITICAL_DIFFERENCE,
    P_SEEDS,
    Column("critical_difference_seeds", float, "the difference of two seed ranks that this permutation exceeds in 5 %"),
)
COLUMNS = (
    SCOPE, SCORED, SCHEME,
    *RANK_COLUMNS,
    Column("schemes", int, "schemes that were ranked"),
    BLOCKS, SEEDS,
    Column("test", str, "the test that gave p; null if there was none"),
    *SCOPE_COLUMNS,
    NOTE,
)  # fmt: skip


@analysis("rankings", row="a scheme in a scope, best first", group="ranks", columns=COLUMNS)
def rankings(tables, settings):
    """Mean rank of every scheme over the blocks of a scope; 1 is the best, ties share the average, a diverged run is worst.

    Over blocks, as Demšar (2006) has it: ranks of cell means, Friedman's test (Wilcoxon's for two schemes), Nemenyi's
    critical difference. Over seeds: ranks of single runs within block and seed, with a t interval, and a permutation of
    schemes within seeds.
    """
    rows = []
    for scope, key, grid in ranked_scopes(tables.chosen_runs):
        shared = {"scope": scope, "metric": METRIC} | _over_blocks(grid)
        over_seeds = _over_seeds(grid, key)
        notes = join_notes(shared["note"], over_seeds.pop("note"), grid.note)
        ranked = [shared | over_seeds | row | {"note": notes} for row in _mean_ranks(grid, key)]
        rows += sorted(ranked, key=lambda row: (np.nan_to_num(row["mean_rank"]), row["scheme"]))
    return frame_of(rows, COLUMNS)


def ranked_scopes(chosen: pd.DataFrame) -> Iterator[tuple[str, str, Grid]]:
    """(scope, key of its draws, complete grid) of every scope, and of those with one block a data set."""
    table = scores(chosen)
    for scope, part in scopes(table):
        yield scope, scope, complete_grid(part)
    for scope, part in data_set_scopes(table):
        yield scope, "all", complete_grid(part)  # its own blocks are all that it knows


def _mean_ranks(grid: Grid, key: str) -> list[dict]:
    """Both mean ranks of each scheme, with their intervals."""
    _, k, seeds = grid.runs.shape
    columns = dict.fromkeys([column.name for column in RANK_COLUMNS], np.full(k, np.nan))
    if grid.runs.size:
        mean = columns["mean_rank"] = ranks.rank_rows(grid.runs.mean(axis=-1)).mean(axis=0)
        each = ranks.seed_ranks(grid.goodness)
        columns["seed_rank"] = each.mean(axis=0)
        if seeds >= MINIMUM_SEEDS:
            drawn = ranks.bootstrap_mean_ranks(grid.runs, keyed(0, "mean ranks", key))
            columns["rank_low"], columns["rank_high"] = ranks.mean_rank_interval(mean, drawn, seeds, CONFIDENCE)
            around = ranks.t_interval(each, CONFIDENCE)
            columns["seed_rank_low"], columns["seed_rank_high"] = np.clip(around, 1, k)
    return [{"scheme": s} | {name: float(columns[name][i]) for name in columns} for i, s in enumerate(grid.schemes)]


def _over_blocks(grid: Grid) -> dict:
    """Friedman and Nemenyi of a scope, or why there are none."""
    blocks, k, seeds = grid.runs.shape
    row = {"schemes": k, "blocks": blocks, "seeds": seeds, "test": None, "note": None}
    row |= dict.fromkeys([column.name for column in SCOPE_COLUMNS], np.nan)
    if not grid.runs.size or k < 2:
        empty = "no seed is in every cell" if blocks else "no block has every scheme"
        why = "there is one scheme" if k == 1 else empty
        return row | {"note": f"cannot be tested, because {why}"}
    if blocks < 2:
        return row | {"note": "Friedman and the critical difference cannot be tested, because there is one block"}
    row["critical_difference"] = ranks.critical_difference(k, blocks, ALPHA)
    means = grid.runs.mean(axis=-1)
    if np.all(ranks.rank_rows(means) == (k + 1) / 2):
        return row | {"note": "Friedman cannot be tested, because all schemes tie in every block"}
    if k == 2:
        done = signed_rank(*differences(*means.T))
        return row | {"test": done.name, "statistic": done.statistic, "p": done.p}
    chi2, p = ranks.friedman(means)
    return row | {"test": "Friedman", "statistic": chi2, "p": p}


def _over_seeds(grid: Grid, key: str) -> dict:
    """The permutation test of a scope, or why there is none."""
    seeds = grid.runs.shape[-1]
    if grid.runs.size == 0 or len(grid.schemes) < 2:
        return {"note": None}
    if seeds < 2:
        return {"note": "nothing can be said over seeds, because there is one"}
    each = ranks.seed_ranks(grid.goodness)
    null = ranks.permuted_ranges(each, keyed(0, "permuted schemes", key))
    return {
        "p_seeds": ranks.permutation_p(np.ptp(each.mean(axis=0)), null),
        "critical_difference_seeds": float(np.quantile(null, 1 - ALPHA, method="higher")),
        "note": None if seeds >= MINIMUM_SEEDS else f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}",
    }
