"""One comparison of paired values, as the rows of several tables have it: tests, effect sizes, an interval, a caution."""

import numpy as np

from initbench.analyses.scores import (
    ALPHA,
    CONFIDENCE,
    METRIC,
    NOTE,
    P_ADJUSTED,
    PAIRS,
    REFERENCE,
    SCHEME,
    SCORED,
    P,
    join_notes,
)
from initbench.base.columns import Column
from initbench.statistics.paired import differences, holm, median_interval, sign_flip, smallest_p, vargha_delaney, wins

PAIR_COLUMNS = (
    SCORED, SCHEME, REFERENCE, PAIRS,
    Column("test", str, "the test that gave p; null if there was none"),
    Column("statistic", float, "its statistic"),
    P,
    P_ADJUSTED,
    Column("effect", float, "median of the paired differences scheme − reference, in the metric's unit"),
    Column("effect_low", float, "lower end of its interval (inverted sign test; covers at least 95 % over seeds)"),
    Column("effect_high", float, "upper end"),
    Column("a", float, "Vargha and Delaney's A: P(scheme better) + ½ P(tie), ignoring pairs"),
    Column("wins", float, "share of seeds on which the scheme is the better one, ties half"),
    Column("mean_difference", float, "mean of the paired differences, which the sign-flip test looks at"),
    NOTE,
)  # fmt: skip


def pair_row(names: tuple[str, str], values, goodness, key: tuple) -> dict:
    """The row of one scheme against another from their paired values and goodness, (x, y) each, of shape (n,).

    A run that diverged has a value by some rule and the lowest goodness: effects look at values, orders at goodness. Drawn
    signs are keyed by `key` and the names. `p_adjusted` is left to `adjust`.
    """
    x, y = values
    n = len(x)
    row = dict.fromkeys([column.name for column in PAIR_COLUMNS], np.nan) | {"metric": METRIC, "n": n}
    row |= {"scheme": names[0], "reference": names[1], "test": None, "note": None}
    if n == 0:
        return row
    d, resolution = differences(x, y)
    row |= {"effect": float(np.median(d)), "mean_difference": float(d.mean())}
    row |= {"a": vargha_delaney(*goodness), "wins": wins(*goodness)}
    if n == 1:
        return row | {"note": "cannot be tested, because one pair of seeds shows no spread"}
    done = sign_flip(d, resolution, (*key, METRIC, *names))
    row |= {"test": done.name, "statistic": done.statistic, "p": min(done.p, 1.0)}
    interval = median_interval(d, CONFIDENCE)
    if interval:
        row |= {"effect_low": interval[0], "effect_high": interval[1]}
    return row | {"note": _caution(d, interval)}


def adjust(rows: list[dict]) -> None:
    """Set `p_adjusted` by Holm over the rows that have a p (Holm 1979)."""
    tested = [row for row in rows if np.isfinite(row["p"])]
    if tested:
        for row, p in zip(tested, holm([row["p"] for row in tested]), strict=True):
            row["p_adjusted"] = float(p)


def _caution(d: np.ndarray, interval) -> str | None:
    """What a reader must know of a test that was done."""
    n, moving = len(d), int(np.sum(d != 0))
    floor = smallest_p(moving)
    if moving == 0:
        limit = f"all {n} differences are zero: no evidence of a difference"
    elif floor > ALPHA:
        limit = f"{moving} non-zero differences give no p below {floor:.3g}, so no difference can be shown at {ALPHA:g}"
    else:
        limit = None
    covers = (
        f"the range of {n} differences covers the median with {1 - smallest_p(n):.3g} only, so no interval is given"
    )
    return join_notes(limit, None if interval else f"{covers} at {CONFIDENCE:g}")
