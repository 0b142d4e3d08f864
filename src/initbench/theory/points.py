"""Distributions that no formula follows, as equally likely values, and independent normal noise beside them."""

from functools import lru_cache

import numpy as np
import scipy

POINTS = 16384
GOLDEN = (np.sqrt(5) - 1) / 2


@lru_cache(maxsize=1)
def normal_points() -> np.ndarray:
    """Equally likely values of a normal variable of variance 1, in order."""
    points = scipy.special.ndtri((np.arange(POINTS) + 0.5) / POINTS)
    return points / np.sqrt(np.square(points).mean())


@lru_cache(maxsize=1)
def _scattered() -> np.ndarray:
    """The same values in an order of their own: with their places, even over the plane."""
    return normal_points()[np.argsort(np.argsort(np.arange(1, POINTS + 1) * GOLDEN % 1))]


def noise(values: np.ndarray, carried: np.ndarray) -> np.ndarray:
    """Normal values independent of others: as evenly spread beside them as two coordinates can be (L'Ecuyer et al. 2008).

    What they have in common with that to which they are added, by so many points, is taken out, so that variances add.
    """
    added = np.empty(POINTS)
    added[np.argsort(values, kind="stable")] = _scattered()
    centred = carried - carried.mean()
    spread = np.square(centred).sum()
    if spread > 0:
        added -= (added @ centred) / spread * centred
    return added / np.sqrt(np.square(added).mean())
