"""Forward and backward passes of a network, stacked over members."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import DTypeLike

from initbench.network.layer import Network, Weights
from initbench.network.loss import cross_entropy
from initbench.network.memory import Memory
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.products import BLAS, Products, prepare_blas


@dataclass(frozen=True)
class Buffers:
    """What the passes of a network write: the buffers of each layer, and ∂loss/∂logits (M, B, classes)."""

    layers: list[Any]
    cotangent: np.ndarray


def allocate(
    network: Network,
    members: int,
    batch: int,
    dtype: DTypeLike,
    *,
    exact: bool = True,
    keep_cotangents: bool = False,
    forward_only: bool = False,
    products: Products = BLAS,
) -> Buffers:
    """Buffers for passes of M members over a batch of B samples; `Memory` says what the options keep."""
    prepare_blas()
    slopes = [layer.activation for layer in network.layers if isinstance(layer, Nonlinearity)]
    keep = exact or any(activation.pull_back_from_output is None for activation in slopes)
    keep = keep and not forward_only
    memory = Memory(members, batch, np.dtype(dtype), exact, keep, keep_cotangents, forward_only, products)
    layers = [layer.buffers(shape, memory) for layer, shape in zip(network.layers, network.shapes, strict=False)]
    first = next((index for index, weights in enumerate(network.weights) if weights), 0)
    layers[first].onward = None  # nobody asks for ∂loss/∂inputs
    for written, following in zip(layers, network.layers[1:], strict=False):
        if hasattr(written, "balanced"):
            written.balanced = getattr(following, "balances", False)
    return Buffers(layers, memory.named("cotangent of the logits", (batch, network.classes)))


def forward(network: Network, parameters: Sequence[Weights], inputs: np.ndarray, buffers: Buffers) -> np.ndarray:
    """Logits (M, B, classes) of inputs (M or 1, B, *features). Fills the buffers."""
    x = inputs
    for layer, weights, written in zip(network.layers, parameters, buffers.layers, strict=True):
        x = layer.forward(weights, x, written)
    return x


def backward(
    network: Network,
    parameters: Sequence[Weights],
    buffers: Buffers,
    gradients: Sequence[Weights] | None,
    finished: Callable[[int], None] | None = None,
) -> None:
    """Pull buffers.cotangent = ∂loss/∂logits back through the layers, after `forward` on the same buffers.

    Writes ∂loss/∂parameters into `gradients` unless they are None. `finished(index)` is called when nothing will read a
    layer's parameters again; it may change them, and layers may share the arrays of their gradients.
    """
    layers, written = network.layers, buffers.layers
    cotangent: Any = buffers.cotangent
    for index in range(len(layers) - 1, -1, -1):
        into = gradients[index] if gradients else None
        if cotangent is not None:  # as it is for layers before the first that has parameters
            cotangent = layers[index].backward(parameters[index], written[index], cotangent, into)
        if finished:
            finished(index)


def jacobian(network: Network, parameters: Sequence[Weights], buffers: Buffers, samples: int) -> np.ndarray:
    """∂logits/∂inputs (M, S, classes, features) of the first S samples, after `forward`.

    Under batch normalisation the batch's mean and variance are held fixed, which makes the Jacobian one sample's own.
    """
    members, _, classes = buffers.cotangent.shape
    cotangents: Any = None
    if network.layers[-1].kind != "linear":
        cotangents = np.broadcast_to(
            np.eye(classes, dtype=buffers.cotangent.dtype), (members, samples, classes, classes)
        )
    for index in range(len(network.layers) - 1, -1, -1):
        cotangents = network.layers[index].linearized(parameters[index], buffers.layers[index], cotangents)
        cotangents = np.broadcast_to(cotangents, (members, samples, *cotangents.shape[2:]))
    return cotangents


def loss_and_gradients(
    network: Network, parameters: Sequence[Weights], inputs: np.ndarray, one_hot: np.ndarray
) -> tuple[np.ndarray, list[Weights]]:
    """Mean softmax cross-entropy over the batch (M,), and its gradients in the structure of the parameters.

    inputs (M or 1, B, *features) and one_hot (M or 1, B, classes) in the dtype of the parameters.
    """
    first = next(array for weights in parameters for array in weights)
    buffers = allocate(network, len(first), inputs.shape[1], first.dtype)
    gradients = [tuple(np.empty_like(array) for array in weights) for weights in parameters]
    logits = forward(network, parameters, inputs, buffers)
    loss = cross_entropy(logits, one_hot, buffers.cotangent).mean(axis=1)
    buffers.cotangent[...] /= inputs.shape[1]
    backward(network, parameters, buffers, gradients)
    return loss, gradients
