"""Two starts of one block, paired by seed: what claims on small differences between starts share."""

from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from initbench.claims.measures import cells
from initbench.claims.quantities import Quantity, share, word
from initbench.statistics.paired import differences, sign_flip_interval
from initbench.study.cells import BLOCK

CLOSE = 0.01  # test accuracies that differ by no more are the same in practice
CONFIDENCE = 0.95


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


def measured(gain: Difference, part: pd.DataFrame, other: pd.DataFrame, partner: str) -> tuple[Quantity, ...]:
    """The difference of two starts, what it is a difference to, and how many runs of either trained."""
    low, high = gain.interval or (None, None)
    return (
        Quantity("difference", "difference", gain.mean, low, high, gain.seeds),
        word("compared_with", partner),
        _trained("trained_runs", part),
        _trained("trained_runs_there", other),
    )


def _trained(name: str, part: pd.DataFrame) -> Quantity:
    return share(name, (part["status"] == "trained").sum(), len(part))
