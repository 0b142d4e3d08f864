"""Performance profiles: the share of each scheme's runs that are better than each threshold."""

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.aggregates import scored_scopes
from initbench.analyses.scores import (
    BLOCKS,
    CONFIDENCE,
    HIGH,
    MINIMUM_SEEDS,
    NOTE,
    SCHEME,
    SCOPE,
    SCORED,
    SEEDS,
    frame_of,
    join_notes,
    no_spread,
)
from initbench.base.columns import Column
from initbench.base.randomness import keyed
from initbench.statistics.aggregate import profile_interval, shares_above

THRESHOLDS = 101  # over the range of the scores
CURVE = (
    Column("threshold", float, "a score"),
    Column("share", float, "share of the scheme's runs that are better than it", unit="share"),
    Column(
        "low",
        float,
        "lower end of its 95 % interval, at this threshold alone; whole seeds resampled; null where no seed differs",
    ),
    HIGH,
)
COLUMNS = (SCOPE, SCORED, SCHEME, *CURVE, BLOCKS, SEEDS, NOTE)


@analysis("profiles", row="a scheme at a threshold in a scope: performance profile", columns=COLUMNS)
def profiles(tables, settings):
    """The run-score distributions of Agarwal et al. (2021), with a pointwise interval by resampling seeds."""
    rows = []
    for shared, matrices in scored_scopes(tables.chosen_runs, by=("dataset", "normalization")):
        found = [scored for scored in matrices.values() if scored.size]
        if not found:
            continue
        levels = np.linspace(min(scored.min() for scored in found), max(scored.max() for scored in found), THRESHOLDS)
        for scheme, scored in matrices.items():
            shares = shares_above(scored, levels)
            low = high = np.full(len(levels), np.nan)
            if len(scored) >= MINIMUM_SEEDS:
                low, high = profile_interval(shares, keyed(0, "profile", shared["scope"], scheme), CONFIDENCE)
            names = [column.name for column in CURVE]
            for point in zip(levels, shares.mean(axis=0), low, high, strict=True):
                row = shared | {"scheme": scheme} | dict(zip(names, point, strict=True))
                rows.append(row | {"note": join_notes(shared["note"], no_spread(row))})
    return frame_of(rows, COLUMNS)
