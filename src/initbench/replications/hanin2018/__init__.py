"""Over draws, the length of a ReLU network's activations varies by an exponential of the sum of reciprocal widths."""

from initbench.replications.hanin2018 import figure, findings

__all__ = ["figure", "findings"]
