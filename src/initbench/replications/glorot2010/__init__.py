"""Sigmoid networks saturate from the top, and the "standard" initialisation lets activations and gradients decay."""

from initbench.replications.glorot2010 import figure, findings

__all__ = ["figure", "findings"]
