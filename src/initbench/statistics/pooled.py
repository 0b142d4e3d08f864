"""Comparisons pooled over blocks with the seed as the unit, and how far the rule for diverged runs decides them."""

import numpy as np
import pandas as pd

from initbench.statistics.comparisons import PAIR_COLUMNS, adjust, compare, pair_row, verdict
from initbench.statistics.frames import BLOCK, DIVERGED, METRICS, check_choice, join_notes, scopes, scores, table_of
from initbench.statistics.paired import TESTS

POOLED_COLUMNS = {"scope": "str", "blocks": "int64", **PAIR_COLUMNS}


def compare_pooled(
    runs: pd.DataFrame,
    reference: str = "xavier_tanh",
    metric: str = "test_accuracy",
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
    test: str = "sign_flip",
    confidence: float = 0.95,
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Every scheme against the reference over all blocks at once: one value a seed, its mean over the blocks.

    Blocks of one seed share data and draws, so the seed, not the block, is what repeats; pooling this way keeps the test
    exact. Columns as in `compare`, with `scope` ("all", then one for each value of the keys in `by`) and `blocks`, the
    number of blocks that have every seed under both schemes, in place of the block's keys; the family is a scope's schemes.
    """
    check_choice("test", test, TESTS)
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        schemes = [scheme for scheme in sorted(part["scheme"].unique()) if scheme != reference]
        family = [_pooled(scope, part, (s, reference), metric, test, confidence, alpha) for s in schemes]
        adjust(family)
        rows += family
    return table_of(rows, POOLED_COLUMNS)


def _pooled(scope: str, part: pd.DataFrame, names: tuple[str, str], metric, test, confidence, alpha) -> dict:
    """One scheme against the reference in a scope, on the blocks that have both."""
    wide = part.pivot(index=BLOCK, columns=["scheme", "seed"], values="value")
    here = [name for name in names if name in wide.columns.get_level_values("scheme")]
    both = [wide[name].dropna(how="all") for name in here]
    common = both[0].index.intersection(both[1].index) if len(here) == 2 else wide.index[:0]
    tables = [side.loc[common] for side in both]
    seeds = (
        sorted(set.intersection(*(set(side.dropna(axis="columns").columns) for side in tables))) if len(common) else []
    )
    x, y = (side[seeds].mean().to_numpy() for side in tables) if seeds else ([], [])
    sign = 1 if METRICS[metric].higher_is_better else -1
    better = (sign * np.asarray(x), sign * np.asarray(y))
    row = pair_row(x, y, *better, metric, names, test, confidence, alpha, ("pooled", scope))
    if not len(common):
        row["note"] = f"cannot be tested, because no block has runs of both {names[0]} and {names[1]}"
    elif not seeds:
        row["note"] = "cannot be tested, because no seed has a value in every block under both schemes"
    return {"scope": scope, "blocks": len(common)} | row


def divergence_sensitivity(
    runs: pd.DataFrame,
    reference: str = "xavier_tanh",
    metric: str = "test_accuracy",
    *,
    test: str = "sign_flip",
    alpha: float = 0.05,
) -> pd.DataFrame:
    """Whether the conclusion of each row of `compare` depends on the rule for runs without a value.

    Block keys, metric, scheme, reference; `missing`, the runs of the two schemes that have no value; for each rule of
    frames.DIVERGED its `p_adjusted_<rule>` and `verdict_<rule>` (better, worse, no difference shown, not tested);
    `robust`, whether all rules give one verdict; `note`, which differ.
    """
    keys = [*BLOCK, "metric", "scheme", "reference"]
    tables = {rule: compare(runs, reference, metric, diverged=rule, test=test, alpha=alpha) for rule in DIVERGED}
    result = tables["worst"][keys].assign(missing=_missing(runs, metric, tables["worst"]))
    for rule, table in tables.items():
        said = [verdict(row, metric, alpha) for row in table.itertuples()]
        kept = table[keys].assign(**{f"p_adjusted_{rule}": table["p_adjusted"], f"verdict_{rule}": said})
        result = result.merge(kept.astype({f"verdict_{rule}": "str"}), on=keys, how="left")
        result[f"verdict_{rule}"] = result[f"verdict_{rule}"].fillna("not tested")
    verdicts = result[[f"verdict_{rule}" for rule in DIVERGED]]
    robust = verdicts.nunique(axis=1) == 1
    said = ["; ".join(f"{rule}: {v}" for rule, v in zip(DIVERGED, row, strict=True)) for row in verdicts.to_numpy()]
    depends = [None if same else f"depends on the rule ({text})" for same, text in zip(robust, said, strict=True)]
    untested = [
        _untested(tables, dict(zip(keys, key, strict=True))) for key in result[keys].itertuples(index=False, name=None)
    ]
    notes = [join_notes(*pair) for pair in zip(depends, untested, strict=True)]
    return result.assign(robust=robust.astype(bool), note=pd.Series(notes, index=result.index, dtype="str"))


def _untested(tables: dict[str, pd.DataFrame], key: dict) -> str | None:
    """Under which rules a row could not be tested, and why, as `compare` says it."""
    reasons: dict[str, list[str]] = {}
    for rule, table in tables.items():
        row = table[np.logical_and.reduce([table[name] == value for name, value in key.items()])]
        if row.empty or row["p"].isna().all():
            reason = "cannot be tested, because a scheme has no value at all" if row.empty else row["note"].iloc[0]
            reasons.setdefault(reason, []).append(rule)
    return join_notes(*(f"{', '.join(rules)}: {reason}" for reason, rules in reasons.items()))


def _missing(runs: pd.DataFrame, metric: str, table: pd.DataFrame) -> list[int]:
    """How many runs of the pair have no value, for each row of a comparison."""
    every, finished = (
        scores(runs, metric, rule).groupby([*BLOCK, "scheme"], observed=True).size() for rule in ("worst", "drop")
    )
    gone = every.sub(finished, fill_value=0)
    cells = [
        [(*row[:-2], name) for name in row[-2:]]
        for row in table[[*BLOCK, "scheme", "reference"]].itertuples(index=False)
    ]
    return [int(sum(gone.get(cell, 0) for cell in pair)) for pair in cells]
