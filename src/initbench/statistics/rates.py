"""Outcomes as rates: how often a cell's runs trained, stayed slow, stalled or diverged, and whether schemes differ in it."""

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.contingency_tables import mcnemar
from statsmodels.stats.proportion import proportion_confint

from initbench.statistics.comparisons import adjust
from initbench.statistics.frames import BLOCK, CELL, check_choice, require, selected_runs, table_of, trained_runs

OUTCOMES = ["trained", "slow", "stalled", "diverged"]
PAIR_NUMBERS = ["rate", "reference_rate", "difference", "p", "p_adjusted", "p_unpaired"]
PAIR_COLUMNS = {
    **dict.fromkeys(BLOCK, "key"),
    **dict.fromkeys(["outcome", "scheme", "reference"], "str"),
    "n": "int64",
    **dict.fromkeys(["only_scheme", "only_reference"], "int64"),
    **dict.fromkeys(PAIR_NUMBERS, "float64"),
    "note": "str",
}


def outcome_rates(runs: pd.DataFrame, keys: list[str] = CELL, confidence: float = 0.95) -> pd.DataFrame:
    """Rates of the four outcomes among the trained runs handed in, one row a group of `keys` and outcome.

    Columns: the keys, `outcome`, `n` runs, `count`, `rate`, and the Clopper–Pearson interval `rate_low`, `rate_high`,
    which covers at least with `confidence` (Clopper & Pearson 1934). Hand in the selected runs for a cell as it would be
    used, or all of them with the learning rate among the keys for how it fails.
    """
    require(runs, [*keys, "status"])
    numbers = {"n": "int64", "count": "int64", **dict.fromkeys(["rate", "rate_low", "rate_high"], "float64")}
    columns = {**dict.fromkeys(keys, "key"), "outcome": "str", **numbers}
    rows = []
    for key, group in trained_runs(runs).groupby(list(keys), observed=True):
        for outcome in OUTCOMES:
            count, n = int((group["status"] == outcome).sum()), len(group)
            low, high = clopper_pearson(count, n, confidence)
            row = {"outcome": outcome, "n": n, "count": count, "rate": count / n, "rate_low": low, "rate_high": high}
            rows.append(dict(zip(keys, key, strict=True)) | row)
    return table_of(rows, columns)


def clopper_pearson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of a proportion."""
    low, high = proportion_confint(count, n, alpha=1 - confidence, method="beta")
    return float(low), float(high)


def compare_outcomes(runs: pd.DataFrame, reference: str = "xavier_tanh", outcome: str = "trained") -> pd.DataFrame:
    """Whether each scheme has the outcome more or less often than the reference, in every block, on the selected runs.

    One row per block and scheme: `n` seeds paired; `rate` and `reference_rate` on them and their `difference`;
    `only_scheme` and `only_reference`, the seeds on which just one of the two has the outcome; `p` of McNemar's exact
    test, paired by seed (McNemar 1947), `p_adjusted` by Holm within the block; `p_unpaired` of Fisher's exact test, which
    ignores the pairing; `note`.
    """
    check_choice("outcome", outcome, OUTCOMES)
    require(runs, [*CELL, "seed", "status", "selected"])
    chosen = selected_runs(runs)
    schemes = sorted(set(chosen["scheme"]) - {reference})
    rows = []
    for key, block in chosen.groupby(BLOCK, observed=True):
        happened = (
            block.assign(happened=(block["status"] == outcome).astype(float))
            .pivot(index="seed", columns="scheme", values="happened")
            .reindex(columns=[*schemes, reference])
        )
        family = [_pair(happened[scheme], happened[reference], outcome) for scheme in schemes]
        adjust(family)
        rows += [dict(zip(BLOCK, key, strict=True)) | row for row in family]
    return table_of(rows, PAIR_COLUMNS)


def _pair(scheme: pd.Series, reference: pd.Series, outcome: str) -> dict:
    """McNemar's and Fisher's tests of two columns of 0, 1 and NaN (no such run)."""
    both = scheme.notna() & reference.notna()
    x, y = scheme[both].to_numpy(dtype=bool), reference[both].to_numpy(dtype=bool)
    n = len(x)
    row = dict.fromkeys(PAIR_NUMBERS, np.nan) | {"outcome": outcome, "scheme": scheme.name, "reference": reference.name}
    row |= {"n": n, "only_scheme": int(np.sum(x & ~y)), "only_reference": int(np.sum(y & ~x)), "note": None}
    if n == 0:
        absent = [str(side.name) for side in (scheme, reference) if side.isna().all()]
        reason = f"this block has no run of {' and '.join(absent)}" if absent else "no seed has both runs"
        return row | {"note": f"cannot be tested, because {reason}"}
    row |= {"rate": float(x.mean()), "reference_rate": float(y.mean()), "difference": float(x.mean() - y.mean())}
    if n == 1:
        return row | {"note": "cannot be tested, because one pair of seeds shows no spread"}
    table = [[int(np.sum(x & y)), row["only_scheme"]], [row["only_reference"], int(np.sum(~x & ~y))]]
    row["p"] = min(1.0, float(mcnemar(table, exact=True).pvalue))
    row["p_unpaired"] = min(1.0, float(stats.fisher_exact([[x.sum(), (~x).sum()], [y.sum(), (~y).sum()]]).pvalue))
    if row["only_scheme"] + row["only_reference"] == 0:
        row["note"] = "no seed on which only one of the two has the outcome: no evidence of a difference"
    return row
