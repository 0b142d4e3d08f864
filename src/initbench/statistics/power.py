"""What a design with so many seeds can see, and how many seeds an effect needs."""

from math import ceil, log2

import numpy as np
import scipy

from initbench.statistics.paired import smallest_p


def sign_test_power(seeds: int, probability: float, alpha: float = 0.05) -> float:
    """Power of the exact two-sided sign test when a seed is won with `probability` and nothing ties."""
    counts = np.arange(seeds + 1)
    rejected = (
        2 * np.minimum(scipy.stats.binom.cdf(counts, seeds, 0.5), scipy.stats.binom.sf(counts - 1, seeds, 0.5)) <= alpha
    )
    return float(scipy.stats.binom.pmf(counts, seeds, probability)[rejected].sum())


def seeds_needed(
    probability: float, *, alpha: float = 0.05, power: float = 0.8, comparisons: int = 1, limit: int = 5000
) -> int:
    """The seeds from which on an exact paired test shows P(A > B) = probability, whatever the distribution.

    Two-sided sign test at alpha / comparisons, Holm's first step: the one test whose power depends on that probability
    alone. Its power is not monotone in the number of seeds; from the returned one on it never falls below `power`.
    ValueError if the probability is ½ or outside [0, 1], or if `limit` seeds do not suffice.
    """
    if not 0 <= probability <= 1 or probability == 0.5:
        raise ValueError(f"probability {probability!r}: give one in [0, 1] other than 0.5")
    level = alpha / comparisons
    # A normal approximation says where to stop looking: the sawtooth is far below a factor of two.
    effect = abs(probability - 0.5)
    guess = ((scipy.stats.norm.isf(level / 2) + scipy.stats.norm.isf(1 - power)) / (2 * effect)) ** 2
    last = ceil(2 * max(guess, log2(2 / level))) + 20
    short = 0
    for n in range(1, min(last, limit) + 1):
        if sign_test_power(n, probability, level) < power:
            short = n
    if short >= limit:
        raise ValueError(f"more than {limit} seeds are needed for P(A > B) = {probability}")
    return short + 1


def minimum_detectable(seeds: int, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest P(A > B) above ½ that the exact sign test shows with `power` at alpha / comparisons; None: not any."""
    level = alpha / comparisons
    if smallest_p(seeds) > level:
        return None
    return float(scipy.optimize.brentq(lambda p: sign_test_power(seeds, p, level) - power, 0.5, 1.0))


def minimum_shift(seeds: int, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The same for normal differences: their mean over their standard deviation; P(A > B) is its Φ.

    By the paired t test, which the sign-flip test approaches where it can reject at all; None where it cannot.
    """
    level = alpha / comparisons
    if smallest_p(seeds) > level or seeds < 3:
        return None

    # t² is noncentral F; that of the noncentral t itself is NaN in places
    critical = scipy.stats.f.isf(level, 1, seeds - 1)

    def excess(shift):
        return scipy.stats.ncf.sf(critical, 1, seeds - 1, seeds * shift**2) - power

    high = 1.0
    while excess(high) < 0:
        high *= 2
    return float(scipy.optimize.brentq(excess, 0, high))


def answer(probability: float, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> str:
    """How many seeds a difference needs, in words; ValueError as `seeds_needed`."""
    seeds = seeds_needed(probability, alpha=alpha, power=power, comparisons=comparisons)
    holm = f" at {alpha:g} / {comparisons} (Holm's first step over {comparisons} schemes)" if comparisons > 1 else ""
    return (
        f"{seeds} seeds show P(A > B) = {probability:g} with power {power:g}{holm or f' at {alpha:g}'}: exact two-sided sign "
        "test, paired by seed, whatever the distribution."
    )
