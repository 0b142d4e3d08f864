"""Two starts of one block, paired by seed: what claims on small differences between starts share."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from initbench.claims.measures import cells, share
from initbench.statistics.paired import differences, sign_flip_interval
from initbench.study.cells import BLOCK

CLOSE = 0.01  # test accuracies that differ by no more are the same in practice
CONFIDENCE = 0.95
INTERVAL = (
    "The interval is that of the tables of differences: the inverted sign-flip test at 95 % over the paired seeds. Under six seeds, and "
    "where all of them differ by the same, there is none, and it cannot be told."
)


@dataclass(frozen=True)
class Difference:
    """Mean of the paired differences of test accuracy over seeds, with the interval (low, high) at 95 % if there is one."""

    mean: float
    interval: tuple[float, float] | None
    seeds: int

    @property
    def same(self) -> bool | None:
        """Whether the two are the same in practice: the interval within ±CLOSE, or beyond it, or None if it is neither."""
        if self.interval is None:
            return None
        low, high = self.interval
        if max(-low, high) <= CLOSE:
            return True
        return False if max(low, -high) > CLOSE else None

    @property
    def good_enough(self) -> bool | None:
        """Whether the first falls short by no more than CLOSE, the whole interval; None if it can be either."""
        if self.interval is None:
            return None
        low, high = self.interval
        if low >= -CLOSE:
            return True
        return False if high < -CLOSE else None

    def __str__(self) -> str:
        ends = "{:+.3f} to {:+.3f}".format(*self.interval) if self.interval else "no interval"
        return f"{self.mean:+.3f} ({ends}, {self.seeds} {'seed' if self.seeds == 1 else 'seeds'})"


def difference(start: pd.DataFrame, other: pd.DataFrame) -> Difference | None:
    """Test accuracy of one start less that of another, from a row a seed of each; None without a common seed."""
    first, second = (part.set_index("seed")["test_accuracy"].dropna() for part in (start, other))
    seeds = first.index.intersection(second.index)
    if seeds.empty:
        return None
    gain, resolution = differences(first[seeds], second[seeds])
    return Difference(float(gain.mean()), sign_flip_interval(gain, CONFIDENCE, resolution), len(seeds))


def compared(
    chosen: pd.DataFrame, scheme: str, partner: str
) -> Iterator[tuple[dict, pd.DataFrame, pd.DataFrame, Difference]]:
    """(cell of `scheme`, its runs, those of `partner`, the difference) in every block that has both.

    chosen: rows of `measures.chosen_runs`.
    """
    others = dict(iter(chosen[chosen["scheme"] == partner].groupby(BLOCK, observed=True)))
    for cell, part in cells(chosen[chosen["scheme"] == scheme]):
        other = others.get(tuple(cell[axis] for axis in BLOCK))
        found = None if other is None else difference(part, other)
        if found is not None:
            yield cell, part, other, found


def trained(part: pd.DataFrame) -> str:
    """How many of some runs trained, in words."""
    return share((part["status"] == "trained").sum(), len(part), "runs trained")
