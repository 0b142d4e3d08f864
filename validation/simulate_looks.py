"""What looking again while seeds are added does to false positives: python validation/simulate_looks.py [REPLICATIONS].

Prints the table of docs/reference/statistics.md on looks. Seeded: the same number of replications gives the same table.
"""

import sys

import numpy as np
from simulate import share

from initbench.base.randomness import keyed
from initbench.statistics.paired import sign_flip

PLANS = ((10, 20), (6, 10, 15, 20), tuple(range(6, 21)))


def rejections(looks: tuple[int, ...], replications: int, shift: float = 0.0) -> tuple[int, int, int]:
    """How often a difference of `shift` standard deviations is shown at 0.05: at the last look alone, at any look with p as they are,
    and at any look with p times the number of looks (Bonferroni: valid whatever the looks have in common)."""
    rng, found = keyed(0, "looks", str(looks), str(shift)), np.zeros(3, dtype=int)
    for _ in range(replications):
        d = rng.standard_normal(looks[-1]) + shift
        p = np.array([sign_flip(d[:seeds]).p for seeds in looks])
        found += [p[-1] <= 0.05, p.min() <= 0.05, p.min() * len(looks) <= 0.05]
    return tuple(int(count) for count in found)


def main(replications: int = 1000) -> None:
    """Print the table."""
    print("| looks at so many seeds | difference (deviations) | last look alone | any look | any look, p × looks |")
    print("|---|---|---|---|---|")
    for looks in PLANS:
        for shift in (0.0, 0.8):
            counts = rejections(looks, replications, shift)
            name = ", ".join(map(str, looks)) if len(looks) < 5 else f"every number from {looks[0]} to {looks[-1]}"
            print(f"| {name} | {shift:g} | " + " | ".join(share(count, replications) for count in counts) + " |")


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:]))
