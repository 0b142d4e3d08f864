"""Machine code of every loop that training and measuring use, made at set-up, so that no job waits for a compiler."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import product

import numpy as np

from initbench.activations import ACTIVATIONS
from initbench.architectures import ARCHITECTURES
from initbench.datasets.splits import Splits
from initbench.engine.training import train_shard
from initbench.network.normalization import NORMALIZATIONS
from initbench.optimizers import OPTIMIZERS
from initbench.study.cells import Cell, Training

PLAIN = Cell("numbers", 4, 2, "tanh", "none", "lecun_uniform")
ALIKE = "constant(0.1)"  # draws equal units, which have products of their own
SAMPLES = 96


def compile_loops() -> None:
    """Train tiny networks of every kind in both dtypes: a loop is compiled where it is first called, and kept."""
    training = Training(steps=1, learning_rates=(0.01,))
    splits = _numbers()
    for cell in _cells():
        for dtype in ("float32", "float64"):
            train_shard(cell, [0], replace(training, dtype=dtype), splits)


def _numbers() -> Splits:
    """Four features, an image for architectures that take images, and two classes of random numbers, for one seed."""
    rng, parts = np.random.default_rng(0), np.arange(3 * SAMPLES).reshape(3, 1, SAMPLES)
    features, labels = rng.standard_normal((3 * SAMPLES, 4)), rng.integers(2, size=3 * SAMPLES)
    return Splits(features, labels, np.arange(2), np.array([0]), *parts, np.zeros((1, 4)), np.ones((1, 4)))


def _cells() -> Iterator[Cell]:
    """Cells that between them use every activation, architecture, normalisation and optimiser, and both sorts of products."""
    yield replace(PLAIN, architecture="residual_mlp", depth=3)
    yield from (replace(PLAIN, activation=name) for name in ACTIVATIONS)
    yield from (replace(PLAIN, optimizer=name) for name in OPTIMIZERS)
    axes = product(ARCHITECTURES, NORMALIZATIONS, (PLAIN.scheme, ALIKE))
    yield from (replace(PLAIN, architecture=kind, normalization=name, scheme=scheme) for kind, name, scheme in axes)
