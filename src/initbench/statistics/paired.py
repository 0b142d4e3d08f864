"""Exact tests, effect sizes and an interval for paired samples: one value a seed under each of two schemes."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy

from initbench.base.randomness import keyed

RESOLUTION = 1e-7  # values closer than this share of the largest one are tied: float32 training resolves no more
EXACT_PAIRS = 20  # up to 2^19 sums are enumerated, some milliseconds; beyond, signs are drawn
DRAWS = 99_999
MOST_NUMBERS = 10_000_000  # in one array of draws: 80 MB


@dataclass(frozen=True)
class PairedTest:
    """What was done, its statistic and its two-sided p."""

    name: str
    statistic: float
    p: float


def smallest_p(pairs: int) -> float:
    """The smallest two-sided p that n pairs can give in a sign-flip, signed-rank or sign test: 2^(1−n)."""
    return min(1.0, 2.0 ** (1 - pairs))


def differences(x, y) -> tuple[np.ndarray, float]:
    """x − y with rounding noise set to zero, and the resolution below which values are tied."""
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    resolution = RESOLUTION * max(np.abs(x).max(initial=0.0), np.abs(y).max(initial=0.0))
    difference = x - y
    return np.where(np.abs(difference) <= resolution, 0.0, difference), resolution


def _flip(weights: np.ndarray, observed: float, tolerance: float, key: tuple) -> tuple[str, float]:
    """How, and the share of sign assignments whose |Σ ±weights| reaches |observed|.

    The tolerance counts sums that differ by rounding as ties, which can only raise p.
    """
    weights = weights[weights != 0]  # a zero has no sign to flip
    reach = abs(observed) - tolerance
    if len(weights) <= EXACT_PAIRS:
        sums = np.zeros(1)
        for i, weight in enumerate(weights):  # the first sign is fixed: |sum| is symmetric
            sums = sums + weight if i == 0 else np.concatenate([sums + weight, sums - weight])
        return "exact", float(np.mean(np.abs(sums) >= reach))
    rng = keyed(0, "sign flips", *key)
    at_once = max(1, MOST_NUMBERS // len(weights))
    parts = [min(at_once, DRAWS - done) for done in range(0, DRAWS, at_once)]
    reached = sum(int(np.sum(np.abs(rng.choice((-1.0, 1.0), (n, len(weights))) @ weights) >= reach)) for n in parts)
    return f"{DRAWS} draws", (reached + 1) / (DRAWS + 1)


def sign_flip(d, resolution: float = 0.0, key: tuple = ()) -> PairedTest:
    """Fisher's sign-flip permutation test that paired differences d (n,) are symmetric about 0; statistic: their mean.

    Exact by enumeration for up to 20 non-zero differences, ties and zeros included; beyond that by drawn signs, with
    p = (1 + reached) / (1 + draws) (Phipson & Smyth 2010), from a generator keyed by `key`. Fisher 1935, §21.
    """
    d = np.asarray(d, dtype=float)
    tolerance = len(d) * resolution + 1e-12 * np.abs(d).sum()
    how, p = _flip(d, d.sum(), tolerance, key)
    return PairedTest(f"sign-flip permutation, {how}", float(d.mean()), p)


def signed_rank(d, resolution: float = 0.0) -> PairedTest:
    """Wilcoxon's signed-rank test, zeros dropped, midranks for ties; statistic: W⁺ (Wilcoxon 1945).

    Exact for every n, with ties too, which scipy's exact method excludes: twice a midrank is an integer, so that the
    null distribution of W⁺ is a convolution.
    """
    d = np.asarray(d, dtype=float)
    d = d[d != 0]
    ranks = tied_ranks(np.abs(d), resolution)
    doubled = np.round(2 * ranks).astype(int)
    null = np.ones(1)
    for rank in doubled:
        null = (np.pad(null, (0, rank)) + np.pad(null, (rank, 0))) / 2
    positive = int(doubled[d > 0].sum())
    p = 2 * min(null[: positive + 1].sum(), null[positive:].sum())
    return PairedTest("Wilcoxon signed-rank, exact", positive / 2, min(1.0, float(p)))


def tied_ranks(values: np.ndarray, resolution: float = 0.0) -> np.ndarray:
    """Average ranks, with values not further apart than the resolution tied."""
    if not len(values):
        return np.zeros(0)
    order = np.argsort(values, kind="stable")
    gaps = np.diff(values[order]) > max(resolution, 1e-12 * np.abs(values).max())
    groups = np.empty(len(values))
    groups[order] = np.concatenate([[0], np.cumsum(gaps)])
    return scipy.stats.rankdata(groups)


def median_interval(d, confidence: float = 0.95) -> tuple[float, float, float] | None:
    """(low, high, coverage) of the median of d from its order statistics; None where no such interval exists.

    The inverted sign test: [d_(k), d_(n+1−k)] with the largest k whose coverage 1 − 2·P(Binomial(n, ½) < k) is at least
    `confidence`. It covers at least that for every distribution, symmetric or not, ties included, which no bootstrap of
    ten values does. Below six values there is none at 95 % (Conover 1999, §3.2).
    """
    d = np.sort(np.asarray(d, dtype=float))
    k, coverage = _order(len(d), confidence)
    return (float(d[k - 1]), float(d[len(d) - k]), coverage) if k else None


@lru_cache(maxsize=256)
def _order(n: int, confidence: float) -> tuple[int, float]:
    """The largest k whose [d_(k), d_(n+1−k)] covers the median with the confidence (0: none), and what it covers."""
    tails = 2 * scipy.stats.binom.cdf(np.arange(n // 2), n, 0.5)
    k = int(np.sum(tails <= 1 - confidence))
    return k, float(1 - tails[k - 1]) if k else 0.0


def holm(p) -> np.ndarray:
    """p adjusted by Holm's step-down procedure (Holm 1979), in the order given."""
    p = np.asarray(p, dtype=float)
    order = np.argsort(p, kind="stable")
    adjusted = np.empty(len(p))
    adjusted[order] = np.minimum(np.maximum.accumulate(p[order] * np.arange(len(p), 0, -1)), 1.0)
    return adjusted


def vargha_delaney(x, y) -> float:
    """A = P(X > Y) + ½ P(X = Y) over all pairs of one x and one y: it ignores the pairing (Vargha & Delaney 2000)."""
    below, tied = beaten(np.asarray(x, dtype=float), np.sort(np.asarray(y, dtype=float)))
    pairs = len(x) * len(y)
    return float(below.sum() / pairs + (tied - below).sum() / pairs / 2)


def beaten(x: np.ndarray, ordered: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """How many of the `ordered` values lie below each x, and how many below or tied with it, (n,)."""
    _, resolution = differences(np.abs(x).max(initial=0.0), np.abs(ordered).max(initial=0.0))
    return np.searchsorted(ordered, x - resolution, "left"), np.searchsorted(ordered, x + resolution, "right")


def wins(x, y) -> float:
    """The share of pairs with x above y, ties counting one half."""
    difference, _ = differences(x, y)
    return float(np.mean(difference > 0) + np.mean(difference == 0) / 2)
