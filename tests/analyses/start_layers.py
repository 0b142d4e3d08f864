"""Networks of the digits as they start: what the tests of theory compare with it."""

import pandas as pd

import initbench
from initbench.study.cells import Cell, Training

SEEDS = 30
START = Training(steps=0, learning_rates=())


def layers(
    activation, scheme, *, seeds=SEEDS, width=256, depth=6, normalization="none", architecture="mlp"
) -> pd.DataFrame:
    """The rows of `layers` at step 0."""
    cell = Cell("digits", width, depth, activation, normalization, scheme, architecture)
    return initbench.train(cell, range(seeds), START)["layers"].to_pandas()
