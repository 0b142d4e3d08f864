"""What a design with so many seeds can see, and how many seeds an effect needs."""

from dataclasses import dataclass
from functools import lru_cache
from math import ceil, log2

import numpy as np
import scipy

from initbench.statistics.paired import smallest_p
from initbench.statistics.plan import flip_power, seeds_to_show


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
    """The seeds from which on the sign test shows P(A > B) = probability, whatever the distribution of differences.

    Two-sided at alpha / comparisons, Holm's first step. It is not the test of the tables, which is the sign flip, but the one
    whose power depends on that probability alone. That power is not monotone in the number of seeds; from the returned one on
    it never falls below `power`.
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


@lru_cache(maxsize=256)
def minimum_shift(seeds: int, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The least mean of normal differences, in their standard deviations, that the sign-flip test shows with `power`.

    At alpha / comparisons, Holm's first step; P(A > B) is then its Φ. None where the test cannot reject.
    """
    level = alpha / comparisons
    if smallest_p(seeds) > level:
        return None
    return float(scipy.optimize.brentq(lambda shift: flip_power(seeds, shift, level) - power, 0.0, 100.0, xtol=1e-6))


@dataclass(frozen=True)
class Needed:
    """So many seeds show P(A > B) = probability: by the sign-flip test if differences are normal, by the sign test whatever they are."""

    probability: float
    comparisons: int
    alpha: float
    power: float
    seeds: int | None
    seeds_any: int


def needed(probability: float, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> Needed:
    """How many seeds a difference needs; ValueError as `seeds_needed`."""
    any_shape = seeds_needed(probability, alpha=alpha, power=power, comparisons=comparisons)
    seeds = seeds_to_show(abs(float(scipy.stats.norm.ppf(probability))), alpha / comparisons, power)
    return Needed(probability, comparisons, alpha, power, seeds, any_shape)


def needed_in_words(found: Needed) -> str:
    """The same in a sentence."""
    several = found.comparisons > 1
    holm = f" / {found.comparisons} (Holm's first step over {found.comparisons} schemes)" if several else ""
    return (
        f"{found.seeds} seeds show P(A > B) = {found.probability:g} with power {found.power:g} at {found.alpha:g}{holm}: exact "
        "two-sided sign-flip test, paired by seed, if the differences are normal. The sign test, which looks at who wins alone, "
        f"takes {found.seeds_any} whatever their distribution."
    )
