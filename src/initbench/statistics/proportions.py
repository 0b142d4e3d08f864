"""Proportions: an exact interval of one, exact tests of two."""

import numpy as np
import scipy


def clopper_pearson(count: int, n: int, confidence: float = 0.95) -> tuple[float, float]:
    """The exact interval of count / n, which covers at least with `confidence` (Clopper & Pearson 1934).

    Quantiles of beta distributions by scipy.special, which loads at once: scipy.stats takes longer than all claims.
    """
    tail = (1 - confidence) / 2
    low = scipy.special.betaincinv(count, n - count + 1, tail) if count else 0.0
    high = scipy.special.betainccinv(count + 1, n - count, tail) if count < n else 1.0
    return float(low), float(high)


def mcnemar(x: np.ndarray, y: np.ndarray) -> float:
    """Two-sided p of McNemar's exact test that paired events x and y, (n,) bools, are equally frequent (McNemar 1947)."""
    only_x, only_y = int(np.sum(x & ~y)), int(np.sum(y & ~x))
    return min(1.0, float(2 * scipy.stats.binom.cdf(min(only_x, only_y), only_x + only_y, 0.5)))


def fisher(x: np.ndarray, y: np.ndarray) -> float:
    """Two-sided p of Fisher's exact test of the same, which ignores the pairing."""
    counts = [[x.sum(), (~x).sum()], [y.sum(), (~y).sum()]]
    return min(1.0, float(scipy.stats.fisher_exact(counts).pvalue))
