"""Deep and narrow ReLU networks are born dead: constant for every input before any training."""

from initbench.replications.lu2019 import figure, findings

__all__ = ["figure", "findings"]
