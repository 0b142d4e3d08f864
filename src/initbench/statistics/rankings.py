"""Schemes ranked across blocks: mean ranks with intervals over seeds, Friedman, critical differences, pairs.

What the blocks of one data set are: different networks on the same data with the same seeds. Ranks over them describe
this grid. Friedman's test, Nemenyi's difference and Wilcoxon's test over blocks take blocks for independent; where a
tenth of a run's variance is common to 24 blocks, Friedman rejects a true null in two studies of three. What is named
after seeds takes the seed for the unit instead, and holds then too.
"""

import numpy as np
import pandas as pd

from initbench.base.randomness import keyed
from initbench.statistics import ranks
from initbench.statistics.frames import MINIMUM_SEEDS, Grid, complete_grid, join_notes, scopes, scores, table_of
from initbench.statistics.paired import differences, signed_rank

RANK_NUMBERS = ["mean_rank", "rank_low", "rank_high", "seed_rank", "seed_rank_low", "seed_rank_high"]
SCOPE_NUMBERS = ["statistic", "p", "critical_difference", "p_seeds", "critical_difference_seeds"]
RANK_COLUMNS = {
    **dict.fromkeys(["scope", "metric", "scheme"], "str"),
    **dict.fromkeys(RANK_NUMBERS, "float64"),
    **dict.fromkeys(["schemes", "blocks", "seeds"], "int64"),
    "test": "str",
    **dict.fromkeys(SCOPE_NUMBERS, "float64"),
    "note": "str",
}
BLOCK_NUMBERS = ["rank_difference", "critical_difference", "nemenyi_p", "wilcoxon", "wilcoxon_p", "wilcoxon_p_adjusted"]
PAIR_NUMBERS = [*BLOCK_NUMBERS, "seed_rank_difference", "p_seeds"]
PAIR_COLUMNS = {
    **dict.fromkeys(["scope", "metric", "scheme", "reference"], "str"),
    "blocks": "int64",
    **dict.fromkeys(PAIR_NUMBERS, "float64"),
    "note": "str",
}


