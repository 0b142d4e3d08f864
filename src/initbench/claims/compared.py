"""Two starts of one block, paired by seed: what claims on small differences between starts share."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from initbench.claims.measures import cells, share
from initbench.study.cells import BLOCK

CLOSE = 0.01  # test accuracies that differ by no more are the same in practice
ERRORS = 2.0  # standard errors of a mean difference that are allowed for


@dataclass(frozen=True)
class Difference:
    """Mean of the paired differences of test accuracy over seeds, and its standard error."""

    mean: float
    error: float
    seeds: int

    def __str__(self) -> str:
        return f"{self.mean:+.3f} ± {self.error:.2g} (standard error over {self.seeds} seeds)"


def difference(start: pd.DataFrame, other: pd.DataFrame) -> Difference | None:
    """Test accuracy of one start less that of another, from a row a seed of each; None with fewer than two common seeds."""
    gain = (start.set_index("seed")["test_accuracy"] - other.set_index("seed")["test_accuracy"]).dropna().to_numpy()
    if len(gain) < 2:
        return None
    return Difference(float(gain.mean()), float(gain.std(ddof=1) / np.sqrt(len(gain))), len(gain))


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
