"""Every pair of schemes of a scope: difference, interval, wins, the pair's own test, and p adjusted for all pairs."""

from itertools import combinations

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.pairs import PAIR_COLUMNS, SMALLEST_P_ADJUSTED
from initbench.analyses.pooled_comparisons import pooled_row
from initbench.analyses.pooling import Cube, cube_of, pooled_pair
from initbench.analyses.scores import BLOCKS, P_ADJUSTED, SCOPE, frame_of, scopes, scores
from initbench.base.columns import Column
from initbench.statistics.paired import differences
from initbench.statistics.step_down import step_down

MANY = 30  # schemes; with more, 435 pairs and more are compared over all blocks only
STEP_DOWN = Column(
    "p_adjusted",
    float,
    "p adjusted for all pairs of the scope (step-down of the largest statistic)",
    unit="probability",
)
KEPT = tuple(column for column in PAIR_COLUMNS if column is not SMALLEST_P_ADJUSTED)
COLUMNS = (SCOPE, BLOCKS, *(STEP_DOWN if column is P_ADJUSTED else column for column in KEPT))


@analysis("scheme_pairs", row="a pair of schemes in a scope", settings=("looks",), columns=COLUMNS)
def scheme_pairs(tables, settings):
    """All pairs as `pooled_comparisons` has those with the reference: one value a seed, its mean over the common blocks.

    A pair's answer, all but `p_adjusted`, does not change when other schemes are added. `p_adjusted` says how often a
    scope of equal schemes would show any pair so clear; more schemes make it larger. With more than 30 schemes there is
    one scope, all.
    """
    rows = []
    for scope, part in scopes(scores(tables.chosen_runs)):
        cube = cube_of(part)
        if scope == "all" or len(cube.schemes) <= MANY:
            rows += [{"scope": scope} | row for row in _pairs(cube, settings.looks)]
    return frame_of(rows, COLUMNS)


def _pairs(cube: Cube, looks: int) -> list[dict]:
    """The rows of one scope."""
    pairs = list(combinations(cube.schemes, 2))
    rows = [pooled_row(cube, names) for names in pairs]
    tested = [(row, names) for row, names in zip(rows, pairs, strict=True) if np.isfinite(row["p"])]
    if tested:
        d = np.array([_differences(cube, names) for _, names in tested])
        for (row, _), p in zip(tested, step_down(d[:, 0], d[:, 1]), strict=True):
            least = max(float(p), row["p"])  # beyond 13 seeds the two draw their signs apart
            row["p_adjusted"] = min(looks * least, 1.0)
    return rows


def _differences(cube: Cube, names: tuple[str, str]) -> np.ndarray:
    """Paired differences and their resolution at all seeds of the scope, (2, seeds), 0 where the pair has none."""
    pair = pooled_pair(cube, names)
    found = np.zeros((2, len(cube.seeds)))
    found[:, pair.used] = differences(pair.x, pair.y)
    return found
