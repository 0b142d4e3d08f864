"""Which schemes to take in each block: the best, those shown to be as good, and what cannot be told."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.scores import (
    ALPHA,
    BLOCK_COLUMNS,
    CONFIDENCE,
    METRIC,
    MINIMUM_SEEDS,
    NOTE,
    PAIRS,
    ROPE,
    SCORED,
    blocks,
    frame_of,
    join_notes,
    scores,
)
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics.choosing import below_best, best_means, flips, sure_within, within_margin
from initbench.statistics.paired import RESOLUTION, sign_flip_interval, smallest_p
from initbench.study.cells import BLOCK

BETWEEN = " | "  # no label holds it
ANSWER = (
    Column(
        "best", str, "the scheme with the highest mean over seeds; where several tie, all of them, separated by ' | '"
    ),
    PAIRS,
    Column("score", float, "that mean"),
    Column("low", float, "lower end of its 95 % interval over seeds (inverted sign flips)"),
    Column("high", float, "upper end"),
    Column("spread", float, "best less worst scheme: how much the choice matters"),
    ROPE,
    Column(
        "how_sure",
        float,
        "posterior probability that the best scheme's mean (each one's, where several tie) lies within rope of the truly best "
        "one's; measured: true at least as often as it says",
        unit="probability",
    ),
    Column(
        "as_good",
        str,
        "the others shown to lie within rope of the truly best one (5 % a block that one of them does not), separated by ' | '",
    ),
    Column("undecided", str, "those shown neither to lie within rope nor to be worse; more seeds would tell"),
    Column(
        "worse", str, "those shown to be worse than the best, and not to lie within rope (5 % a block that one is not)"
    ),
    NOTE,
)
COLUMNS = (*BLOCK_COLUMNS, SCORED, *ANSWER)


@analysis("best", row="a block: which schemes to take there", settings=("rope", "looks"), columns=COLUMNS)
def best(tables, settings):
    """The best scheme of every block by its mean over seeds, on the chosen runs, and every other in one of three lists.

    The best was picked on the same seeds, so its score is a little flattered; the lists and `how_sure` allow for it, since they
    take any scheme for the one that may truly be the best. At each of several planned looks a list errs in its share of the 5 %.
    """
    rows = []
    for key, value, _ in blocks(scores(tables.chosen_runs)):
        answer = _answer(key, value, settings.rope, ALPHA / settings.looks)
        rows.append(dict(zip(BLOCK, key, strict=True)) | {"metric": METRIC, "rope": settings.rope} | answer)
    return frame_of(rows, COLUMNS)


def _answer(key: tuple, values: pd.DataFrame, rope: float, alpha: float) -> dict:
    """The answer for one block; values are seeds × schemes."""
    whole = values.dropna()
    n, short = len(whole), len(values) - len(whole)
    row = {"n": n, "best": None, "as_good": None, "undecided": None, "worse": None}
    left_out = f"{short} of {len(values)} seeds left out, because a cell lacks them" if short else None
    if whole.empty:
        return row | {"note": "cannot be ranked, because no seed is in every cell of the block"}
    means = whole.mean().to_numpy()
    top = best_means(means)
    order = np.argsort(-means, kind="stable")
    row |= {"best": _names(whole, order, top), "score": means.max(), "spread": np.ptp(means)}
    if n == 1:
        row["undecided"] = _names(whole, order, ~top)
        return row | {"note": join_notes("one seed: how sure this is cannot be told", left_out)}
    row |= _interval(whole.to_numpy()[:, order[0]])
    if whole.shape[1] == 1:
        return row | {"how_sure": 1.0, "note": join_notes("the only scheme of the block", row["note"], left_out)}
    row |= _lists(key, whole, order, top, (rope, alpha))
    return row | {"note": join_notes(_floor(n, alpha), row["note"], left_out)}


def _interval(scores: np.ndarray) -> dict:
    """The ends of the interval of the mean, or why there is none."""
    found = sign_flip_interval(scores, CONFIDENCE, RESOLUTION * np.abs(scores))
    if found:
        return {"low": found[0], "high": found[1], "note": None}
    few = len(scores) < MINIMUM_SEEDS
    why = f"{len(scores)} seeds are too few" if few else "the score is the same at every seed"
    return {"note": f"no interval of the mean, because {why}"}


def _lists(key: tuple, whole: pd.DataFrame, order: np.ndarray, top: np.ndarray, asked: tuple[float, float]) -> dict:
    """How sure the best are, and the three lists of the others, best first; asked: rope and level."""
    (rope, alpha), values, name = asked, whole.to_numpy(), tuple(map(str, key))
    signs = flips(len(values))
    sure = sure_within(values, rope, keyed(0, "best scheme", *name))
    within = ~top & (within_margin(values, rope, signs) <= alpha)
    worse = ~top & ~within & (below_best(values, signs, alpha) <= alpha)
    lists = {"as_good": within, "undecided": ~top & ~within & ~worse, "worse": worse}
    return {"how_sure": float(sure[top].min())} | {list_: _names(whole, order, part) for list_, part in lists.items()}


def _names(whole: pd.DataFrame, order: np.ndarray, wanted: np.ndarray) -> str | None:
    """The wanted schemes, best first."""
    return BETWEEN.join(str(whole.columns[i]) for i in order if wanted[i]) or None


def _floor(n: int, alpha: float) -> str | None:
    """What so few seeds can never show."""
    one_sided, either = smallest_p(n + 1), smallest_p(n)
    if one_sided > alpha:
        return f"{n} seeds can show no scheme to be as good or worse (no p below {one_sided:.3g})"
    return f"{n} seeds can show no scheme to be worse (no p below {either:.3g})" if either > alpha else None
