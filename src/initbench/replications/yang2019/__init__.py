"""Batch normalisation makes gradients explode at initialisation, and the deepest networks do not train."""

from initbench.replications.yang2019 import figure, findings

__all__ = ["figure", "findings"]
