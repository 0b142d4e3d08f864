"""Schemes compared within a block: exact paired tests over seeds, Holm's correction, effect sizes with intervals."""

from collections.abc import Callable
from itertools import combinations

import numpy as np
import pandas as pd

from initbench.statistics.frames import BLOCK, METRICS, blocks, check_choice, join_notes, scores, table_of
from initbench.statistics.paired import TESTS, differences, holm, median_interval, smallest_p, vargha_delaney, wins

NUMBERS = ["statistic", "p", "p_adjusted", "effect", "effect_low", "effect_high", "a", "wins", "mean_difference"]
PAIR_COLUMNS = {
    **dict.fromkeys(["metric", "scheme", "reference"], "str"),
    "n": "int64",
    "test": "str",
    **dict.fromkeys(NUMBERS, "float64"),
    "note": "str",
}
COLUMNS = {**dict.fromkeys(BLOCK, "key"), **PAIR_COLUMNS}


def compare(
    runs: pd.DataFrame,
    reference: str = "xavier_tanh",
    metric: str = "test_accuracy",
    *,
    diverged: str = "worst",
    test: str = "sign_flip",
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Every scheme against the reference in every block, paired by seed, on the selected runs.

    One row per block and scheme: `n` pairs; `test`, `statistic`, two-sided `p`, and `p_adjusted` by Holm within the
    family, which is the schemes tested against the reference in the block and metric; `effect`, the median of the paired
    differences scheme − reference in the metric's unit, with `effect_low` and `effect_high` that cover the true median
    at least with `confidence` (see `median_interval`); `a`, Vargha and Delaney's A, and `wins`, the share of seeds won
    with ties half, both above ½ where the scheme is the better one whatever the metric's direction; `mean_difference`;
    `note`. Where p is null, the note begins "cannot be tested, because". `diverged` is the rule for runs without a value
    (frames.DIVERGED), `test` one of paired.TESTS; `alpha` only decides when a note says that it is out of reach.
    """
    table = scores(runs, metric, diverged)
    pairs = [(scheme, reference) for scheme in sorted(table["scheme"].unique()) if scheme != reference]
    return compare_scores(table, metric, lambda _: pairs, test, confidence, alpha)


def compare_all_pairs(
    runs: pd.DataFrame,
    metric: str = "test_accuracy",
    *,
    diverged: str = "worst",
    test: str = "sign_flip",
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Every pair of a block's schemes, with the columns of `compare`; the family is all pairs of the block.

    Where even the smallest attainable p, 2^(1−n), times the number of pairs exceeds `alpha`, nothing is tested and the
    note says so: ten seeds carry 25 pairs at 0.05, not the 45 of ten schemes.
    """
    table = scores(runs, metric, diverged)
    pairs = lambda schemes: list(combinations(schemes, 2))  # noqa: E731
    return compare_scores(table, metric, pairs, test, confidence, alpha, powerless=_powerless)


def compare_scores(
    table: pd.DataFrame,
    metric: str,
    pairs: Callable[[list[str]], list[tuple[str, str]]],
    test: str,
    confidence: float,
    alpha: float,
    powerless: Callable | None = None,
) -> pd.DataFrame:
    """The comparisons of a `frames.scores` table; `pairs` maps a block's schemes to what is compared there."""
    check_choice("test", test, TESTS)
    rows = []
    for key, value, goodness in blocks(table):
        family = pairs(list(value.columns))
        pair_rows = [_pair(key, value, goodness, *pair, metric, test, confidence, alpha) for pair in family]
        if powerless:
            powerless(pair_rows, alpha)
        adjust(pair_rows)
        rows += [dict(zip(BLOCK, key, strict=True)) | row for row in pair_rows]
    return _with_key_types(table_of(rows, COLUMNS), table)


def adjust(rows: list[dict]) -> None:
    """Set `p_adjusted` by Holm over the rows that have a p (Holm 1979)."""
    tested = [row for row in rows if np.isfinite(row["p"])]
    if tested:
        for row, p in zip(tested, holm([row["p"] for row in tested]), strict=True):
            row["p_adjusted"] = float(p)


def pair_row(x, y, better_x, better_y, metric: str, names: tuple[str, str], test: str, confidence, alpha, key) -> dict:
    """One comparison of paired values x and y, and their orientations in which more is better, each (n,)."""
    n = len(x)
    row = dict.fromkeys(PAIR_COLUMNS, np.nan) | {"metric": metric, "scheme": names[0], "reference": names[1], "n": n}
    row |= {"test": None, "note": None}
    if n == 0:
        return row
    d, resolution = differences(x, y)
    row |= {"effect": float(np.median(d)), "mean_difference": float(d.mean())}
    row |= {"a": vargha_delaney(better_x, better_y), "wins": wins(better_x, better_y)}
    if n == 1:
        return row | {"note": "cannot be tested, because one pair of seeds shows no spread"}
    done = TESTS[test](d, resolution, (*key, metric, *names))
    row |= {"test": done.name, "statistic": done.statistic, "p": min(done.p, 1.0)}
    interval = median_interval(d, confidence)
    if interval:
        row |= {"effect_low": interval[0], "effect_high": interval[1]}
    return row | {"note": _remark(d, interval, confidence, alpha)}


def _pair(key, value, goodness, scheme, reference, metric, test, confidence, alpha) -> dict:
    """The comparison of two columns of a block, on the seeds that both have."""
    names = (scheme, reference)
    absent = [name for name in names if name not in value.columns]
    have = [name for name in names if name in value.columns]
    seeds = value.index[value[have].notna().all(axis=1)] if not absent else value.index[:0]
    columns = [part.loc[seeds, name].to_numpy() for part in (value, goodness) for name in names if not absent]
    row = pair_row(*(columns or [[]] * 4), metric, names, test, confidence, alpha, key)
    if absent:
        return row | {"note": f"cannot be tested, because this block has no run of {' and '.join(absent)}"}
    if row["n"] == 0:
        return row | {"note": "cannot be tested, because no seed has a value under both schemes"}
    unpaired = len(value) - row["n"]
    return row | {
        "note": join_notes(row["note"], f"{unpaired} of {len(value)} seeds have no pair" if unpaired else None)
    }


def _remark(d: np.ndarray, interval, confidence: float, alpha: float) -> str | None:
    """What a reader must know of a test that was done."""
    n, moving = len(d), int(np.sum(d != 0))
    floor = smallest_p(moving)
    if moving == 0:
        limit = f"all {n} differences are zero: no evidence of a difference"
    elif floor > alpha:
        limit = f"{moving} non-zero differences give no p below {floor:.3g}, so no difference can be shown at {alpha:g}"
    else:
        limit = None
    covers = (
        f"the range of {n} differences covers the median with {1 - smallest_p(n):.3g} only, so no interval is given"
    )
    return join_notes(limit, None if interval else covers + f" at {confidence:g}")


def _powerless(rows: list[dict], alpha: float) -> None:
    """Withdraw the tests of a family that is too large for its number of seeds."""
    tested = [row for row in rows if np.isfinite(row["p"])]
    n = max((row["n"] for row in tested), default=0)
    if not tested or smallest_p(n) * len(tested) <= alpha:
        return
    reason = (
        f"cannot be tested, because {n} seeds give no p below {smallest_p(n):.3g}, and Holm over {len(tested)} pairs asks "
        f"for {alpha / len(tested):.3g}: compare against one reference or add seeds"
    )
    for row in tested:
        row |= {"test": None, "statistic": np.nan, "p": np.nan, "note": reason}


def _with_key_types(result: pd.DataFrame, table: pd.DataFrame) -> pd.DataFrame:
    """Block keys with the types that they had in the runs."""
    return result.astype({key: table[key].dtype for key in BLOCK}) if len(table.columns) else result


def verdict(row, metric: str, alpha: float) -> str:
    """What a row of `compare` says of the scheme: better, worse, no difference shown, not tested."""
    if not np.isfinite(row.p_adjusted):
        return "not tested"
    if row.p_adjusted > alpha:
        return "no difference shown"
    if row.test.startswith("sign-flip"):  # a test of the mean; the others look at signs and ranks
        return "better" if (row.mean_difference > 0) == METRICS[metric].higher_is_better else "worse"
    return "better" if row.wins > 0.5 else "worse"