def rank(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Mean rank of every scheme over blocks; 1 is the best, ties share the average, a diverged run ranks worst.

    One row per scope ("all", then one for each value of the keys in `by`) and scheme, best first, on the selected runs.

    Over blocks, as Demšar (2006) has it: `mean_rank` of the cell means, with `rank_low` and `rank_high` from a cluster
    bootstrap over seeds (how far it would move with other seeds in this same grid); `test` (Friedman; Wilcoxon
    signed-rank for two schemes) with `statistic` and `p`; Nemenyi's `critical_difference` of two mean ranks at `alpha`.

    Over seeds: `seed_rank`, the mean rank of the scheme's single runs within block and seed, with its t interval over
    seeds `seed_rank_low` and `seed_rank_high`; `p_seeds` that all schemes are alike and `critical_difference_seeds` of
    two seed ranks, by permuting schemes within seeds.

    `schemes`, `blocks`, `seeds` that took part; `note`, what could not be tested or was left out, and why.
    """
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        grid = complete_grid(part, metric)
        shared = {"scope": scope, "metric": metric} | _over_blocks(grid, alpha)
        over_seeds = _over_seeds(grid, scope, alpha)
        notes = join_notes(shared["note"], over_seeds.pop("note"), grid.note)
        ranked = [shared | over_seeds | row | {"note": notes} for row in _mean_ranks(grid, scope, confidence)]
        rows += sorted(ranked, key=lambda row: (np.nan_to_num(row["mean_rank"]), row["scheme"]))
    return table_of(rows, RANK_COLUMNS)


def _mean_ranks(grid: Grid, scope: str, confidence: float) -> list[dict]:
    """Both mean ranks of each scheme, with their intervals."""
    _, k, seeds = grid.runs.shape
    columns = dict.fromkeys(RANK_NUMBERS, np.full(k, np.nan))
    if grid.runs.size:
        mean = columns["mean_rank"] = ranks.rank_rows(grid.runs.mean(axis=-1)).mean(axis=0)
        each = ranks.seed_ranks(grid.goodness)
        columns["seed_rank"] = each.mean(axis=0)
        if seeds >= MINIMUM_SEEDS:
            drawn = ranks.bootstrap_mean_ranks(grid.runs, keyed(0, "mean ranks", scope))
            columns["rank_low"], columns["rank_high"] = ranks.mean_rank_interval(mean, drawn, seeds, confidence)
            around = ranks.t_interval(each, confidence)
            columns["seed_rank_low"], columns["seed_rank_high"] = np.clip(around, 1, k)
    return [{"scheme": s} | {name: float(columns[name][i]) for name in columns} for i, s in enumerate(grid.schemes)]


def _over_blocks(grid: Grid, alpha: float) -> dict:
    """Friedman and Nemenyi of a scope, or why there are none."""
    blocks, k, seeds = grid.runs.shape
    row = {"schemes": k, "blocks": blocks, "seeds": seeds, "test": None, "note": None} | dict.fromkeys(
        SCOPE_NUMBERS, np.nan
    )
    if not grid.runs.size or k < 2:
        empty = "no seed is in every cell" if blocks else "no block has every scheme"
        why = "there is one scheme" if k == 1 else empty
        return row | {"note": f"cannot be tested, because {why}"}
    if blocks < 2:
        return row | {"note": "Friedman and the critical difference cannot be tested, because there is one block"}
    row["critical_difference"] = ranks.critical_difference(k, blocks, alpha)
    means = grid.runs.mean(axis=-1)
    if np.all(ranks.rank_rows(means) == (k + 1) / 2):
        return row | {"note": "Friedman cannot be tested, because all schemes tie in every block"}
    if k == 2:
        done = signed_rank(*differences(*means.T))
        return row | {"test": done.name, "statistic": done.statistic, "p": done.p}
    done = ranks.friedman(means)
    return row | {"test": "Friedman", "statistic": done.chi2, "p": done.p}


def _over_seeds(grid: Grid, scope: str, alpha: float) -> dict:
    """The permutation test of a scope, or why there is none."""
    seeds = grid.runs.shape[-1]
    if grid.runs.size == 0 or len(grid.schemes) < 2:
        return {"note": None}
    if seeds < 2:
        return {"note": "nothing can be said over seeds, because there is one"}
    each = ranks.seed_ranks(grid.goodness)
    null = ranks.permuted_ranges(each, keyed(0, "permuted schemes", scope))
    numbers = {"p_seeds": ranks.permutation_p(np.ptp(each.mean(axis=0)), null)}
    numbers["critical_difference_seeds"] = float(np.quantile(null, 1 - alpha, method="higher"))
    return numbers | {
        "note": None if seeds >= MINIMUM_SEEDS else f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}"
    }


def rank_pairs(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Every pair of schemes of a scope, by the post-hoc tests in use.

    Columns: `scope`, `metric`, `scheme`, `reference`, `blocks`. Over blocks: `rank_difference` (negative: the scheme ranks
    better), Nemenyi's `critical_difference` and `nemenyi_p`; `wilcoxon` (W⁺) and `wilcoxon_p` on cell means, with
    `wilcoxon_p_adjusted` by Holm over the scope's pairs. Over seeds: `seed_rank_difference` and `p_seeds`, adjusted for
    all pairs by permuting schemes within seeds. `note`.
    """
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        grid = complete_grid(part, metric)
        rows += [{"scope": scope, "metric": metric} | row for row in _pairs(grid, scope, alpha)]
    return table_of(rows, PAIR_COLUMNS)


def _pairs(grid: Grid, scope: str, alpha: float) -> list[dict]:
    """The rows of one scope."""
    blocks, k, seeds = grid.runs.shape
    pairs = [(i, j) for i in range(k) for j in range(i + 1, k)]
    empty = {"blocks": blocks, "note": grid.note} | dict.fromkeys(PAIR_NUMBERS, np.nan)
    rows = [empty | {"scheme": grid.schemes[i], "reference": grid.schemes[j]} for i, j in pairs]
    if not grid.runs.size or blocks < 2:
        why = "no block has every scheme at one seed" if not grid.runs.size else "there is one block"
        for row in rows:
            row["note"] = join_notes(f"cannot be tested over blocks, because {why}", grid.note)
    else:
        means = grid.runs.mean(axis=-1)
        mean, p, gap = (
            ranks.rank_rows(means).mean(axis=0),
            ranks.nemenyi(means),
            ranks.critical_difference(k, blocks, alpha),
        )
        for row, (i, j, done, adjusted) in zip(rows, ranks.wilcoxon_holm(means), strict=True):
            numbers = (mean[i] - mean[j], gap, p[i, j], done.statistic, done.p, adjusted)
            row |= dict(zip(BLOCK_NUMBERS, numbers, strict=True))
    if grid.runs.size and seeds >= 2:
        each = ranks.seed_ranks(grid.goodness)
        null = ranks.permuted_ranges(each, keyed(0, "permuted schemes", scope))
        for row, (i, j) in zip(rows, pairs, strict=True):
            row["seed_rank_difference"] = gap = float(each[:, i].mean() - each[:, j].mean())
            row["p_seeds"] = ranks.permutation_p(abs(gap), null)
    elif grid.runs.size:
        for row in rows:
            row["note"] = join_notes(row["note"], "nothing can be said over seeds, because there is one")
    return rows
