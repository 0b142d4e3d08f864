"""A small study that was really trained."""

import pytest
from small_study import SCHEMES, frames

import initbench
from initbench.study.cells import Cell, Training


@pytest.fixture(scope="module")
def study(as_tables):
    """Six hidden layers of 16 units, three activations, with and without batch normalisation, two steps, two seeds."""
    training = Training(steps=2, learning_rates=(0.1,))
    cells = [
        Cell("digits", 16, 6, activation, normalization, scheme)
        for activation in ("sigmoid", "tanh", "relu")
        for normalization in ("none", "batch")
        for scheme in SCHEMES
    ]
    return as_tables(frames([initbench.train(cell, [0, 1], training) for cell in cells]))
