"""Bayesian comparison across blocks with a region of practical equivalence."""

import numpy as np
import pandas as pd

from initbench.base.randomness import keyed_integer
from initbench.statistics.frames import complete_grid, join_notes, scopes, scores, table_of

PROBABILITIES = ["p_worse", "p_equivalent", "p_better"]
COLUMNS = {
    **dict.fromkeys(["scope", "metric", "scheme", "reference"], "str"),
    "blocks": "int64",
    "rope": "float64",
    **dict.fromkeys(PROBABILITIES, "float64"),
    "note": "str",
}


def signed_rank_posterior(
    reference, scheme, rope: float, seed: int = 0, draws: int = 20_000
) -> tuple[float, float, float]:
    """Probabilities that the scheme is worse, practically equivalent, better: baycomp's Bayesian signed-rank test.

    reference, scheme: mean scores (blocks,), more is better; rope > 0: differences up to it do not matter in practice.
    Benavoli et al. 2014; 2017 (JMLR 18), §4.2. ImportError if baycomp is not installed.
    """
    from baycomp import SignedRankTest

    if not rope > 0:
        raise ValueError(f"rope {rope!r}: the region of practical equivalence needs a width above 0")
    x, y = np.asarray(reference, dtype=float), np.asarray(scheme, dtype=float)
    worse, equivalent, better = SignedRankTest(x, y, rope=rope, nsamples=draws, random_state=seed).probs()
    return float(worse), float(equivalent), float(better)


def bayes_compare(
    runs: pd.DataFrame,
    reference: str = "xavier_tanh",
    metric: str = "test_accuracy",
    rope: float = 0.01,
    *,
    by: tuple[str, ...] = ("dataset",),
    diverged: str = "worst",
) -> pd.DataFrame:
    """Every scheme against the reference over blocks, on means over seeds: posterior probabilities that sum to 1.

    `p_worse`, `p_equivalent` (the difference in a block lies within ±rope, in the metric's unit) and `p_better`, for
    each scope, with `blocks` and `note`. The statement is about a further block of this kind, as far as the blocks can
    stand for independent draws of one.
    """
    rows = []
    for scope, part in scopes(scores(runs, metric, diverged), by):
        for scheme in sorted(set(part["scheme"]) - {reference}):
            grid = complete_grid(part[part["scheme"].isin([scheme, reference])], metric)
            row = {"scope": scope, "metric": metric, "scheme": scheme, "reference": reference, "rope": rope}
            rows.append(row | _posterior(grid, scheme, reference, rope, scope))
    return table_of(rows, COLUMNS)


def _posterior(grid, scheme: str, reference: str, rope: float, scope: str) -> dict:
    """The probabilities of one pair, or why there are none."""
    blocks, k, _seeds = grid.runs.shape
    row = dict.fromkeys(PROBABILITIES, np.nan) | {"blocks": blocks if k == 2 else 0}
    if k < 2 or not grid.runs.size:
        why = f"there is no run of {reference}" if k < 2 else "no block has both at one seed"
        return row | {"note": f"cannot be tested, because {why}"}
    if blocks < 2:
        return row | {
            "note": join_notes("cannot be tested, because one block tells nothing of a further one", grid.note)
        }
    means = dict(zip(grid.schemes, grid.runs.mean(axis=-1).T, strict=True))
    seed = keyed_integer(0, "posterior", scope, scheme, reference)
    posterior = signed_rank_posterior(means[reference], means[scheme], rope, seed)
    return row | dict(zip(PROBABILITIES, posterior, strict=True)) | {"note": grid.note}
