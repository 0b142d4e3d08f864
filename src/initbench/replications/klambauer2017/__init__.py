"""SELU networks hold mean 0 and variance 1 from layer to layer, and their gradients still grow by E φ′² a layer."""

from initbench.replications.klambauer2017 import figure, findings

__all__ = ["figure", "findings"]
