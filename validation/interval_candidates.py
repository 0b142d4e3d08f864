"""Intervals for the median of a small sample, to be compared by simulation: those in use, and the one chosen.

Every candidate takes samples (replications, n) and a generator and returns (low, high), each (replications,), at 95 %.
Where one is undefined its ends are NaN, which counts as not covering.
"""

import warnings

import numpy as np
from scipy import stats

from initbench.statistics.paired import median_interval

RESAMPLES = 999


def order_statistics(samples, rng):
    """The inverted sign test: `paired.median_interval`, the chosen one."""
    found = [median_interval(sample) or (np.nan, np.nan, 0.0) for sample in samples]
    return np.array([interval[:2] for interval in found]).T


def interpolated(samples, rng):
    """Order statistics interpolated to 95 % (Hettmansperger & Sheather 1986): no guarantee, about 95 % in practice."""
    s, n = np.sort(samples, axis=1), samples.shape[1]
    tails = 2 * stats.binom.cdf(np.arange(n // 2), n, 0.5)
    k = int(np.sum(tails <= 0.05))
    if k == 0:
        return np.full((2, len(s)), np.nan)
    share = (0.05 - tails[k - 1]) / (tails[k] - tails[k - 1])
    inward = (n - k) * share / (k + (n - 2 * k) * share)
    low = (1 - inward) * s[:, k - 1] + inward * s[:, k]
    return low, (1 - inward) * s[:, n - k] + inward * s[:, n - k - 1]


def percentile(samples, rng):
    """Percentile bootstrap."""
    return _bootstrap(samples, rng, "percentile")


def bias_corrected(samples, rng):
    """Bias-corrected and accelerated bootstrap, BCa."""
    return _bootstrap(samples, rng, "BCa")


def _bootstrap(samples, rng, method):
    options = {"n_resamples": RESAMPLES, "batch": 50, "method": method, "axis": 1, "rng": rng, "vectorized": True}
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("ignore")  # BCa is undefined on many tied samples; that it is, is the finding
        interval = stats.bootstrap((samples,), np.median, **options).confidence_interval
    return interval.low, interval.high


def studentised(samples, rng):
    """Bootstrap-t with McKean and Schrader's standard error of the median."""
    n = samples.shape[1]
    c = max(round((n + 1) / 2 - 1.96 * np.sqrt(n / 4)), 1)
    low, high = np.empty(len(samples)), np.empty(len(samples))
    for row, sample in enumerate(samples):
        s, drawn = np.sort(sample), np.sort(sample[rng.integers(0, n, (RESAMPLES, n))], axis=1)
        error, errors = (s[n - c] - s[c - 1]) / 3.92, (drawn[:, n - c] - drawn[:, c - 1]) / 3.92
        shift = np.median(drawn, axis=1) - np.median(s)
        t = np.where(errors > 0, shift / np.where(errors > 0, errors, 1), np.sign(shift) * 1e9)
        low[row], high[row] = np.median(s) - np.quantile(t, [0.975, 0.025]) * error
    return low, high


def hodges_lehmann(samples, rng):
    """The inverted Wilcoxon signed-rank test, on Walsh averages: right for the median only if it is symmetric."""
    n = samples.shape[1]
    null = np.ones(1)
    for rank in range(1, n + 1):
        null = (np.pad(null, (0, rank)) + np.pad(null, (rank, 0))) / 2
    k = int(np.searchsorted(np.cumsum(null), 0.025, side="right"))
    walsh = np.sort(((samples[:, :, None] + samples[:, None, :]) / 2)[:, *np.triu_indices(n)], axis=1)
    return (walsh[:, k - 1], walsh[:, -k]) if k else np.full((2, len(samples)), np.nan)


def student_t(samples, rng):
    """Student's t interval, which is for the mean."""
    half = stats.t.ppf(0.975, samples.shape[1] - 1) * stats.sem(samples, axis=1)
    return samples.mean(axis=1) - half, samples.mean(axis=1) + half


CANDIDATES = {
    "order statistics": order_statistics,
    "interpolated order statistics": interpolated,
    "percentile bootstrap": percentile,
    "BCa bootstrap": bias_corrected,
    "studentised bootstrap": studentised,
    "inverted signed-rank": hodges_lehmann,
    "Student's t": student_t,
}


def populations(size: int = 20_001) -> dict[str, np.ndarray]:
    """Paired differences as studies give them; each array is the whole population, so that its median is exact."""
    rng = np.random.default_rng(1)
    z, u = rng.standard_normal(size), rng.random(size)
    return {
        "normal": 0.01 + 0.02 * z,
        "skewed": 0.02 * np.exp(z) - 0.01,
        "tied (1/360 steps)": np.round((0.005 + 0.006 * z) * 360) / 360,
        "60 % zeros": np.where(u < 0.6, 0.0, 0.02 + 0.02 * z),
        "30 % diverged": np.where(u < 0.3, -0.9 + 0.01 * z, 0.01 + 0.02 * z),
        "two modes": np.where(u < 0.45, 0.3 + 0.02 * z, 0.02 * z),
    }


def coverage(candidate, population: np.ndarray, n: int, replications: int, rng) -> float:
    """Share of samples of n whose interval holds the population's median."""
    low, high = candidate(rng.choice(population, (replications, n)), rng)
    median = np.median(population)
    return float(np.mean((low <= median + 1e-12) & (high >= median - 1e-12)))
