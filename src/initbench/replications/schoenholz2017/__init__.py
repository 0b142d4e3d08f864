"""Tanh networks train about as deep as information travels at initialisation: some six depth scales ξ_c."""

from initbench.replications.schoenholz2017 import figure, findings

__all__ = ["figure", "findings"]
