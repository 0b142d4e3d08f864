"""LSUV gives every layer's output variance 1 on data; deep thin networks train from it as well as from any other start."""

from initbench.replications.mishkin2016 import figure, findings

__all__ = ["figure", "findings"]
