"""One comparison of paired values, as the rows of several tables have it: difference, interval, test, a caution."""

import numpy as np

from initbench.analyses.scores import (
    ALPHA,
    CONFIDENCE,
    METRIC,
    MINIMUM_SEEDS,
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
from initbench.statistics.paired import (
    differences,
    holm,
    sign_flip,
    sign_flip_interval,
    smallest_p,
    vargha_delaney,
    wins,
)

SMALLEST_P = Column("smallest_p", float, "the smallest p that so many seeds that differ can give", unit="probability")
SMALLEST_P_ADJUSTED = Column(
    "smallest_p_adjusted", float, "the smallest p_adjusted that such families can give", unit="probability"
)
PAIR_COLUMNS = (
    SCORED, SCHEME, REFERENCE, PAIRS,
    Column("mean_difference", float, "mean of the paired differences scheme − reference, in the metric's unit"),
    Column(
        "mean_low", float,
        "lower end of its 95 % interval over seeds: the inverted sign-flip test, so that it excludes 0 exactly if p ≤ 0.05",
    ),
    Column("mean_high", float, "upper end"),
    Column("wins", int, "seeds on which the scheme is the better one"),
    Column("ties", int, "seeds on which the two are tied"),
    Column("losses", int, "seeds on which the reference is the better one"),
    Column("test", str, "the test of the mean that gave p; null if there was none"),
    P,
    SMALLEST_P,
    P_ADJUSTED,
    SMALLEST_P_ADJUSTED,
    Column("median_difference", float, "median of the paired differences"),
    Column("a", float, "Vargha and Delaney's A: P(scheme better) + ½ P(tie), ignoring pairs", unit="probability"),
    NOTE,
)  # fmt: skip


def pair_row(names: tuple[str, str], values, goodness) -> dict:
    """The row of one scheme against another from their paired values and goodness, (x, y) each, of shape (n,).

    It depends on nothing else: a further scheme, block or pair changes none of it. A run that diverged has a value by some rule
    and the lowest goodness: differences look at values, orders at goodness. `p_adjusted` is left to `adjust`.
    """
    x, y = values
    n = len(x)
    row = dict.fromkeys([column.name for column in PAIR_COLUMNS], np.nan) | {"metric": METRIC, "n": n}
    row |= {"scheme": names[0], "reference": names[1], "test": None, "note": None}
    row |= dict(zip(("wins", "ties", "losses"), wins(*goodness), strict=True))
    if n == 0:
        return row
    d, resolution = differences(x, y)
    row |= {"mean_difference": float(d.mean()), "median_difference": float(np.median(d))}
    row |= {"a": vargha_delaney(*goodness)}
    if n == 1:
        return row | {"note": "cannot be tested, because one pair of seeds shows no spread"}
    done = sign_flip(d, resolution)
    interval = sign_flip_interval(d, CONFIDENCE, resolution)
    row |= {"test": done.name, "p": done.p, "smallest_p": smallest_p(int(np.sum(d != 0)))}
    row |= dict(zip(("mean_low", "mean_high"), interval or (np.nan, np.nan), strict=True))
    return row | {"note": _caution(d, interval)}


def adjust(rows: list[dict], looks: int = 1) -> None:
    """Set `p_adjusted` by Holm over the rows that have a p (Holm 1979), and note where no outcome could make it small.

    It counts so many looks at the results while seeds are added: times their number, which holds whatever looks share.

    `smallest_p_adjusted` is what Holm makes of every row's `smallest_p`.
    """
    tested = [row for row in rows if np.isfinite(row["p"])]
    adjusted, floors = (np.minimum(looks * holm([row[name] for row in tested]), 1.0) for name in ("p", "smallest_p"))
    for row, p, floor in zip(tested, adjusted, floors, strict=True):
        row |= {"p_adjusted": float(p), "smallest_p_adjusted": float(floor)}
        if row["smallest_p"] <= ALPHA < floor:
            often = f" and {looks} looks" if looks > 1 else ""
            impossible = f"{len(tested)} compared at once{often} leave no p_adjusted below {floor:.3g}"
            row["note"] = join_notes(row["note"], f"{impossible}, so no difference can be shown at {ALPHA:g}")


def _caution(d: np.ndarray, interval) -> str | None:
    """What a reader must know of a test that was done."""
    n, moving = len(d), int(np.sum(d != 0))
    floor = smallest_p(moving)
    if moving == 0:
        return f"all {n} differences are zero: no evidence of a difference, and no interval"
    limit = few = None
    if floor > ALPHA:
        limit = f"{moving} non-zero differences give no p below {floor:.3g}, so no difference can be shown at {ALPHA:g}"
    if n < MINIMUM_SEEDS:
        few = f"no interval from {n} seeds: it takes {MINIMUM_SEEDS}"
    elif interval is None:
        few = f"no interval: all {n} differences are alike"
    return join_notes(limit, few)
