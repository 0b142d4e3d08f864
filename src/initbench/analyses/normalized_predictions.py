"""What mean-field theory says of a normalised cell at initialisation: layer by layer, the data play little part."""

from collections.abc import Mapping, Sequence

import numpy as np

from initbench.analyses.image_predictions import predicted_normalized_images
from initbench.analyses.stated_variances import (
    TAPS,
    Variances,
    first_weight_variance,
    hidden_layer,
    start_of,
)
from initbench.network.normalization import EPSILON
from initbench.schemes.label import SchemeCall
from initbench.theory.layernorm import propagate_layernorm
from initbench.theory.propagation import propagate_batchnorm
from initbench.theory.residual import plain_layers
from initbench.theory.residual_normalized import propagate_residual_normalized

RESIDUAL = {"residual_mlp": False, "residual_mlp_preact": True}  # whether φ stands before the linear maps
BATCHNORM_NOTE = "batch normalisation sets E[z²]; δ² in the limit of depth, width and batch size: shown, not judged"
SUM_NOTE = "batch normalisation: E[z²] and δ² in the limit of width and batch size: shown, not judged"
LAYERNORM_NOTE = "layer normalisation sets E[z²]"

Found = tuple[np.ndarray, np.ndarray]  # E z² (seeds, H), and δ² (H,) up to a factor


def note(cell: Mapping) -> str | None:
    """What is to be said of a normalised cell; None where E z² is a prediction like any other."""
    sums = RESIDUAL.get(cell["architecture"]) is False  # φ is given what no normalisation follows
    if cell["normalization"] == "layer":
        return None if sums else LAYERNORM_NOTE
    return SUM_NOTE if sums else BATCHNORM_NOTE


def predicted_normalized(
    cell: Mapping, scheme: SchemeCall, variances: Variances, first: np.ndarray, squares: Sequence[np.ndarray | None]
) -> Found | None:
    """(E z² (seeds, H), δ² (H,)) under batch or layer normalisation; None where theory does not speak of the cell.

    first: measured E z² of layer 1 for each seed. squares: of each seed the squared features of every probe sample, (B, features), their
    means (B,), or None: images need the features, and residual networks before activation, of odd depth.
    """
    if cell["architecture"] in RESIDUAL:
        return _residual(cell, scheme, variances, first, squares)
    layer, batch = hidden_layer(cell), cell["normalization"] == "batch"
    weight, gain = layer.fan_in * variances[0], scheme.gains(layer)[0]
    if cell["architecture"] in TAPS and not batch:
        if any(each is None or each.ndim < 2 for each in squares):
            return None
        source = TAPS[cell["architecture"]] * first_weight_variance(cell, scheme, squares[0].shape[1])
        return predicted_normalized_images(cell, weight, gain, source, first, squares)
    propagate = propagate_batchnorm if batch else propagate_layernorm
    q, factors = propagate(cell["activation"], weight, int(cell["depth"]), EPSILON, float(first.mean()), gain)
    gradient = np.cumprod(np.append(factors[:-1], 1.0)[::-1])[::-1]
    return np.broadcast_to(q, (len(first), len(q))), gradient


def _residual(cell: Mapping, scheme: SchemeCall, variances: Variances, first: np.ndarray, squares) -> Found | None:
    """Of residual networks, seeds alike but for the first layer's own length."""
    depth, preactivation = int(cell["depth"]), RESIDUAL[cell["architecture"]]
    stream = np.array(1.0)
    if preactivation and plain_layers(depth) == 1:
        if any(each is None or each.ndim < 2 for each in squares):
            return None
        stream = _first_stream(cell, first_weight_variance(cell, scheme, squares[0].shape[1]), np.stack(squares))
    start = start_of(cell, scheme, variances)
    found = propagate_residual_normalized(
        cell["activation"], start.weight, depth, cell["normalization"], EPSILON, float(first.mean()), stream, start.gain,
        start.branch_gain, preactivation,
    )  # fmt: skip
    q, gradient = (each.reshape(depth, -1).mean(axis=1) for each in (found.q, found.gradient))
    return np.broadcast_to(q, (len(first), depth)), gradient


def _first_stream(cell: Mapping, weight_variance: float, squares: np.ndarray) -> np.ndarray:
    """Variance of what the first map gives, from the squares (seeds, B, features): of each sample, or over a batch.

    Features have the mean 0 over the training split; that of a batch takes 1/B of their squares with it.
    """
    lengths = weight_variance * squares.sum(axis=2)
    return lengths if cell["normalization"] == "layer" else lengths.mean() * (1 - 1 / squares.shape[1])
