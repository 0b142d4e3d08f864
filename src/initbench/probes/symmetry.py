"""How far the units of a layer are copies of one another, by their weights, activations and gradients."""

from functools import partial

import numpy as np

from initbench.base.columns import Column
from initbench.probes import probe
from initbench.probes.activation import flat_units
from initbench.probes.cotangents import cotangent_size
from initbench.probes.distinct_units import TOLERANCE, Units, cosine_and_rank, distinct_units, rounding_floor
from initbench.probes.norms import gradient_units, weight_units
from initbench.probes.snapshot import LayerSnapshot

# A sum of products that cancels leaves about eps × its terms; a gradient below a few of those is rounding alone.
ROUNDING_OF_A_SUM = 4.0


def symmetry_columns(what: str) -> list[Column]:
    """The columns of weights, activations or gradients."""
    return [
        Column(f"distinct_{what}s", int, f"distinct units by their {what}s, up to rounding"),
        Column(f"exactly_equal_{what}s", bool, f"whether all units' {what}s are the same to the last bit"),
        Column(f"{what}_spread", float, "largest difference between two units in one entry / largest |entry|"),
        Column(f"{what}_cosine", float, "mean |cosine| between two units"),
        Column(f"{what}_effective_rank", float, "participation ratio of the squared singular values"),
    ]


LIVE = Column("distinct_live_activations", int, "distinct units by activation among those that are not dead")


@probe(
    "symmetry",
    table="layers",
    columns=[
        *symmetry_columns("weight"),
        *symmetry_columns("activation"),
        *symmetry_columns("gradient"),
        LIVE,
    ],
)
def symmetry(layer: LayerSnapshot) -> dict[str, np.ndarray]:
    """Counts of distinct units, spread, cosine and effective rank; of activations NaN for the output layer."""
    weight = symmetry_statistics("weight", weight_units(layer))
    gradient = symmetry_statistics("gradient", gradient_units(layer), gradient_rounding_floor(layer))
    if layer.is_hidden:
        activation = symmetry_statistics("activation", Units.of(layer.activation), dead=flat_units(layer)[1])
    else:
        blank = np.full(len(layer.weight), np.nan)
        activation = {column.name: blank for column in (*symmetry_columns("activation"), LIVE)}
    return weight | activation | gradient


def symmetry_statistics(what: str, units: Units, floor=0.0, dead=None) -> dict[str, np.ndarray]:
    """How far the units of matrices are copies of one another; NaN for matrices that are not finite.

    `dead` (M, units) asks for the distinct units among the others too.
    """
    dtype, names = units.matrix.dtype, [column.name for column in symmetry_columns(what)]
    floor = np.maximum(floor, rounding_floor(dtype))
    count = partial(distinct_units, units, TOLERANCE[dtype], floor)
    columns = [count(), units.exactly_equal, units.spread]
    values = dict(zip(names, [*columns, *cosine_and_rank(units)], strict=True))
    if dead is not None:
        values["distinct_live_activations"] = count(counted=~dead) if dead.any() else columns[0]
    return {name: np.where(units.finite, value, np.nan) for name, value in values.items()}


def gradient_rounding_floor(layer: LayerSnapshot) -> np.ndarray:
    """The size below which an entry of ∂loss/∂W is what rounding leaves of a sum that cancels, shape (M,).

    A few eps of the largest terms of the sum over samples, and positions, |a^{l−1}| |δ^l|. Small gradients as such are far above it:
    where backpropagation has made δ small, the floor is small too.
    """
    delta = cotangent_size(layer)[1] * layer.positions
    if layer.gain is not None:
        delta = delta * _largest(layer.gain)
    floor = ROUNDING_OF_A_SUM * np.finfo(layer.inputs.dtype).eps * _largest(layer.inputs).astype(float) * delta
    return np.where(np.isfinite(floor), floor, 0)


def _largest(values: np.ndarray) -> np.ndarray:
    """The largest |entry| of (M, rows, units)."""
    return np.maximum(values.max(axis=(1, 2)), -values.min(axis=(1, 2)))
