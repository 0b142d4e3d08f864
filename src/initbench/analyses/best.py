"""Which scheme to take in each block, how sure that is, and how much it matters."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.pairs import adjust, pair_row
from initbench.analyses.scores import (
    ALPHA,
    BLOCK_COLUMNS,
    METRIC,
    NOTE,
    PAIRS,
    SCORED,
    blocks,
    frame_of,
    join_notes,
    scores,
)
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics.aggregate import seed_weights
from initbench.statistics.ranks import rank_rows
from initbench.study.cells import BLOCK

ANSWER = (
    Column("scheme", str, "the best scheme by its mean over seeds"),
    PAIRS,
    Column("score", float, "mean of the best scheme over seeds"),
    Column("runner_up", str, "the second best scheme by its mean"),
    Column("margin", float, "that mean less the runner-up's, positive where the best is better"),
    Column("stays_best", float, "share of bootstrap resamples of the seeds in which it stays on top, ties shared"),
    Column("spread", float, "best less worst scheme: how much the choice matters"),
    Column(
        "as_good",
        str,
        "the schemes that the sign-flip test (Holm over all others) does not tell from it, separated by ' | '",
    ),
    NOTE,
)
COLUMNS = (*BLOCK_COLUMNS, SCORED, *ANSWER)


@analysis("best", row="a block: which scheme to take there", columns=COLUMNS)
def best(tables, settings):
    """The best scheme of every block by its mean over seeds, on the chosen runs.

    It was picked on the same seeds, so its score is a little flattered and `as_good`, if anything, too short.
    """
    rows = []
    for key, value, _ in blocks(scores(tables.chosen_runs)):
        rows.append(dict(zip(BLOCK, key, strict=True)) | {"metric": METRIC} | _best(key, value))
    return frame_of(rows, COLUMNS)


def _best(key: tuple, values: pd.DataFrame) -> dict:
    """The answer for one block; values are seeds × schemes."""
    whole = values.dropna()
    row = dict.fromkeys([column.name for column in ANSWER]) | {"n": len(whole)}
    short = len(values) - len(whole)
    left_out = f"{short} of {len(values)} seeds left out, because a cell lacks them" if short else None
    if whole.empty:
        return row | {"note": "cannot be ranked, because no seed is in every cell of the block"}
    means = whole.mean().sort_values(ascending=False, kind="stable")
    first = means.index[0]
    row |= {"scheme": first, "score": means.iloc[0], "spread": means.iloc[0] - means.iloc[-1], "note": left_out}
    if len(means) == 1:
        return row | {"note": join_notes("the only scheme of the block", left_out)}
    row |= {"runner_up": means.index[1], "margin": means.iloc[0] - means.iloc[1]}
    if len(whole) == 1:
        return row | {"note": join_notes("one seed: how sure this is cannot be told", left_out)}
    row["stays_best"] = _stays_best(whole, first, keyed(0, "best scheme", *map(str, key), METRIC))
    return row | {"as_good": " | ".join(_as_good(whole, list(means.index))) or None}


def _stays_best(whole: pd.DataFrame, first: str, rng: np.random.Generator) -> float:
    """Share of resamples of the seeds that put `first` on top; a shared top counts its part."""
    ranks = rank_rows(seed_weights(len(whole), rng) @ whole.to_numpy())
    top = ranks == ranks.min(axis=1, keepdims=True)
    return float((top[:, whole.columns.get_loc(first)] / top.sum(axis=1)).mean())


def _as_good(whole: pd.DataFrame, schemes: list[str]) -> list[str]:
    """The schemes that a paired test does not tell from the first, best of them first."""
    first, *others = schemes
    tests = []
    for name in others:
        pair = (whole[first].to_numpy(), whole[name].to_numpy())
        tests.append(pair_row((first, name), pair, pair))
    adjust(tests)
    return [name for name, test in zip(others, tests, strict=True) if not test["p_adjusted"] <= ALPHA]
