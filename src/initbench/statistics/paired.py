"""Exact tests, effect sizes and intervals for paired samples: one value a seed under each of two schemes."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import scipy

from initbench.base.randomness import keyed

RESOLUTION = 1e-7  # values closer than this share of the larger one are tied: float32 training resolves no more
# Of a sum, as a share of the sum of its terms' sizes: far above what float64 loses, far below RESOLUTION.
ROUNDING = 1e-13
EXACT_PAIRS = 20  # up to 2^19 splits are enumerated, some milliseconds; beyond, they are drawn
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


def differences(x, y) -> tuple[np.ndarray, np.ndarray]:
    """x − y (n,) with rounding noise set to zero, and of each pair the resolution up to which its values are tied.

    A pair's resolution is its own: one value of 3e7, as a loss that blew up, ties nothing but itself.
    """
    x, y = np.asarray(x, dtype=float), np.asarray(y, dtype=float)
    resolution = RESOLUTION * np.maximum(np.abs(x), np.abs(y))
    difference = x - y
    return np.where(np.abs(difference) <= resolution, 0.0, difference), resolution


def _splits(d: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Splits of the values d (n,) in two parts, one with minus signs: sums and sizes of both parts, (2, splits) each.

    The first split takes nothing. Up to EXACT_PAIRS values all 2^(n−1) are there, beyond it DRAWS more, which hang on n
    alone, so that what is found of two schemes does not depend on what else is compared.
    """
    n = len(d)
    sums, sizes = np.zeros(1), np.zeros(1, dtype=int)
    if n <= EXACT_PAIRS:
        for value in d[1:]:
            sums, sizes = np.concatenate([sums, sums + value]), np.concatenate([sizes, sizes + 1])
    else:
        drawn = [(taken @ d, taken.sum(axis=1, dtype=int)) for taken in _drawn(n)]
        sums, sizes = (np.concatenate([first, *more]) for first, *more in zip((sums, sizes), *drawn, strict=True))
    return np.stack([sums, d.sum() - sums]), np.stack([sizes, n - sizes])


def _drawn(n: int) -> Iterable[np.ndarray]:
    """DRAWS parts of n values, at random, as matrices (splits, n) of 0 and 1; kept if they are small."""
    return _kept(n) if n * DRAWS <= MOST_NUMBERS else _parts(n)


@lru_cache(maxsize=1)
def _kept(n: int) -> list[np.ndarray]:
    return list(_parts(n))


def _parts(n: int) -> Iterator[np.ndarray]:
    rng, at_once = keyed(0, "sign flips", n), max(1, MOST_NUMBERS // n)
    for done in range(0, DRAWS, at_once):
        yield rng.integers(0, 2, (min(at_once, DRAWS - done), n), dtype=np.int8).astype(float)


def _reached(d: np.ndarray, resolution) -> np.ndarray:
    """Whether flipping the signs of a part leaves Σd at least as large: its own sum is at most 0, (2, splits).

    Each value may be smaller by its resolution, which counts sums that differ by rounding as ties and only raises p.
    """
    least = d - resolution
    return _splits(least)[0] <= ROUNDING * np.abs(least).sum()


def sign_flip(d, resolution=0.0) -> PairedTest:
    """Fisher's sign-flip permutation test that paired differences d (n,) are symmetric about 0; statistic: their mean.

    Exact by enumeration for up to 20 differences, ties and zeros included; beyond that by drawn signs, with
    p = (1 + reached) / (1 + draws) (Phipson & Smyth 2010). resolution: of all or of each difference. Fisher 1935, §21.
    """
    d = np.asarray(d, dtype=float)
    how = "exact" if len(d) <= EXACT_PAIRS else f"{DRAWS} draws"
    reached = _reached(np.sign(d.sum()) * d, resolution).any(axis=0)
    return PairedTest(f"sign-flip permutation, {how}", float(d.mean()), float(reached.mean()))


def sign_flip_interval(d, confidence: float = 0.95, resolution=0.0) -> tuple[float, float] | None:
    """(low, high): the centres of symmetry of d (n,) that the sign-flip test does not reject at 1 − confidence.

    Order statistics of the means of all non-empty subsets (Hartigan 1969), which are the inverted test: it leaves out 0
    exactly if that test's p is at most 1 − confidence. None where no such interval exists (under 6 values at 95 %), and
    where no value differs from another, since a width of zero would be no statement about further seeds.
    """
    d = np.asarray(d, dtype=float)
    sums, sizes = _splits(d)
    outside = int((1 - confidence) * sums.shape[1] * (1 + 1e-12))
    if outside == 0 or np.ptp(d) <= np.max(resolution):
        return None
    with np.errstate(invalid="ignore"):
        means = sums / np.where(sizes > 0, sizes, np.nan)
    low = np.partition(np.where(sizes > 0, means, -np.inf).ravel(), outside)[outside]
    high = -np.partition(np.where(sizes > 0, -means, -np.inf).ravel(), outside)[outside]
    if (low > 0 or high < 0) and sign_flip(d, resolution).p > 1 - confidence:  # 0 is outside by rounding alone
        low, high = min(low, 0.0), max(high, 0.0)
    return float(low), float(high)


def median_interval(d, confidence: float = 0.95) -> tuple[float, float, float] | None:
    """(low, high, coverage) of the median of d from its order statistics; None where no such interval exists.

    The inverted sign test: [d_(k), d_(n+1−k)] with the largest k whose coverage 1 − 2·P(Binomial(n, ½) < k) is at least
    `confidence`. It covers at least that for every distribution, symmetric or not, ties included, which no bootstrap of
    ten values does. Below six values there is none at 95 % (Conover 1999, §3.2; scipy's `quantile_test` gives the same).
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
    resolution = RESOLUTION * np.abs(x)
    return np.searchsorted(ordered, x - resolution, "left"), np.searchsorted(ordered, x + resolution, "right")


def wins(x, y) -> tuple[int, int, int]:
    """On how many pairs x is above y, tied with it, below it."""
    difference, _ = differences(x, y)
    return int(np.sum(difference > 0)), int(np.sum(difference == 0)), int(np.sum(difference < 0))
