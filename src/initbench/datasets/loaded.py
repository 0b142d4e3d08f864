"""A data set as it was loaded, before it is split."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from initbench.datasets.description import ColumnUse


class Loaded(NamedTuple):
    """Features (N, F) float64 with their names, labels (N,) from 0, and the names of the classes.

    A feature of a user's own table may be NaN where it is missing. columns: what was done with each column of such a table.
    """

    features: np.ndarray
    labels: np.ndarray
    classes: np.ndarray
    names: Sequence[str]
    columns: tuple[ColumnUse, ...] = ()
