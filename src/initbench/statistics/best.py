"""The one page: which scheme to use in each block, how sure that is, and how much it matters."""

import numpy as np
import pandas as pd

from initbench.base.randomness import keyed
from initbench.statistics.comparisons import adjust, pair_row
from initbench.statistics.frames import BLOCK, METRICS, blocks, join_notes, scores, table_of
from initbench.statistics.ranks import rank_rows

COLUMNS = {
    **dict.fromkeys(BLOCK, "key"),
    **dict.fromkeys(["metric", "scheme"], "str"),
    "n": "int64",
    "score": "float64",
    "runner_up": "str",
    **dict.fromkeys(["margin", "stays_best", "spread"], "float64"),
    "as_good": "str",
    "note": "str",
}


def best_schemes(
    runs: pd.DataFrame, metric: str = "test_accuracy", *, diverged: str = "worst", alpha: float = 0.05
) -> pd.DataFrame:
    """The best scheme of every block by its mean over seeds, on the selected runs.

    `n` seeds; its mean `score`; `runner_up` and the `margin` over it (positive, in the metric's unit); `stays_best`, the
    share of bootstrap resamples of the seeds in which it stays on top, ties shared; `as_good`, the schemes that the
    sign-flip test cannot tell from it, Holm over all others, separated by " | "; `spread`, best minus worst scheme: how
    much the choice matters; `note`. The best was picked on the same seeds, so its score is a little flattered and
    `as_good`, if anything, too short.
    """
    sign = 1 if METRICS[metric].higher_is_better else -1
    rows = []
    for key, value, _ in blocks(scores(runs, metric, diverged)):
        row = dict(zip(BLOCK, key, strict=True)) | {"metric": metric}
        rows.append(row | _best(key, sign * value, metric, sign, alpha))
    return table_of(rows, COLUMNS)


def _best(key: tuple, goodness: pd.DataFrame, metric: str, sign: int, alpha: float) -> dict:
    """The answer for one block; goodness is seeds × schemes."""
    whole = goodness.dropna()
    row = dict.fromkeys(COLUMNS, None) | {"n": len(whole)}
    row = {name: value for name, value in row.items() if name not in {*BLOCK, "metric"}}
    short = len(goodness) - len(whole)
    left_out = f"{short} of {len(goodness)} seeds left out, because a cell lacks them" if short else None
    if whole.empty:
        return row | {"note": "cannot be ranked, because no seed is in every cell of the block"}
    means = whole.mean().sort_values(ascending=False, kind="stable")
    best = means.index[0]
    row |= {"scheme": best, "score": sign * means.iloc[0], "spread": means.iloc[0] - means.iloc[-1], "note": left_out}
    if len(means) == 1:
        return row | {"note": join_notes("the only scheme of the block", left_out)}
    row |= {"runner_up": means.index[1], "margin": means.iloc[0] - means.iloc[1]}
    if len(whole) == 1:
        return row | {"note": join_notes("one seed: how sure this is cannot be told", left_out)}
    row["stays_best"] = _stays_best(whole, best, keyed(0, "best scheme", *map(str, key), metric))
    return row | {"as_good": " | ".join(_as_good(key, whole, best, metric, alpha)) or None}


def _stays_best(whole: pd.DataFrame, best: str, rng: np.random.Generator, resamples: int = 2000) -> float:
    """Share of resamples of the seeds that put `best` on top; a shared top counts its part."""
    weights = rng.multinomial(len(whole), np.full(len(whole), 1 / len(whole)), size=resamples) / len(whole)
    ranks = rank_rows(weights @ whole.to_numpy())
    top = ranks == ranks.min(axis=1, keepdims=True)
    return float((top[:, whole.columns.get_loc(best)] / top.sum(axis=1)).mean())


def _as_good(key: tuple, whole: pd.DataFrame, best: str, metric: str, alpha: float) -> list[str]:
    """The schemes that a paired test does not tell from the best, best of them first."""
    others = [name for name in whole.mean().sort_values(ascending=False, kind="stable").index if name != best]
    x = whole[best].to_numpy()
    tests = []
    for name in others:
        y = whole[name].to_numpy()
        tests.append(pair_row(x, y, x, y, metric, (best, name), "sign_flip", 1 - alpha, alpha, key))
    adjust(tests)
    return [name for name, test in zip(others, tests, strict=True) if not test["p_adjusted"] <= alpha]
