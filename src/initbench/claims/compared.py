"""Two starts of one block, paired by seed: what claims on small differences between starts share."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from initbench.claims.measures import cells, share
from initbench.study.cells import BLOCK

CLOSE = 0.01  # test accuracies that differ by no more are the same in practice
CONFIDENCE = 0.95
INTERVAL = "The interval is Student's at 95 % over the paired seeds, at least two."


@dataclass(frozen=True)
class Difference:
    """Mean of the paired differences of test accuracy over seeds, with Student's interval at 95 %."""

    mean: float
    low: float
    high: float
    seeds: int

    @property
    def same(self) -> bool | None:
        """Whether the two are the same in practice: the interval within ±CLOSE, or beyond it, or None if it is neither."""
        if max(-self.low, self.high) <= CLOSE:
            return True
        return False if max(self.low, -self.high) > CLOSE else None

    @property
    def good_enough(self) -> bool | None:
        """Whether the first falls short by no more than CLOSE, the whole interval; None if it can be either."""
        if self.low >= -CLOSE:
            return True
        return False if self.high < -CLOSE else None

    def __str__(self) -> str:
        return f"{self.mean:+.3f} ({self.low:+.3f} to {self.high:+.3f}, {self.seeds} seeds)"


def difference(start: pd.DataFrame, other: pd.DataFrame) -> Difference | None:
    """Test accuracy of one start less that of another, from a row a seed of each; None with fewer than two common seeds."""
    gain = (start.set_index("seed")["test_accuracy"] - other.set_index("seed")["test_accuracy"]).dropna().to_numpy()
    if len(gain) < 2:
        return None
    mean, error = float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain)))
    reach = float(stats.t.ppf((1 + CONFIDENCE) / 2, len(gain) - 1)) * error
    return Difference(mean, mean - reach, mean + reach, len(gain))


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
