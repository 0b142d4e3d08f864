"""Loading a data set by name or as a study describes it, and splitting and scaling it for each seed.

Here is only chosen which of the two it is: what each is made from stands in `named` and `own`, so that a change of how users'
tables are read leaves the data sets of the package as they are.
"""

from collections.abc import Mapping, Sequence

import numpy as np

from initbench.datasets.loaded import Loaded
from initbench.datasets.prepared import FRACTIONS, split
from initbench.datasets.splits import Splits


def load(source: str | Mapping) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(features (N, F) float64, labels (N,) integers, class names) of a registered name or a described table.

    Raises ValueError, naming the data set and all that is wrong with it, if features are not finite numbers that can be
    scaled, labels are missing, or there are fewer than two classes or one is too rare to be split. Features that a user's
    table lacks are NaN.
    """
    return load_whole(source)[:3]


def load_whole(source: str | Mapping) -> Loaded:
    """`load`, with the names of the features and what was done with each column."""
    if isinstance(source, str):
        from initbench.datasets.named import load_named

        return load_named(source)
    from initbench.datasets.own import load_own

    return load_own(source)


def prepare(source: str | Mapping, seeds: Sequence[int], study_seed: int, fractions=FRACTIONS) -> Splits:
    """Load a data set, and split and scale it for each seed; see `prepared.split`."""
    name = source if isinstance(source, str) else source["name"]
    return split(name, load_whole(source), seeds, study_seed, fractions)
