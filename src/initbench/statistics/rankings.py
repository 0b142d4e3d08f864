"""Schemes ranked across blocks: mean ranks with intervals over seeds, Friedman, critical differences, pairs.

What the blocks of one data set are: different networks on the same data with the same seeds. Ranks over them describe
this grid. Friedman's and Nemenyi's p take blocks for independent, which they are not; `p_seeds` and the intervals take
the seed for the unit instead.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.randomness import keyed
from initbench.statistics.frames import BLOCK, METRICS, MINIMUM_SEEDS, join_notes, scopes, scores, table_of
from initbench.statistics.paired import differences, signed_rank
from initbench.statistics.ranks import (
    bootstrap_mean_ranks,
    critical_difference,
    friedman,
    nemenyi,
    permuted_friedman_p,
    rank_rows,
    wilcoxon_holm,
)

RANK_NUMBERS = ["mean_rank", "rank_low", "rank_high"]
SCOPE_NUMBERS = ["statistic", "p", "p_seeds", "critical_difference"]
RANK_COLUMNS = {
    **dict.fromkeys(["scope", "metric", "scheme"], "str"),
    **dict.fromkeys(RANK_NUMBERS, "float64"),
    **dict.fromkeys(["schemes", "blocks", "seeds"], "int64"),
    "test": "str",
    **dict.fromkeys(SCOPE_NUMBERS, "float64"),
    "note": "str",
}
PAIR_NUMBERS = ["rank_difference", "critical_difference", "nemenyi_p", "wilcoxon", "wilcoxon_p", "wilcoxon_p_adjusted"]
PAIR_COLUMNS = {
    **dict.fromkeys(["scope", "metric", "scheme", "reference"], "str"),
    "blocks": "int64",
    **dict.fromkeys(PAIR_NUMBERS, "float64"),
    "note": "str",
}


@dataclass(frozen=True)
class Grid:
    """The complete part of a scope: runs (blocks, schemes, seeds), more is better, and what had to be left out."""

    runs: np.ndarray
    schemes: list[str]
    note: str | None


def complete_grid(part: pd.DataFrame, metric: str) -> Grid:
    """The blocks of a `frames.scores` table that have every scheme, at the seeds that all of their cells have."""
    sign = 1 if METRICS[metric].higher_is_better else -1
    schemes = sorted(part["scheme"].unique())
    wide = part.pivot(index=[*BLOCK, "scheme"], columns="seed", values="value") * sign
    present = wide.notna().any(axis=1).unstack("scheme", fill_value=False).all(axis=1)
    keep = present.index[present]
    table = wide.loc[pd.MultiIndex.from_tuples([(*key, s) for key in keep for s in schemes], names=wide.index.names)]
    whole = table.dropna(axis="columns")
    lost, short = int((~present).sum()), table.shape[1] - whole.shape[1]
    note = join_notes(
        f"{lost} of {len(present)} blocks left out, because they lack a scheme" if lost else None,
        f"{short} of {table.shape[1]} seeds left out, because a cell lacks them" if short and len(keep) else None,
    )
    return Grid(whole.to_numpy().reshape(len(keep), len(schemes), whole.shape[1]), schemes, note)


def rank(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    confidence: float = 0.95,
    alpha: float = 0.05,
    resamples: int = 2000,
) -> pd.DataFrame:
    """Mean rank of every scheme over blocks, ranked in each block by its mean over seeds (1 is the best).

    One row per scope ("all", then one for each value of the keys in `by`) and scheme, best first: `mean_rank`, with
    `rank_low` and `rank_high` from a cluster bootstrap over seeds: how far it would move with other seeds in this same
    grid; `schemes`, `blocks`, `seeds` that took part; `test` (Friedman; Wilcoxon signed-rank for two schemes) with its
    `statistic` and `p`, which take blocks for independent; `p_seeds` of the permutation test that does not;
    `critical_difference` by Nemenyi at `alpha`; `note`. `diverged` is a rule of frames.DIVERGED.
    """
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        grid = complete_grid(part, metric)
        shared = {"scope": scope, "metric": metric} | _scope_numbers(grid, scope, alpha)
        ranked = [shared | row for row in _mean_ranks(grid, scope, confidence, resamples)]
        for row in ranked:
            row["note"] = join_notes(shared["note"], row.pop("interval_note"), grid.note)
        rows += sorted(ranked, key=lambda row: (np.nan_to_num(row["mean_rank"]), row["scheme"]))
    return table_of(rows, RANK_COLUMNS)


def _mean_ranks(grid: Grid, scope: str, confidence: float, resamples: int) -> list[dict]:
    """Mean rank and interval of each scheme."""
    _blocks, k, seeds = grid.runs.shape
    low = high = mean = np.full(k, np.nan)
    if grid.runs.size:
        mean = rank_rows(grid.runs.mean(axis=-1)).mean(axis=0)
    enough = grid.runs.size and seeds >= MINIMUM_SEEDS
    if enough:
        drawn = bootstrap_mean_ranks(grid.runs, keyed(0, "mean ranks", scope), resamples)
        low, high = np.quantile(drawn, [(1 - confidence) / 2, (1 + confidence) / 2], axis=0)
    note = None if enough or not grid.runs.size else f"no interval from {seeds} seeds: it takes {MINIMUM_SEEDS}"
    values = zip(grid.schemes, mean, low, high, strict=True)
    return [
        {"scheme": s, "mean_rank": m, "rank_low": a, "rank_high": b, "interval_note": note} for s, m, a, b in values
    ]


def _scope_numbers(grid: Grid, scope: str, alpha: float) -> dict:
    """The tests of a scope, or why there are none."""
    blocks, k, seeds = grid.runs.shape
    row = {"schemes": k, "blocks": blocks, "seeds": seeds, "test": None, "note": None} | dict.fromkeys(
        SCOPE_NUMBERS, np.nan
    )
    if not grid.runs.size or k < 2:
        why = (
            "there is one scheme"
            if k == 1
            else "no block has every scheme"
            if not blocks
            else "no seed is in every cell"
        )
        return row | {"note": f"cannot be tested, because {why}"}
    row["p_seeds"] = permuted_friedman_p(grid.runs, keyed(0, "permuted schemes", scope))
    if blocks < 2:
        return row | {
            "note": "ranks of one block: Friedman and the critical difference cannot be tested, because they need two"
        }
    row["critical_difference"] = critical_difference(k, blocks, alpha)
    means = grid.runs.mean(axis=-1)
    if np.all(rank_rows(means) == (k + 1) / 2):
        return row | {"note": "Friedman cannot be tested, because all schemes tie in every block"}
    if k == 2:
        done = signed_rank(*differences(*means.T))
        return row | {"test": done.name, "statistic": done.statistic, "p": done.p}
    done = friedman(means)
    return row | {"test": "Friedman", "statistic": done.chi2, "p": done.p}


def rank_pairs(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Every pair of schemes over blocks, by both post-hoc tests in use.

    Columns: `scope`, `metric`, `scheme`, `reference`, `blocks`, `rank_difference` (negative: the scheme ranks better),
    Nemenyi's `critical_difference` and `nemenyi_p`; `wilcoxon` (W⁺), `wilcoxon_p` on cell means, and
    `wilcoxon_p_adjusted` by Holm over the scope's pairs; `note`. Both take blocks for independent.
    """
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        grid = complete_grid(part, metric)
        rows += [{"scope": scope, "metric": metric} | row for row in _pairs(grid, alpha)]
    return table_of(rows, PAIR_COLUMNS)


def _pairs(grid: Grid, alpha: float) -> list[dict]:
    """The rows of one scope."""
    blocks, k, _ = grid.runs.shape
    names = grid.schemes
    rows = [{"scheme": names[i], "reference": names[j], "blocks": blocks} for i in range(k) for j in range(i + 1, k)]
    if not grid.runs.size or blocks < 2:
        why = "no block has every scheme at one seed" if not grid.runs.size else "one block gives no spread"
        note = join_notes(f"cannot be tested, because {why}", grid.note)
        return [row | dict.fromkeys(PAIR_NUMBERS, np.nan) | {"note": note} for row in rows]
    means = grid.runs.mean(axis=-1)
    ranks, nemenyi_p, gap = rank_rows(means).mean(axis=0), nemenyi(means), critical_difference(max(k, 2), blocks, alpha)
    for row, (i, j, done, adjusted) in zip(rows, wilcoxon_holm(means), strict=True):
        row |= {"rank_difference": ranks[i] - ranks[j], "critical_difference": gap, "nemenyi_p": nemenyi_p[i, j]}
        row |= {"wilcoxon": done.statistic, "wilcoxon_p": done.p, "wilcoxon_p_adjusted": adjusted, "note": grid.note}
    return rows
