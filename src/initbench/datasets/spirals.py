"""Two interleaved spirals."""

import numpy as np

from initbench.base.randomness import keyed
from initbench.datasets import dataset


@dataset("spirals")
def spirals(samples: int = 1000, turns: float = 1.25, noise: float = 0.02):
    """Two spirals in the plane, one a class (after Lang & Witbrock 1988), with Gaussian noise."""
    rng = keyed(0, "data set", "spirals")
    labels = np.arange(samples) % 2
    radius = np.sqrt(rng.random(samples))
    angle = 2 * np.pi * turns * radius + np.pi * labels
    points = radius[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=1)
    return points + noise * rng.standard_normal((samples, 2)), labels
