"""How often the interval of a mean difference, the inverted sign-flip test, holds the mean, and how wide it is."""

import numpy as np
from interval_candidates import populations
from scipy import stats

from initbench.base.randomness import keyed
from initbench.statistics.paired import median_interval, sign_flip_interval


def mean_coverage(kind: str, n: int, replications: int) -> tuple[float, float, float]:
    """(coverage of the interval, that of Student's t, its width over that of the median's) for samples of n."""
    population, rng = populations()[kind], keyed(0, "mean interval", kind, n)
    mean = population.mean()
    covered, student, widths = 0, 0, []
    for _ in range(replications):
        d = rng.choice(population, n)
        low, high = sign_flip_interval(d) or (np.nan, np.nan)  # all alike: none is given
        half = stats.t.ppf(0.975, n - 1) * stats.sem(d)
        covered += low <= mean <= high
        student += abs(d.mean() - mean) <= half
        of_median = median_interval(d)
        if of_median and of_median[1] > of_median[0]:
            widths.append((high - low) / (of_median[1] - of_median[0]))
    return covered / replications, student / replications, float(np.nanmedian(widths))


def print_means(replications: int) -> None:
    """For 6, 10 and 20 seeds, all populations."""
    print(
        "\nCoverage of the mean difference, nominal 0.95 (0.969 at 6 seeds); width beside that of the median's interval\n"
    )
    print("| seeds | differences | inverted sign flip | Student's t | width / median's |\n|---|---|---|---|---|")
    for n in (6, 10, 20):
        for kind in populations():
            own, student, width = mean_coverage(kind, n, replications if n < 20 else replications // 10)
            print(f"| {n} | {kind} | {own:.3f} | {student:.3f} | {width:.2f} |")
