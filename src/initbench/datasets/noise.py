"""Inputs without structure: what theory assumes, and nothing to learn."""

import numpy as np

from initbench.base.randomness import keyed
from initbench.datasets import dataset


@dataset("noise")
def noise(samples: int = 500, features: int = 256, classes: int = 10):
    """Independent N(0, 1) features, labels that do not depend on them: any two inputs are about equally far apart."""
    rng = keyed(0, "data set", "noise")
    return rng.standard_normal((samples, features)), np.arange(samples) % classes
