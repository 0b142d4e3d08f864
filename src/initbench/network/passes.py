"""Stacked multilayer perceptrons with hand-written backward passes.

Every array leads with an *ensemble* axis of M members: weights (M, fan_in, fan_out), batches (M, B, features). A layer
is a tuple of arrays: (W, b), or (W, γ, β) for a hidden layer under normalisation, where β stands in for the bias:

    z = a W + b                     normalisation none
    z = γ ẑ + β,  ẑ = (aW − μ)/s    batch (μ, s over the batch) or layer (μ, s over the units), s = √(variance + 1e-5)
    a = φ(z)

The output layer is z = a W + b. A member's numbers do not depend, to the last bit, on what it is stacked with: products
and sums over the batch are BLAS calls a member (np.matmul), other reductions run along the last axis.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

import numpy as np

from initbench.activations import Activation, get_activation
from initbench.network import kernels as fused
from initbench.network.memory import Architecture, Buffers, LayerParameters, allocate

EPSILON = 1e-5  # added to the variance under batch and layer normalisation
NORMALIZATIONS = ("none", "batch", "layer")


def batch_sum(array: np.ndarray, out: np.ndarray | None = None) -> np.ndarray:
    """Sum over the batch of (M, B, n), shape (M, 1, n), as one BLAS product a member."""
    return np.matmul(_ones(array.shape[1], array.dtype), array, out=out)


@lru_cache(maxsize=64)
def _ones(count: int, dtype) -> np.ndarray:
    return np.ones((1, count), dtype)


def forward(parameters, inputs, activation: Activation, normalization: str, buffers: Buffers, statistics=None):
    """Logits (M, B, classes) of inputs (M or 1, B, features).

    Fills `buffers`. Batch normalisation uses the batch's own mean and variance or, if given, `statistics`: a list of
    (mean, variance), each (M, 1, width), one pair a hidden layer (evaluation mode).
    """
    a = inputs
    for index, layer in enumerate(parameters[:-1]):
        z = buffers.preactivations[index]
        np.matmul(a, layer[0], out=z)
        if normalization == "none":
            fused.add_rows(z, layer[1])
        else:
            _normalize(z, layer, normalization, buffers, index, statistics)
        a = activation.function(z, buffers.activations[index])
    weight, bias = parameters[-1]
    np.matmul(a, weight, out=buffers.logits)
    fused.add_rows(buffers.logits, bias)
    return buffers.logits


def _normalize(z, layer, normalization, buffers, index, statistics):
    """z ← γ ẑ + β in place, keeping ẑ, s, μ and the variance."""
    _, gamma, beta = layer
    centred, scale = buffers.normalized[index], buffers.scales[index]
    mean, variance = buffers.means[index], buffers.variances[index]
    if normalization == "batch":
        if statistics is not None:
            mean[...], variance[...] = statistics[index]
            fused.centre(z, mean, centred)
        else:
            np.divide(batch_sum(z), z.shape[1], out=mean)
            fused.centre(z, mean, centred)
            np.divide(batch_sum(z), z.shape[1], out=variance)
        fused.standardize(centred, variance, EPSILON, gamma, beta, scale, z)
        return
    np.divide(_unit_sum(z), z.shape[2], out=mean)
    np.subtract(z, mean, out=centred)
    np.divide(_unit_sum(np.multiply(centred, centred, out=z)), z.shape[2], out=variance)
    np.sqrt(variance + EPSILON, out=scale)
    centred *= 1 / scale
    np.multiply(centred, gamma[:, None, :], out=z)
    fused.add_rows(z, beta)


def _unit_sum(array):
    return np.sum(array, axis=2, keepdims=True)


def backward(
    parameters, inputs, normalization: str, buffers: Buffers, gradients, pull_back, finished: Callable | None = None
):
    """Backward pass from buffers.cotangents[-1] = ∂loss/∂logits, after `forward` on the same inputs.

    Writes δ^l into buffers.cotangents and, unless that is None, ∂loss/∂parameters into `gradients` (arrays shaped as the
    parameters). `pull_back` is one of an activation's. `finished(index)` is called when nothing will read a layer's
    parameters again; it may change them, and layers may share the arrays of their gradients.
    """
    cotangent = buffers.cotangents[-1]
    for index in range(len(parameters) - 1, -1, -1):
        a = buffers.activations[index - 1] if index else inputs
        hidden = index < len(parameters) - 1
        into = gradients and gradients[index]
        if not hidden or normalization == "none":
            linear_cotangent = cotangent
            if into:
                batch_sum(cotangent, out=into[1][:, None, :])
        else:
            linear_cotangent = _through_normalization(parameters, into, normalization, buffers, index)
        if into:
            np.matmul(a.swapaxes(1, 2), linear_cotangent, out=into[0])
        if index:
            cotangent = buffers.cotangents[index - 1]
            np.matmul(linear_cotangent, _transposed(parameters[index][0], buffers.transposed), out=cotangent)
            pull_back(buffers.preactivations[index - 1], a, cotangent, buffers.scratch)
        if finished:
            finished(index)


def _transposed(weight, out):
    """Wᵀ of (M, n, m), written out for small square layers.

    The BLAS has quick kernels for small products, but not for one with the second factor transposed, so that writing it
    out first pays up to SMALL units. At multiples of 16 the numbers are the same either way.
    """
    if out is None or weight.shape != out.shape:
        return weight.swapaxes(1, 2)
    np.copyto(out, weight.swapaxes(1, 2))
    return out


def _through_normalization(parameters, into, normalization, buffers, index):
    """∂loss/∂(aW) from δ = ∂loss/∂z, in buffers.scratch; writes the gradients of γ and β `into` the layer's."""
    delta, normalized, scale = buffers.cotangents[index], buffers.normalized[index], buffers.scales[index]
    _, gamma, _ = parameters[index]
    out = np.multiply(delta, normalized, out=buffers.scratch)
    gamma_sum, beta_sum = batch_sum(out), batch_sum(delta)
    if into:
        into[1][...], into[2][...] = gamma_sum[:, 0], beta_sum[:, 0]
    if normalization == "batch":
        fused.through_standardization(delta, normalized, beta_sum, gamma_sum, gamma, scale, out)
    else:  # (g − mean g − ẑ mean(g ẑ))/s for g = γ δ, means over the units
        out *= gamma[:, None, :]
        projection = _unit_sum(out) / -delta.shape[2]
        scaled = delta * gamma[:, None, :]
        np.multiply(normalized, projection, out=out)
        out += scaled
        out -= _unit_sum(scaled) / delta.shape[2]
        out /= scale
    return out


