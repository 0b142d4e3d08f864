"""How far the units of a layer are copies of one another, by their weights, activations and gradients."""

from functools import partial

import numpy as np

from initbench.base.columns import Column
from initbench.probes import distinct_units, probe
from initbench.probes.activation import dead_units
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
    weight = symmetry_statistics("weight", layer.weight)
    gradient = symmetry_statistics("gradient", layer.gradient, gradient_rounding_floor(layer))
    if layer.is_hidden:
        activation = symmetry_statistics("activation", layer.activation, dead=dead_units(layer))
    else:
        blank = np.full(len(layer.weight), np.nan)
        activation = {column.name: blank for column in (*symmetry_columns("activation"), LIVE)}
    return weight | activation | gradient


def symmetry_statistics(what: str, matrix, floor=0.0, dead=None) -> dict[str, np.ndarray]:
    """How far the units (last axis) of (M, features, units) are copies of one another; NaN for non-finite matrices.

    `dead` (M, units) asks for the distinct units among the others too.
    """
    extent = distinct_units.Extent.of(matrix)
    finite = np.isfinite(extent.low).all(axis=1) & np.isfinite(extent.high).all(axis=1)
    if not finite.all():
        matrix = np.where(finite[:, None, None], matrix, 0)
        extent = distinct_units.Extent.of(matrix)
    dtype, names = matrix.dtype, [column.name for column in symmetry_columns(what)]
    floor = np.maximum(floor, distinct_units.rounding_floor(dtype))
    gram = distinct_units.Gram.of(matrix, extent.largest)
    count = partial(
        distinct_units.distinct_units, matrix, distinct_units.TOLERANCE[dtype], floor, extent=extent, gram=gram
    )
    columns = [count(), distinct_units.exactly_equal_units(extent), distinct_units.spread(extent)]
    values = dict(zip(names, [*columns, *distinct_units.cosine_and_rank(gram)], strict=True))
    if dead is not None:
        values["distinct_live_activations"] = count(counted=~dead) if dead.any() else columns[0]
    return {name: np.where(finite, value, np.nan) for name, value in values.items()}


def gradient_rounding_floor(layer: LayerSnapshot) -> np.ndarray:
    """The size below which an entry of ∂loss/∂W is what rounding leaves of a sum that cancels, shape (M,).

    A few eps of the largest terms of the sum over samples, |a^{l−1}| |δ^l|. Small gradients as such are far above it:
    where backpropagation has made δ small, the floor is small too.
    """
    delta = np.abs(layer.cotangent).max(axis=2).mean(axis=1)
    if layer.gain is not None:
        delta = delta * np.abs(layer.gain).max(axis=(1, 2))
    eps = np.finfo(layer.inputs.dtype).eps
    floor = ROUNDING_OF_A_SUM * eps * np.abs(layer.inputs).max(axis=(1, 2)).astype(float) * delta
    return np.where(np.isfinite(floor), floor, 0)
