"""Batch normalisation makes gradients explode at initialisation, whatever the scale of the weights."""

from initbench.replications.yang2019 import figure, findings

__all__ = ["figure", "findings"]
