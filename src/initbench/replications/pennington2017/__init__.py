"""Orthogonal weights make deep tanh networks near-isometries that learn fast; Gaussian weights and ReLU cannot."""

from initbench.replications.pennington2017 import figure, findings

__all__ = ["figure", "findings"]
