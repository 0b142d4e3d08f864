"""What mean-field theory says of a cell at initialisation, from the data's own lengths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from initbench.analyses.image_predictions import predicted_images
from initbench.analyses.normalized_predictions import RESIDUAL, note, predicted_normalized
from initbench.analyses.stated_variances import TAPS, Start, Variances, hidden_layer, start_of, variances_of
from initbench.schemes.label import SchemeCall, parse_scheme
from initbench.theory.length import LARGEST_VARIANCE
from initbench.theory.residual import propagate_residual
from initbench.theory.samples import propagate_samples


@dataclass(frozen=True)
class Prediction:
    """The prediction of one cell, of H hidden layers, for the seeds that were measured.

    weight_variance: σ_w², one or of each layer (H,); bias_variance: σ_b² likewise, None where it plays no part; second_moment: E[z²],
    (seeds, H); gradient: δ² relative to that of the last hidden layer, (H,); judged: whether a tolerance is set; notes: what limits it.
    """

    weight_variance: float | np.ndarray
    bias_variance: float | np.ndarray | None
    second_moment: np.ndarray
    gradient: np.ndarray
    judged: bool
    notes: tuple[str, ...]


def predict(cell: Mapping, first: np.ndarray, lengths: Sequence[np.ndarray | None]) -> Prediction | None:
    """The prediction for a cell, given by its keys; None if theory does not speak of it, or of numbers as large as its own.

    first: measured E[z²] of layer 1 for each seed, from which the recursion starts. lengths: of each seed the mean squared
    feature of every probe sample, or all squared features (B, features), or None where they are not known.
    """
    scheme = parse_scheme(cell["scheme"])
    if not scheme.entry.iid or scheme.entry.calibrate is not None or not _followed(cell):
        return None
    layer = hidden_layer(cell)
    variances = variances_of(scheme, layer)
    normalized = cell["normalization"] != "none"
    if max(layer.fan_in * variances[0], variances[1]) > LARGEST_VARIANCE or (
        normalized and not np.isfinite(first).all()
    ):
        return None
    if normalized:
        return _normalized(cell, scheme, variances, first, lengths)
    if cell["architecture"] in TAPS:
        return _images(cell, layer.fan_in, variances, first, lengths)
    return _plain(cell, scheme, variances, first, lengths)


def _followed(cell: Mapping) -> bool:
    """Whether theory speaks of a cell's architecture and normalisation.

    Where zeros surround an image, batch normalisation takes what a channel has at the rim and within it by one mean and one
    variance, and places are no longer alike.
    """
    padded = cell["architecture"] == "convnet" and cell["normalization"] == "batch"
    return cell["architecture"] in {"mlp", *RESIDUAL, *TAPS} and not padded


def _normalized(cell: Mapping, scheme: SchemeCall, variances: Variances, first, squares) -> Prediction | None:
    """Under normalisation; none of its rows is judged where the theory is that of large batches."""
    found, said = predicted_normalized(cell, scheme, variances, first, squares), note(cell)
    if found is None:
        return None
    q, gradient = found
    weight, notes = _weights(cell, scheme, variances), variances[2] + ((said,) if said else ())
    return Prediction(weight, None, q, divided(gradient, gradient[-1]), cell["normalization"] == "layer", notes)


def _weights(cell: Mapping, scheme: SchemeCall, variances: Variances) -> float | np.ndarray:
    """σ_w² of a cell's hidden layers: one, or in residual networks that of each."""
    if cell["architecture"] in RESIDUAL:
        return start_of(cell, scheme, variances).weight
    return hidden_layer(cell).fan_in * variances[0]


def _images(cell: Mapping, fan_in: int, variances: Variances, first: np.ndarray, squares) -> Prediction | None:
    """Of convolutions: every place of every sample by what it sees; None where the images are not known."""
    weight, bias, notes = variances
    if any(each is None or each.ndim < 2 for each in squares):
        return None
    q, backward = predicted_images(cell, fan_in * weight, bias, first, squares)
    return Prediction(fan_in * weight, bias, q, divided(backward, backward[-1]), True, notes)


def _plain(cell: Mapping, scheme: SchemeCall, variances: Variances, first: np.ndarray, lengths) -> Prediction:
    """Without normalisation: every sample by its own length."""
    _, bias, notes = variances
    if any(each is None for each in lengths):
        shares = np.ones((len(first), 1))
        notes += ("all samples taken to be equally long",)
    else:
        means = [each.mean(axis=1) if each.ndim > 1 else each for each in lengths]
        shares = np.stack([each / each.mean() for each in means])
    # a seed whose signal left the range of doubles is not predicted: null in, null out
    known = np.isfinite(first)[:, None]
    q1 = np.where(known, first[:, None], 1.0)
    # the bias adds the same to every sample; what the inputs add is shared out by their lengths
    start = np.maximum(q1 - bias, 0) * shares + np.minimum(q1, bias)
    drawn = start_of(cell, scheme, variances) if cell["architecture"] in RESIDUAL else None
    weight, biases = (hidden_layer(cell).fan_in * variances[0], bias) if drawn is None else (drawn.weight, drawn.bias)
    with np.errstate(over="ignore", invalid="ignore"):  # becomes a null
        q, backward = _each_sample(cell, weight, bias, start, drawn)
        backward = backward.mean(axis=(1, 2))
    q = np.where(known, q.mean(axis=2).T, np.nan)
    return Prediction(weight, biases, q, divided(backward, backward[-1]), True, notes)


def _each_sample(
    cell: Mapping, weight, bias: float, start: np.ndarray, drawn: Start | None
) -> tuple[np.ndarray, np.ndarray]:
    """(q, δ² up to a factor) of samples with these q¹, (depth, *start.shape) each."""
    phi, depth = cell["activation"], int(cell["depth"])
    if drawn is not None:
        preactivation = RESIDUAL[cell["architecture"]]
        found = propagate_residual(phi, drawn.weight, drawn.bias, depth, start, drawn.branch_gain, preactivation)
        return found.q, found.gradient
    q, chi = propagate_samples(phi, weight, bias, depth, start)
    # δ² of a sample at layer l is in proportion to χ_l … χ_H, since the cotangents at the logits are alike
    logs = np.log(chi, out=np.full(chi.shape, -np.inf), where=chi > 0)
    return q, np.exp(np.cumsum(logs[::-1], axis=0)[::-1])


def divided(a, b) -> np.ndarray:
    """a/b, NaN where b is zero or a result would not be finite."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    good = np.isfinite(a) & np.isfinite(b) & (b != 0)
    with np.errstate(over="ignore"):  # becomes a null
        return np.divide(a, b, out=np.full(a.shape, np.nan), where=good)
