"""What mean-field theory says of a cell at initialisation, from the data's own lengths."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from initbench.analyses.image_predictions import predicted_images
from initbench.base.randomness import keyed
from initbench.network.normalization import EPSILON
from initbench.schemes import Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import SchemeCall, parse_scheme
from initbench.theory.length import LARGEST_VARIANCE
from initbench.theory.propagation import propagate_batchnorm
from initbench.theory.residual import propagate_residual
from initbench.theory.samples import propagate_samples

TAPS = {"convnet": 9, "convnet_circular": 9}  # of architectures whose hidden layers are convolutions
ESTIMATION_DRAWS = 64  # layers drawn to estimate the variances of a scheme that does not state them
RESIDUAL = {"residual_mlp": False, "residual_mlp_preact": True}  # whether φ stands before the linear maps
BATCHNORM_NOTE = "batch normalisation sets E[z²]; δ² in the limit of depth, width and batch size: shown, not judged"


Variances = tuple[float, float, tuple[str, ...]]  # of a weight and of a bias, and what is to be said of them


@dataclass(frozen=True)
class Prediction:
    """The prediction of one cell, of H hidden layers, for the seeds that were measured.

    weight_variance: σ_w²; bias_variance: σ_b², None where it plays no part; second_moment: E[z²], (seeds, H); gradient:
    δ² relative to that of the last hidden layer, (H,); judged: whether a tolerance is set; notes: what limits it.
    """

    weight_variance: float
    bias_variance: float | None
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
    width, batch = int(cell["width"]), cell["normalization"] == "batch"
    taps = TAPS.get(cell["architecture"], 1)
    fans, told = (taps * width, taps * width), (2, int(cell["depth"]), cell["activation"], cell["normalization"])
    variances = _variances(scheme, Layer(*fans, *told, receptive_field=taps))
    if max(fans[0] * variances[0], variances[1]) > LARGEST_VARIANCE or (batch and not np.isfinite(first).all()):
        return None
    if taps > 1:
        return _images(cell, fans[0], variances, first, lengths)
    if batch:
        return _under_batch_normalization(cell, variances, first)
    return _plain(cell, variances, first, lengths)


def _followed(cell: Mapping) -> bool:
    """Whether theory speaks of a cell's architecture and normalisation."""
    if cell["architecture"] in {*RESIDUAL, *TAPS}:
        return cell["normalization"] == "none"
    return cell["architecture"] == "mlp" and cell["normalization"] != "layer"


def _images(cell: Mapping, fan_in: int, variances: Variances, first: np.ndarray, squares) -> Prediction | None:
    """Of convolutions: every place of every sample by what it sees; None where the images are not known."""
    weight, bias, notes = variances
    if any(each is None or each.ndim < 2 for each in squares):
        return None
    q, backward = predicted_images(cell, fan_in * weight, bias, first, squares)
    return Prediction(fan_in * weight, bias, q, divided(backward, backward[-1]), True, notes)


def _plain(cell: Mapping, variances: Variances, first: np.ndarray, lengths) -> Prediction:
    """Without normalisation: every sample by its own length."""
    width = int(cell["width"])
    weight, bias, notes = variances
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
    with np.errstate(over="ignore", invalid="ignore"):  # becomes a null
        q, backward = _each_sample(cell, width * weight, bias, start)
        backward = backward.mean(axis=(1, 2))
    q = np.where(known, q.mean(axis=2).T, np.nan)
    return Prediction(width * weight, bias, q, divided(backward, backward[-1]), True, notes)


def _each_sample(cell: Mapping, weight: float, bias: float, start: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(q, δ² up to a factor) of samples with these q¹, (depth, *start.shape) each."""
    phi, depth = cell["activation"], int(cell["depth"])
    if cell["architecture"] in RESIDUAL:
        width = int(cell["width"])
        ending = Layer(width, width, depth, depth, phi, block=1, blocks=1, branch_layer=2, branch_layers=2)
        _, alpha = parse_scheme(cell["scheme"]).gains(ending)
        found = propagate_residual(phi, weight, bias, depth, start, alpha, RESIDUAL[cell["architecture"]])
        return found.q, found.gradient
    q, chi = propagate_samples(phi, weight, bias, depth, start)
    # δ² of a sample at layer l is in proportion to χ_l … χ_H, since the cotangents at the logits are alike
    logs = np.log(chi, out=np.full(chi.shape, -np.inf), where=chi > 0)
    return q, np.exp(np.cumsum(logs[::-1], axis=0)[::-1])


def _under_batch_normalization(cell: Mapping, variances: Variances, first: np.ndarray) -> Prediction:
    """Under batch normalisation, where all samples are alike (Yang et al. 2019); no tolerance is set for its δ²."""
    width, depth = int(cell["width"]), int(cell["depth"])
    weight, _, notes = variances
    q, factors = propagate_batchnorm(cell["activation"], width * weight, depth, EPSILON, float(first.mean()))
    gradient = np.cumprod(np.append(factors[:-1], 1.0)[::-1])[::-1]
    q = np.broadcast_to(q, (len(first), depth))
    return Prediction(width * weight, None, q, gradient, False, (*notes, BATCHNORM_NOTE))


def _variances(scheme: SchemeCall, layer: Layer) -> Variances:
    """Variance of a weight and of a bias in a hidden layer: as the scheme states them, else estimated from draws."""
    stated = scheme.variances(layer)
    if stated is not None:
        return *stated, ()
    drawn = [draw(scheme, keyed(0, "theory", k, layer.fan_in), layer) for k in range(ESTIMATION_DRAWS)]
    weight, bias = (float(np.mean([np.square(pair[k]).mean() for pair in drawn])) for k in range(2))
    return weight, bias, (f"variances estimated from {ESTIMATION_DRAWS} drawn layers",)


def divided(a, b) -> np.ndarray:
    """a/b, NaN where b is zero or a result would not be finite."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    good = np.isfinite(a) & np.isfinite(b) & (b != 0)
    with np.errstate(over="ignore"):  # becomes a null
        return np.divide(a, b, out=np.full(a.shape, np.nan), where=good)
