"""Layer-sequential unit variance: orthonormal weights, scaled layer by layer on a batch of data."""

import numpy as np

from initbench.activations import get_activation
from initbench.network import passes as network
from initbench.network.memory import Architecture, allocate
from initbench.schemes import scheme
from initbench.schemes.orthogonal import orthogonal

# A standard deviation below this share of the largest |output| is rounding, not signal.
ROUNDING = 1e-12


def unit_variance(parameters, batch, layers):
    """Divide each W, first to last, by the standard deviation of a W over the batch's samples and the layer's units.

    a is the layer's input, computed with the layers before already scaled, so that afterwards every layer's linear map
    has outputs of variance 1, the output layer's included (the bias, 0 here, is left out). With batch or layer
    normalisation the same linear map is scaled, before its normalisation, which then changes little.

    A layer whose outputs do not vary (standard deviation within rounding of 0) cannot be scaled: it and
    all layers after it stay as they were drawn.
    """
    scaled, inputs = list(parameters), np.asarray(batch)
    for index, (weight, *rest) in enumerate(parameters):
        output = inputs @ weight
        deviation = output.std()
        if not deviation > ROUNDING * np.abs(output).max():  # false for NaN too
            break
        scaled[index] = (weight / deviation, *rest)
        if not layers[index].is_output:
            inputs = _hidden_output(scaled[index], inputs, layers[index])
    return scaled


def _hidden_output(parameters, inputs, layer):
    """φ(normalised(inputs W)) of one hidden layer (B, fan_out), by the engine's own forward pass."""
    architecture = Architecture(layer.fan_in, layer.fan_out, 1, 1, layer.normalization)
    buffers = allocate(architecture, 1, len(inputs), np.float64)
    reader = (np.zeros((1, layer.fan_out, 1)), np.zeros((1, 1)))
    stacked = [tuple(array[None] for array in parameters), reader]
    network.forward(stacked, inputs[None], get_activation(layer.activation), layer.normalization, buffers)
    return buffers.activations[0][0]


@scheme("lsuv", calibrate=unit_variance)
def lsuv(rng, fan_in, fan_out):
    """W orthonormal, then W ← W/std(aW) on a batch, layer by layer, so that every linear output has variance 1; b = 0.

    Source: Mishkin & Matas 2016 ("All you need is a good init", algorithm 1). As a linear output scales with W, one
    division is exact and the paper's iteration, with its tolerance of 0.1, is not needed. The batch is the probe batch.
    """
    return orthogonal(rng, fan_in, fan_out)
