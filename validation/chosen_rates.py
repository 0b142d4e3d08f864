"""Equal schemes that are compared at chosen learning rates: python validation/chosen_rates.py [NUMBER] [--trained].

Each scheme's rate is the best on a few tuning seeds, so that chance gives equal schemes different rates, and the scoring seeds then
compare one rate with another. Printed is how often the sign-flip test finds two equal schemes different at 0.05: over all of them,
and apart by whether both got the same rate. Of so many
made-up studies, or with --trained of the networks of identical_schemes.py.
"""

import sys
from itertools import combinations

import identical_schemes
import numpy as np
import pandas as pd
from simulate import share
from trained_studies import trained

from initbench.base.randomness import keyed
from initbench.statistics.paired import differences, sign_flip
from initbench.study.cells import BLOCK

SEEDS = 10  # scoring seeds
NOISE = 0.01  # standard deviation of a run, but for what a seed gives all runs
COLUMNS = "found different | with the same rate | with two rates | share with two rates |"
GAPS, TUNING = (0.0, 0.5, 1.0, 2.0, 4.0), (3, 10, 30)


def made_up(gap: float, tuning: int, replications: int) -> list[tuple[bool, bool]]:
    """(same rate, found different) of two equal schemes a study, whose two rates differ by `gap` standard deviations of a run."""
    rng, found = keyed(0, "chosen rates", str(gap), tuning), []
    for _ in range(replications):
        runs = NOISE * (rng.standard_normal((2, 2, tuning + SEEDS)) - gap * np.array([0, 1])[:, None])
        rates = runs[:, :, :tuning].mean(axis=2).argmax(axis=1)
        first, second = (runs[scheme, rate, tuning:] for scheme, rate in enumerate(rates))
        found.append((bool(rates[0] == rates[1]), sign_flip(first - second).p <= 0.05))
    return found


def of_networks(runs: pd.DataFrame) -> list[tuple[bool, bool]]:
    """(same rate, found different) of every two schemes of every block, from the runs of a study."""
    found = []
    for _, block in runs[runs["selected"].fillna(False).astype(bool)].groupby(BLOCK):
        accuracy = block.fillna({"test_accuracy": 0.0}).pivot(index="scheme", columns="seed", values="test_accuracy")
        rate = block.groupby("scheme")["learning_rate"].first()
        for x, y in combinations(accuracy.index, 2):
            p = sign_flip(*differences(accuracy.loc[x], accuracy.loc[y])).p
            found.append((bool(rate[x] == rate[y]), p <= 0.05))
    return found


def row(found: list[tuple[bool, bool]]) -> str:
    """Found different: of all, where both have one rate, where they have two; and how often they have two."""
    same, different = ([p for equal, p in found if equal is wanted] for wanted in (True, False))
    parts = [share(sum(part), len(part)) if part else "–" for part in ([*same, *different], same, different)]
    return " | ".join([*parts, f"{len(different) / len(found):.2f}"])


def print_made_up(replications: int = 2000) -> None:
    """Print the table of made-up runs."""
    print(f"| tuning seeds | one rate worse by (std of a run) | {COLUMNS}\n|---|---|---|---|---|---|")
    for tuning in TUNING:
        for gap in GAPS:
            print(f"| {tuning} | {gap:g} | {row(made_up(gap, tuning, replications))} |")


def print_networks(studies: int = 12) -> None:
    """Print the row of trained networks; pairs of a study share its seeds, so that intervals are over studies."""
    found = [
        of_networks(trained(study, identical_schemes.SCHEMES, SEEDS, identical_schemes.TUNING))
        for study in range(studies)
    ]
    shares = [over_studies(found, wanted) for wanted in ((True, False), (True,), (False,))]
    two = np.mean([not same for pairs in found for same, _ in pairs])
    print(f"| studies | {COLUMNS}\n|---|---|---|---|---|\n| {studies} | {' | '.join(shares)} | {two:.2f} |")


def over_studies(found: list[list[tuple[bool, bool]]], wanted: tuple[bool, ...]) -> str:
    """The share of pairs that are found different, of those with a `same` that is wanted; whole studies resampled."""
    counts = np.array([np.sum([(p, 1) for same, p in pairs if same in wanted] or [(0, 0)], axis=0) for pairs in found])
    drawn = counts[keyed(0, "resampled studies").integers(0, len(found), (9999, len(found)))].sum(axis=1)
    low, high = np.nanquantile(drawn[:, 0] / np.maximum(drawn[:, 1], 1), [0.025, 0.975])
    different, pairs = counts.sum(axis=0)
    return f"{different / max(pairs, 1):.3f} ({low:.3f}–{high:.3f})"


if __name__ == "__main__":
    numbers = [int(argument) for argument in sys.argv[1:] if argument.isdigit()]
    if "--trained" in sys.argv:
        print_networks(*numbers[:1])
    else:
        print_made_up(*numbers[:1])
