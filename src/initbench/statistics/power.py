"""What a design with so many seeds can see, and how many seeds an effect needs."""

from math import ceil, log2

import numpy as np
import pandas as pd
from scipy import optimize, stats

from initbench.statistics.frames import table_of
from initbench.statistics.paired import smallest_p

COLUMNS = {
    **dict.fromkeys(["seeds", "comparisons"], "int64"),
    **dict.fromkeys(
        ["smallest_p", "smallest_p_adjusted", "detectable", "detectable_normal", "shift_normal"], "float64"
    ),
    "note": "str",
}


def sign_test_power(seeds: int, probability: float, alpha: float = 0.05) -> float:
    """Power of the exact two-sided sign test when a seed is won with `probability` and nothing ties."""
    counts = np.arange(seeds + 1)
    rejected = 2 * np.minimum(stats.binom.cdf(counts, seeds, 0.5), stats.binom.sf(counts - 1, seeds, 0.5)) <= alpha
    return float(stats.binom.pmf(counts, seeds, probability)[rejected].sum())


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
    guess = ((stats.norm.isf(level / 2) + stats.norm.isf(1 - power)) / (2 * effect)) ** 2
    last = ceil(2 * max(guess, log2(2 / level))) + 20
    short = 0
    for n in range(1, min(last, limit) + 1):
        if sign_test_power(n, probability, level) < power:
            short = n
    if short >= limit:
        raise ValueError(f"more than {limit} seeds are needed for P(A > B) = {probability}")
    return short + 1


def seeds_needed_unpaired(probability: float, *, alpha: float = 0.05, power: float = 0.95) -> int:
    """Seeds a scheme for a one-sided Mann–Whitney test, by Noether's formula as Bouthillier et al. (2021, §5) use it.

    N = ((z_{1−α} + z_{power}) / (√6 (P − ½)))²: their 29 for P(A > B) = 0.75, with α and 1 − power both 0.05.
    """
    z = stats.norm.ppf(1 - alpha) + stats.norm.ppf(power)
    return ceil((z / (np.sqrt(6) * (probability - 0.5))) ** 2)


def minimum_detectable(seeds: int, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The smallest P(A > B) above ½ that the exact sign test shows with `power` at alpha / comparisons; None: not any."""
    level = alpha / comparisons
    if smallest_p(seeds) > level:
        return None
    return float(optimize.brentq(lambda p: sign_test_power(seeds, p, level) - power, 0.5, 1.0))


def minimum_shift(seeds: int, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> float | None:
    """The same for normal differences: their mean over their standard deviation; P(A > B) is its Φ.

    By the paired t test, which the sign-flip test approaches where it can reject at all; None where it cannot.
    """
    level = alpha / comparisons
    if smallest_p(seeds) > level or seeds < 3:
        return None

    # t² is noncentral F; that of the noncentral t itself is NaN in places
    critical = stats.f.isf(level, 1, seeds - 1)

    def excess(shift):
        return stats.ncf.sf(critical, 1, seeds - 1, seeds * shift**2) - power

    high = 1.0
    while excess(high) < 0:
        high *= 2
    return float(optimize.brentq(excess, 0, high))


def power_table(seeds=(3, 5, 6, 8, 10, 15, 20, 30, 50), comparisons=(1, 5, 10), alpha=0.05, power=0.8) -> pd.DataFrame:
    """What each design can see: one row per number of seeds and of schemes compared against the reference.

    `smallest_p` attainable and after Holm; `detectable`, the least P(A > B) shown with `power` by the sign test;
    `detectable_normal` the same if the differences are normal, with `shift_normal` their mean in standard deviations;
    `note` where no effect of any size can be shown.
    """
    return table_of([_design(n, k, alpha, power) for n in seeds for k in comparisons], COLUMNS)


def _design(n: int, k: int, alpha: float, power: float) -> dict:
    floor = smallest_p(n)
    sign, shift = minimum_detectable(n, k, alpha, power), minimum_shift(n, k, alpha, power)
    row = {"seeds": n, "comparisons": k, "smallest_p": floor, "smallest_p_adjusted": min(1.0, k * floor)}
    row |= {
        "detectable": sign,
        "shift_normal": shift,
        "detectable_normal": None if shift is None else stats.norm.cdf(shift),
    }
    if sign is None:
        needed = ceil(1 + log2(k / alpha))
        return row | {"note": f"no difference of any size can be shown at {alpha:g}: it takes {needed} seeds"}
    return row | {"note": None}


def power_text(seeds: int, comparisons: int, alpha: float = 0.05, power: float = 0.8) -> str:
    """The power of a design in words, for the report."""
    row = _design(seeds, comparisons, alpha, power)
    schemes = f"{comparisons} scheme{'s' if comparisons != 1 else ''} compared with the reference"
    start = f"With {seeds} seed{'s' if seeds != 1 else ''} and {schemes} in a block,"
    ask = (
        f"To show P(A > B) = 0.75 with power {power:g}, a single comparison takes {seeds_needed(0.75, power=power)} seeds"
        f" and {schemes} take {seeds_needed(0.75, power=power, comparisons=comparisons)}."
    )
    if row["note"]:
        return f"{start} {row['note']}. {ask}"
    return (
        f"{start} the smallest p is {row['smallest_p']:.3g} ({row['smallest_p_adjusted']:.3g} after Holm). An exact test "
        f"has power {power:g} only for schemes that win at least {row['detectable']:.0%} of the seeds, or "
        f"{row['detectable_normal']:.0%} if the differences are normal (a mean of {row['shift_normal']:.2g} standard "
        f"deviations); smaller effects are likely to be missed. {ask}"
    )


def answer(probability: float, comparisons: int = 1, alpha: float = 0.05, power: float = 0.8) -> str:
    """How many seeds a difference needs, in words; ValueError as `seeds_needed`."""
    seeds = seeds_needed(probability, alpha=alpha, power=power, comparisons=comparisons)
    holm = f" at {alpha:g} / {comparisons} (Holm's first step over {comparisons} schemes)" if comparisons > 1 else ""
    return (
        f"{seeds} seeds show P(A > B) = {probability:g} with power {power:g}{holm or f' at {alpha:g}'}: exact two-sided sign "
        "test, paired by seed, whatever the distribution."
    )
