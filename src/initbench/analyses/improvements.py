"""Probability that a run of each scheme beats one of the reference in the same block, averaged over blocks."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.aggregates import scored_scopes
from initbench.analyses.scores import (
    BLOCKS,
    CONFIDENCE,
    HIGH,
    LOW,
    MINIMUM_SEEDS,
    NOTE,
    REFERENCE,
    SCHEME,
    SCOPE,
    SCORED,
    SEEDS,
    frame_of,
    join_notes,
    no_spread,
)  # fmt: skip
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics.aggregate import improvement_interval, probability_of_improvement

COLUMNS = (
    SCOPE, SCORED, SCHEME, REFERENCE,
    Column(
        "probability", float,
        "probability of improvement: P(a run of the scheme beats one of the reference), ties half, mean over blocks", unit="probability",
    ),
    LOW, HIGH, BLOCKS, SEEDS, NOTE,
)  # fmt: skip


@analysis(
    "improvements",
    row="a scheme against the reference in a scope: probability of improvement",
    settings=("reference",),
    columns=COLUMNS,
)
def improvements(tables, settings):
    """The probability of improvement of Agarwal et al. (2021), with an interval by resampling seeds."""
    rows = []
    for shared, matrices in scored_scopes(tables.chosen_runs):
        for scheme in (name for name in matrices if name != settings.reference):
            key = (shared["scope"], scheme, settings.reference)
            row = shared | {"scheme": scheme, "reference": settings.reference}
            row |= _improvement(matrices[scheme], matrices.get(settings.reference), key)
            rows.append(row | {"note": join_notes(row["note"], no_spread(row))})
    return frame_of(rows, COLUMNS)


def _improvement(x: np.ndarray, y: np.ndarray | None, key: tuple[str, str, str]) -> dict:
    """The probability and its interval, as far as there are runs; x, y (seeds, blocks)."""
    if y is None:
        return {"note": f"cannot be compared, because there is no run of {key[2]}"}
    if not x.size:
        return {}
    row = {"probability": probability_of_improvement(x, y)}
    if len(x) >= MINIMUM_SEEDS:
        row["low"], row["high"] = improvement_interval(x, y, keyed(0, "improvement", *key), CONFIDENCE)
    return row