def cross_entropy(logits, one_hot, cotangent):
    """Softmax cross-entropy of every sample, shape (M, B); writes ∂(sum over samples)/∂logits = p − y to `cotangent`.

    logits (M, B, K); one_hot (M or 1, B, K). Logits that are not finite give a loss that is not.
    """
    # the largest over the classes, with the classes first: reducing short rows is slow
    shifted = logits - np.maximum.reduce(np.ascontiguousarray(np.moveaxis(logits, 2, 0)), axis=0)[..., None]
    np.exp(shifted, out=cotangent)
    total = cotangent.sum(axis=2, keepdims=True)
    cotangent /= total
    cotangent -= one_hot
    true_class = np.matmul(np.where(one_hot > 0, shifted, 0), _ones(logits.shape[2], logits.dtype).T)
    return (np.log(total) - true_class)[..., 0]


def loss_and_gradients(
    parameters: Sequence[LayerParameters],
    inputs: np.ndarray,
    labels: np.ndarray,
    activation: str | Activation,
    normalization: str = "none",
):
    """Mean softmax cross-entropy over the batch, and its gradients in the structure of the parameters.

    parameters: one tuple a layer, (W, b) or, for hidden layers under batch or layer normalisation, (W, γ, β); for one
    network (W of shape (fan_in, fan_out)) or M stacked ones (M, fan_in, fan_out). inputs: (B, features), or (M, B,
    features); labels: (B,) integers from 0. Returns (loss, gradients): loss a float, or (M,) for stacked networks.
    Computed in the dtype of the weights, float32 or float64. Raises ValueError for another one, where the shapes do not fit
    or a name is unknown.
    """
    activation = activation if isinstance(activation, Activation) else get_activation(activation)
    if normalization not in NORMALIZATIONS:
        raise ValueError(f"normalization {normalization!r}: choose one of {', '.join(NORMALIZATIONS)}")
    stacked = np.ndim(parameters[0][0]) == 3
    layers = [tuple(np.asarray(p) if stacked else np.asarray(p)[None] for p in layer) for layer in parameters]
    weights = [layer[0] for layer in layers]
    sizes = [weights[0].shape[1], *[w.shape[2] for w in weights]]
    architecture = Architecture(sizes[0], sizes[1], len(layers) - 1, sizes[-1], normalization)
    members, dtype = len(weights[0]), weights[0].dtype
    if dtype not in (np.float32, np.float64):
        raise ValueError(f"weights are {dtype}: use float32 or float64")
    expected = [tuple((members, *s) for s in shapes) for shapes in architecture.shapes()]
    if [tuple(p.shape for p in layer) for layer in layers] != expected:
        raise ValueError(f"parameters do not have the shapes of one network: expected {expected}")
    inputs, labels = np.asarray(inputs, dtype), np.asarray(labels)
    inputs = inputs if inputs.ndim == 3 else inputs[None]
    if labels.shape != inputs.shape[1:2] or inputs.shape[2] != sizes[0]:
        raise ValueError(f"inputs {inputs.shape} and labels {labels.shape} do not fit {sizes[0]} features")
    if labels.size and not 0 <= labels.min() <= labels.max() < sizes[-1]:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}; the network has {sizes[-1]} classes")
    buffers = allocate(architecture, members, inputs.shape[1], dtype)
    gradients = [tuple(np.empty_like(p) for p in layer) for layer in layers]
    logits = forward(layers, inputs, activation, normalization, buffers)
    one_hot = np.eye(sizes[-1], dtype=dtype)[labels][None]
    loss = cross_entropy(logits, one_hot, buffers.cotangents[-1]).mean(axis=1)
    buffers.cotangents[-1] /= inputs.shape[1]
    backward(layers, inputs, normalization, buffers, gradients, activation.pull_back_exactly)
    if stacked:
        return loss, gradients
    return float(loss[0]), [tuple(g[0] for g in layer) for layer in gradients]
