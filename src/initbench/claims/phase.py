"""The phase of a start, by which ln δ² is a line in the layer or another curve."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from initbench.activations import get_activation
from initbench.theory.propagation import mean_field

SATURATED = 0.5  # share of flat units and samples in the last hidden layer from which on a constant has saturated it
FAR = np.array([-1e3, 1e3])  # where an activation that is still small has levelled off


def phase_of(cell: Mapping, hidden: pd.DataFrame) -> str:
    """The phase of a start from its hidden layers at step 0.

    Random starts without normalisation are ordered (χ < 1 at the length that layers tend to), critical or chaotic (χ > 1) by
    mean-field theory (Schoenholz et al. 2017) for the measured variance of the weights, n Var W to two decimals, without
    biases. Others are named by what they are: normalised, or a constant that saturates a bounded activation or does not.
    """
    if cell["normalization"] != "none":
        return f"normalised {cell['start']}"
    last = hidden[hidden["layer"] == hidden["depth"]]
    if cell["start"] == "random":
        variance = float(np.square(last["weight_norm"]).mean()) / cell["width"]
        return mean_field(cell["activation"], round(variance, 2), 0.0).phase
    bounded = bool((np.abs(get_activation(cell["activation"])(FAR)) < 10).all())
    flat = bounded and last["saturated_fraction"].mean() > SATURATED
    return f"saturated {cell['start']}" if flat else cell["start"]
