"""ReLU networks of growing depth from "Xavier" and from He: where the first stalls, and why."""

from initbench.replications.he2015 import figure, findings

__all__ = ["figure", "findings"]
