"""Deep linear networks: from orthogonal weights learning takes as long at any depth, from Gaussian ones ever longer."""

from initbench.replications.saxe2014 import figure, findings

__all__ = ["figure", "findings"]
