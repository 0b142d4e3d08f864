"""How far the rule for diverged runs decides the comparisons."""

import numpy as np
import pandas as pd

from initbench.analyses import analysis
from initbench.analyses.comparisons import compare
from initbench.analyses.scores import (
    ALPHA,
    BLOCK_COLUMNS,
    DIVERGED,
    NOTE,
    REFERENCE,
    SCHEME,
    SCORED,
    join_notes,
    scores,
)
from initbench.base.columns import Column
from initbench.study.cells import BLOCK, CELL

KEYS = [*BLOCK, "metric", "scheme", "reference"]


@analysis(
    "divergence_rules",
    row="a scheme against the reference in a block, under each rule for diverged runs",
    settings=("reference", "looks"),
    columns=(
        *BLOCK_COLUMNS, SCORED, SCHEME, REFERENCE,
        Column("missing", int, "runs of the two schemes that have no value, because they diverged"),
        *(
            Column(f"{what}_{rule}", kind, f"{meaning}, {how}")
            for rule, how in DIVERGED.items()
            for what, kind, meaning in (
                ("p_adjusted", float, "adjusted p"),
                ("verdict", str, "better, worse or no difference shown"),
            )
        ),
        Column("robust", bool, "whether all three rules give one verdict"),
        NOTE,
    ),
)  # fmt: skip
def divergence_rules(tables, settings):
    """Whether the conclusion of each row of `comparisons` depends on the rule for runs without a value."""
    scored = {rule: scores(tables.chosen_runs, rule) for rule in DIVERGED}
    compared = {rule: compare(table, settings.reference, settings.looks) for rule, table in scored.items()}
    result = compared["worst"][KEYS]
    result = result.assign(missing=_missing(scored, result))
    for rule, table in compared.items():
        verdicts = [verdict(row) for row in table.itertuples()]
        kept = table[KEYS].assign(**{f"p_adjusted_{rule}": table["p_adjusted"], f"verdict_{rule}": verdicts})
        result = result.merge(kept.astype({f"verdict_{rule}": "str"}), on=KEYS, how="left")
        result[f"verdict_{rule}"] = result[f"verdict_{rule}"].fillna("not tested")
    verdicts = result[[f"verdict_{rule}" for rule in DIVERGED]]
    robust = verdicts.nunique(axis=1) == 1
    rows = {
        rule: dict(zip(_keys(table), zip(table["p"], table["note"], strict=True), strict=True))
        for rule, table in compared.items()
    }
    reasons = [_untested(rows, key) for key in _keys(result)]
    floors = compared["worst"]["smallest_p_adjusted"]
    notes = [
        join_notes(None if same else _differing(row), reason, _impossible(floor))
        for same, row, reason, floor in zip(robust, verdicts.to_numpy(), reasons, floors, strict=True)
    ]
    return result.assign(robust=robust.astype(bool), note=pd.Series(notes, index=result.index, dtype="str"))


def _keys(table: pd.DataFrame) -> list[tuple]:
    return list(table[KEYS].itertuples(index=False, name=None))


def verdict(row) -> str:
    """What a row of `comparisons` says of the scheme: better, worse, no difference shown, not tested."""
    if not np.isfinite(row.p_adjusted):
        return "not tested"
    if row.p_adjusted > ALPHA:
        return "no difference shown"
    return "better" if row.mean_difference > 0 else "worse"


def _differing(verdicts) -> str:
    """What each rule says, where they disagree."""
    return f"depends on the rule ({'; '.join(f'{rule}: {v}' for rule, v in zip(DIVERGED, verdicts, strict=True))})"


def _impossible(floor: float) -> str | None:
    """That no outcome of so few seeds and so many schemes would show a difference."""
    return f"no difference can be shown at {ALPHA:g}: no p_adjusted is below {floor:.3g}" if floor > ALPHA else None


def _untested(rows: dict[str, dict[tuple, tuple]], key: tuple) -> str | None:
    """Under which rules a row could not be tested, and why, as `comparisons` says it; rows: rule → key → (p, note)."""
    reasons: dict[str, list[str]] = {}
    for rule, known in rows.items():
        p, note = known.get(key, (np.nan, "cannot be tested, because a scheme has no value at all"))
        if np.isnan(p):
            reasons.setdefault(note, []).append(rule)
    return join_notes(*(f"{', '.join(rules)}: {reason}" for reason, rules in reasons.items()))


def _missing(scored: dict[str, pd.DataFrame], rows: pd.DataFrame) -> list[int]:
    """How many runs of the pair have no value, for each row of a comparison."""
    every, finished = (scored[rule].groupby(CELL, observed=True).size() for rule in ("worst", "drop"))
    gone = every.sub(finished, fill_value=0)
    pairs = rows[[*BLOCK, "scheme", "reference"]].itertuples(index=False, name=None)
    return [int(sum(gone.get((*pair[:-2], scheme), 0) for scheme in pair[-2:])) for pair in pairs]
