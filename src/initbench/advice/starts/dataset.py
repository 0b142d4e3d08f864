"""Data of my own, made by a function. A file (.csv, .parquet, .npz) needs none: a study names it, as initbench check FILE shows."""

import numpy as np

from initbench.extend import dataset


@dataset("my_name")
def my_name():
    """Two rings: features (samples, features), labels (samples,), whole numbers or text."""
    # The same data at each call: draw from a generator with a fixed seed. initbench splits and standardises it itself.
    rng = np.random.default_rng(0)
    labels = np.arange(300) % 2
    angle, radius = 2 * np.pi * rng.random(300), 1 + labels + 0.2 * rng.standard_normal(300)
    return np.column_stack([radius * np.cos(angle), radius * np.sin(angle)]), labels
