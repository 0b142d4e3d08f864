"""Multilayer perceptrons, and their loss and gradients for arrays of a user's own."""

from collections.abc import Iterator, Sequence

import numpy as np

from initbench.activations import Activation, get_activation
from initbench.architectures import architecture
from initbench.network import passes
from initbench.network.dense import Dense
from initbench.network.layer import Layer, Network, grouped, ungrouped
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.normalization import normalization as normalization_layers


@architecture("mlp")
def mlp(inputs, classes, width, depth, activation, normalization) -> Iterator[Layer]:
    """`depth` hidden layers of `width` units, φ(normalised(a W + b)), then a W + b; depth 0 is logistic regression."""
    for _ in range(depth):
        yield Dense(width, bias=not normalization)
        yield from normalization
        yield from activation
    yield Dense(classes)


def loss_and_gradients(
    parameters: Sequence[tuple[np.ndarray, ...]],
    inputs: np.ndarray,
    labels: np.ndarray,
    activation: str | Activation,
    normalization: str = "none",
):
    """Compute the mean softmax cross-entropy over the batch, and its gradients in the structure of the parameters.

    Computed in the dtype of the weights, float32 or float64.

    Args:
        parameters: One tuple a layer, (W, b) or, for hidden layers under batch or layer normalisation, (W, γ, β); for one
            network (W of shape (fan_in, fan_out)) or M stacked ones (M, fan_in, fan_out).
        inputs: Of shape (B, features), or (M, B, features).
        labels: Of shape (B,), whole numbers from 0.
        activation: Its name, or an `Activation`.
        normalization: none, batch or layer.

    Returns:
        (loss, gradients): loss a float, or (M,) for stacked networks; gradients as the parameters are.

    Raises:
        ValueError: For another dtype, where the shapes do not fit or a name is unknown.
    """
    stacked = np.ndim(parameters[0][0]) == 3
    layers = [tuple(np.asarray(p) if stacked else np.asarray(p)[None] for p in layer) for layer in parameters]
    network = _network(layers, activation, normalization)
    inputs = np.asarray(inputs, layers[0][0].dtype)
    inputs, labels = inputs if inputs.ndim == 3 else inputs[None], np.asarray(labels)
    _check_batch(inputs, labels, network)
    one_hot = np.eye(network.classes, dtype=inputs.dtype)[labels][None]
    loss, gradients = passes.loss_and_gradients(network, ungrouped(layers, network), inputs, one_hot)
    found = grouped(gradients, network)
    if stacked:
        return loss, found
    return float(loss[0]), [tuple(array[0] for array in layer) for layer in found]


def _network(layers, activation: str | Activation, normalization: str) -> Network:
    """The network that has these stacked parameters; ValueError if none has."""
    activation = activation if isinstance(activation, Activation) else get_activation(activation)
    between = normalization_layers(normalization)
    weights = [layer[0] for layer in layers]
    if weights[0].dtype not in (np.float32, np.float64):
        raise ValueError(f"weights are {weights[0].dtype}: use float32 or float64")
    depth, classes = len(weights) - 1, weights[-1].shape[-1]
    inputs, width = weights[0].shape[1:]
    network = Network((inputs,), tuple(mlp((inputs,), classes, width, depth, (Nonlinearity(activation),), between)))
    expected = [tuple((len(weights[0]), *shape) for shape in shapes) for shapes in grouped(_shapes(network), network)]
    if [tuple(array.shape for array in layer) for layer in layers] != expected:
        raise ValueError(f"parameters do not have the shapes of one network: expected {expected}")
    return network


def _shapes(network: Network):
    return [tuple(weight.shape for weight in weights) for weights in network.weights]


def _check_batch(inputs, labels, network: Network) -> None:
    features = network.inputs[0]
    if labels.shape != inputs.shape[1:2] or inputs.shape[2] != features:
        raise ValueError(f"inputs {inputs.shape} and labels {labels.shape} do not fit {features} features")
    if labels.size and not 0 <= labels.min() <= labels.max() < network.classes:
        raise ValueError(f"labels run from {labels.min()} to {labels.max()}; the network has {network.classes} classes")
