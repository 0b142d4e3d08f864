"""How many seeds a study needs to show a mean difference, or that there is none that matters, by the sign-flip test."""

from functools import lru_cache
from math import ceil, floor, log2

import numpy as np
import scipy

from initbench.base.randomness import keyed

MOST_SEEDS = 100_000
FEW_OUTCOMES = 20  # up to so many rejected outcomes the test is far from Student's t, and its power is simulated
STUDIES = 2000
LARGE = 200  # seeds from which on the normal approximation is right to a seed or two


def flip_power(seeds: int, shift: float, level: float = 0.05, sides: int = 2) -> float:
    """Power of the sign-flip test for normal differences with mean `shift` ≥ 0 standard deviations.

    Its p are multiples of 2^(1−n), one-sided of 2^(−n). Where one outcome alone is rejected, the power is that of all
    differences having one sign; where a few are, it is the share among STUDIES drawn ones; beyond, that of Student's t test at
    the level attained.
    """
    outcomes = 2.0 ** min(seeds - sides + 1, 60)  # with more the level is attained to the last digit
    rejected = floor(level * outcomes * (1 + 1e-12))
    if rejected < 1:
        return 0.0
    if rejected == 1:
        both = scipy.stats.norm.cdf([shift, -shift]) ** seeds
        return float(both[:sides].sum())
    if rejected <= FEW_OUTCOMES:
        needed = _shifts_needed(seeds, rejected)
        return float(np.mean(needed < shift) + (np.mean(needed < -shift) if sides == 2 else 0.0))
    # t² is noncentral F; that of the noncentral t itself is NaN in places. One-sided, the other tail is far away.
    critical = scipy.stats.t.isf(rejected / outcomes / sides, seeds - 1) ** 2
    return float(scipy.stats.ncf.sf(critical, 1, seeds - 1, seeds * shift**2))


@lru_cache(maxsize=64)
def _shifts_needed(seeds: int, rejected: int) -> np.ndarray:
    """What must be added to each of STUDIES drawn samples for a mean above 0 to be shown, (STUDIES,).

    The test rejects if the sample's mean is among the `rejected` largest sums over sign assignments: if that many means of
    subsets lie above 0 but for one fewer (Hartigan 1969).
    """
    subsets = (np.arange(1, 2**seeds)[:, None] >> np.arange(seeds) & 1).astype(float)
    subsets /= subsets.sum(axis=1, keepdims=True)
    drawn = keyed(0, "power of the sign-flip test", seeds).standard_normal((seeds, STUDIES))
    parts = np.split(drawn, 10, axis=1)
    return np.concatenate([-np.partition(subsets @ part, rejected - 1, axis=0)[rejected - 1] for part in parts])


@lru_cache(maxsize=4096)
def seeds_to_show(shift: float, level: float = 0.05, power: float = 0.8, sides: int = 2) -> int | None:
    """The least seeds with which the test shows a mean of `shift` > 0 standard deviations with `power`; None beyond MOST_SEEDS.

    A shift may be infinite: then all that counts is that the test can reject.
    """
    least = ceil(log2(1 / level) - 1e-9) + sides - 1
    shift = min(shift, 1e3)
    quantile = scipy.stats.norm.isf(level / sides)
    normal = ((quantile + scipy.stats.norm.isf(1 - power)) / shift) ** 2  # never more than the test needs
    if normal > LARGE:
        seeds = ceil(normal + quantile**2 / 2)  # the correction for an unknown deviation (Guenther 1981)
        return seeds if seeds <= MOST_SEEDS else None
    seeds = max(least, floor(normal))
    while flip_power(seeds, shift, level, sides) < power:
        seeds += 1
    return seeds


def seeds_to_show_equal(margin: float, level: float = 0.05, power: float = 0.8) -> int | None:
    """The least seeds with which two one-sided tests show that a mean, which is 0, lies within ±margin standard deviations.

    Each of the two must reject (Schuirmann 1987); both do so with `power` at least if each does with (1 + power) / 2.
    """
    return seeds_to_show(margin, level, (1 + power) / 2, sides=1)
