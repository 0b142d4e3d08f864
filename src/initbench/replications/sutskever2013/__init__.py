"""A sparse start of the right scale and momentum each matter: neither makes up for the lack of the other."""

from initbench.replications.sutskever2013 import figure, findings

__all__ = ["figure", "findings"]
