"""What a scheme draws, whatever it is called: zeros, one constant, or random numbers."""

from functools import lru_cache
from itertools import chain
from typing import NamedTuple

import numpy as np

from initbench.schemes import Layer
from initbench.schemes.draw import draw

PROBED = (
    Layer(32, 32, 1, 2, "relu"),
    Layer(32, 32, 2, 2, "relu"),
    Layer(32, 5, 3, 2),
)  # drawn to see what a scheme does


class SchemeParts(NamedTuple):
    """What a scheme draws, whatever it is called.

    start: "zeros", "zero weights" (biases are not), "constant" (one weight a layer, one bias), "random", or "fixed" if it is
    none of these but no generator changes it. kind: the same, "other" for random and fixed. value and bias: the one weight
    and the one bias of all layers, NaN where there is none.
    """

    kind: str
    start: str
    value: float
    bias: float


@lru_cache(maxsize=4096)
def scheme_parts(label: str) -> SchemeParts:
    """The parts of a scheme, from layers that it draws; one that cannot draw them, or is not known here, counts as random."""
    try:
        drawn, again = ([draw(label, np.random.default_rng(seed), layer) for layer in PROBED] for seed in (0, 1))
    except ValueError:
        return SchemeParts("other", "random", np.nan, np.nan)
    weights, biases = ([pair[k] for pair in drawn] for k in (0, 1))
    one_each = all(np.ptp(array) == 0 for array in (*weights, *biases))
    if not any(weight.any() for weight in weights):
        start = "zero weights" if any(bias.any() for bias in biases) else "zeros"
    elif one_each:
        start = "constant"
    else:
        fixed = all(np.array_equal(a, b) for a, b in zip(chain(*drawn), chain(*again), strict=True))
        start = "fixed" if fixed else "random"
    kind = "other" if start in ("fixed", "random") else start
    return SchemeParts(kind, start, _the_one(weights), _the_one(biases) if kind != "other" else np.nan)


def _the_one(arrays: list[np.ndarray]) -> float:
    """The value of all entries of all arrays; NaN if they differ."""
    values = np.concatenate([array.ravel() for array in arrays])
    return float(values[0]) if np.ptp(values) == 0 else np.nan
