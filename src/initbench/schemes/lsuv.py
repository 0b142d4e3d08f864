"""Layer-sequential unit variance: orthonormal weights, scaled layer by layer on a batch of data."""

import numpy as np

from initbench.schemes import scheme
from initbench.schemes.orthogonal import semi_orthogonal

# A standard deviation below this share of the largest |output| is rounding, not signal.
ROUNDING = 1e-12


def unit_variance(parameters, batch, forward):
    """Divide each W, first to last, by the standard deviation of a W over the batch's samples and the layer's units.

    a is the layer's input, computed with the layers before already scaled, so that afterwards every layer's linear map
    has outputs of variance 1, the output layer's included (the bias is 0). With batch or layer normalisation the same
    linear map is scaled, before its normalisation, which then changes little.

    A layer whose outputs do not vary (standard deviation within rounding of 0) cannot be scaled: it and
    all layers after it stay as they were drawn.
    """
    scaled, inputs = list(parameters), batch
    for index, (weight, *rest) in enumerate(parameters):
        output, _ = forward(index, parameters[index], inputs)
        deviation = output.std()
        if not deviation > ROUNDING * np.abs(output).max():  # false for NaN too
            break
        scaled[index] = (weight / deviation, *rest)
        _, inputs = forward(index, scaled[index], inputs)
    return scaled


@scheme("lsuv", calibrate=unit_variance)
def lsuv(rng, layer):
    """W orthonormal, then W ← W/std(aW) on a batch, layer by layer, so that every linear output has variance 1; b = 0.

    Source: Mishkin & Matas 2016 ("All you need is a good init", algorithm 1). As a linear output scales with W, one
    division is exact and the paper's iteration, with its tolerance of 0.1, is not needed. The batch is the probe batch.
    """
    return semi_orthogonal(rng, layer.fan_in, layer.units)
