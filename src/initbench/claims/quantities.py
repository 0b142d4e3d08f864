"""What was measured of a cell: named numbers, each of one of a few forms that say what stands beside it.

A name is a key of `claims.quantities` in the catalogue of words; the names that an extension makes up stand for themselves.
"""

from collections.abc import Iterable

import numpy as np

from initbench.claims.tables import Quantity
from initbench.statistics.proportions import clopper_pearson


def number(name: str, value: float, n: int | None = None) -> Quantity:
    """A number; n: of how many it is the mean or median."""
    return Quantity(name, "number", _known(value), n=n)


def percent(name: str, value: float) -> Quantity:
    """A share of what is not counted as independent."""
    return Quantity(name, "percent", _known(value))


def count(name: str, events: float, total: int) -> Quantity:
    """So many of a total, without an interval: runs of one seed at several learning rates, say."""
    return Quantity(name, "count", float(events), n=int(total))


def share(name: str, events: int, total: int) -> Quantity:
    """So many of a total, with the Clopper–Pearson interval, which takes them for independent: seeds, or one run of each."""
    low, high = clopper_pearson(int(events), int(total))
    return Quantity(name, "share", int(events) / int(total), float(low), float(high), int(total))


def mean(name: str, values: Iterable[float]) -> Quantity:
    """Mean over seeds, with their range."""
    found = np.asarray(values, dtype=float)
    return Quantity(name, "mean", *map(_known, (found.mean(), found.min(), found.max())), n=len(found))


def between(name: str, low: float, high: float) -> Quantity:
    """The smallest and the largest of something."""
    return Quantity(name, "between", low=_known(low), high=_known(high))


def estimate(name: str, value: float, error: float, n: int | None = None) -> Quantity:
    """An estimate with its standard error; n: over how many draws."""
    low, high = _known(value - error), _known(value + error)
    return Quantity(name, "estimate", _known(value), low, high, n)


def word(name: str, text: str) -> Quantity:
    """What is no number: a key of the catalogue's claims.values, or a label."""
    return Quantity(name, "word", text=text)


def of_axis(name: str, value: object) -> Quantity:
    """Where a cell stands on an axis of its own, such as the factor of its gradient."""
    return number(name, float(value)) if isinstance(value, int | float) else word(name, str(value))


def _known(value: float) -> float | None:
    """A float; None where it is undefined. Infinite ones stay: a signal that is not finite is one."""
    return None if np.isnan(value) else float(value)
