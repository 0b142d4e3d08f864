"""Many sign-flip tests on the same seeds at once, adjusted for being many without losing what ten seeds can show."""

import numpy as np

from initbench.base.randomness import keyed
from initbench.statistics.paired import MOST_NUMBERS

EXACT_ROWS = 13  # up to 2^12 sign vectors are enumerated, each for all columns
DRAWS = 9_999


def sign_vectors(n: int, columns: int, key: tuple = ()) -> np.ndarray:
    """(rows, n): every assignment of signs whose first is +1, or, for more than EXACT_ROWS rows of data, drawn ones.

    The first row is all +1: what was observed. Sums of a vector and of its negative have the same size, so one of the two will do.
    """
    if n <= EXACT_ROWS:
        bits = np.arange(2 ** max(n - 1, 0))[:, None] >> np.arange(max(n - 1, 0)) & 1
        return np.concatenate([np.ones((len(bits), min(n, 1))), 1.0 - 2.0 * bits], axis=1)
    draws = max(999, min(DRAWS, MOST_NUMBERS // max(columns, 1)))
    drawn = keyed(0, "joint sign flips", *key).choice((-1.0, 1.0), (draws, n))
    return np.concatenate([np.ones((1, n)), drawn])


def step_down(d: np.ndarray, resolution: float = 0.0, key: tuple = ()) -> np.ndarray:
    """p of each column of d (n, m) by the sign-flip test, adjusted for all columns: step-down max-T, (m,).

    A row is a seed; a vector of signs flips whole rows, so that dependence between columns is kept. The statistic is
    |Σ d| / √Σ d², in which columns of different spread are alike, and flips leave the denominator as it is. As Holm's
    procedure it controls the probability of any false rejection whichever columns differ; but ten seeds can reach 2^(1−10)
    for any number of columns, where Holm can reach 0.05 for 25 (Westfall & Young 1993, §2.6; Romano & Wolf 2005). A zero,
    also in the place of a missing value, has no sign to flip.
    """
    d = np.asarray(d, dtype=float)
    scale = np.sqrt(np.square(d).sum(axis=0))
    standard = np.divide(d, scale, out=np.zeros_like(d), where=scale > 0)
    tolerance = 1e-9 + len(d) * np.divide(resolution, scale, out=np.zeros_like(scale), where=scale > 0)
    sums = np.abs(sign_vectors(*d.shape, key) @ standard)
    order = np.argsort(-sums[0], kind="stable")
    highest = np.maximum.accumulate(sums[:, order[::-1]], axis=1)[:, ::-1]  # of this column and those after it
    adjusted = np.empty(d.shape[1])
    adjusted[order] = np.maximum.accumulate((highest >= (sums[0] - tolerance)[order]).mean(axis=0))
    return adjusted


def sign_flip_interval(d, confidence: float = 0.95, key: tuple = ()) -> tuple[float, float] | None:
    """Interval of the centre of symmetry of d (n,): the values that the two-sided sign-flip test does not reject.

    None if it rejects none, or if d does not vary.

    Flipping the signs of a subset beats the observed sum if the subset's mean lies below the value under test, so the ends are
    order statistics of the means of all 2^n − 1 subsets (Hartigan 1969), of drawn subsets beyond EXACT_ROWS values.
    """
    d = np.asarray(d, dtype=float)
    n = len(d)
    if (1 - confidence) * 2.0**n < 2 or np.ptp(d) == 0:
        return None
    signs = sign_vectors(n, 1, ("interval", *key))
    chosen = np.concatenate([signs < 0, signs[1:] > 0]) if n <= EXACT_ROWS else signs[1:] < 0
    chosen = chosen[chosen.any(axis=1)]
    if n <= EXACT_ROWS:
        chosen = np.concatenate([chosen, np.ones((1, n), dtype=bool)])
    means = np.sort(chosen @ d / chosen.sum(axis=1))
    k = int(np.floor((1 - confidence) / 2 * (len(means) + 1) + 1e-9))
    return float(means[k - 1]), float(means[-k])
