"""How far networks of few channels lie from mean-field theory: python validation/beside_images.py [DRAWS] [CHANNELS …].

Ten convolutions on the digits, with zeros around the image and without edges, and ten dense layers of so many units, drawn anew so
often: the largest relative error of E z² and of δ² over the layers when all draws are averaged, with its standard error, and the
share of layers within the tolerance of the table `theory` when all draws are averaged, and when eight are, as in
workflow/studies/convolution.yaml.
"""

import sys
from itertools import product

import numpy as np
import pandas as pd

import initbench
from initbench.analyses.theory import compare, probe_squares
from initbench.datasets.loading import prepare
from initbench.study.cells import Cell, Training

DEPTH, TOGETHER = 10, 8
ARCHITECTURES = ("convnet", "convnet_circular", "mlp")
CASES = (("relu", "he_normal"), ("tanh", "xavier_tanh"), ("tanh", "gaussian(2)"))
START = Training(steps=0, learning_rates=())


def measured(architecture: str, activation: str, scheme: str, channels: int, draws: int) -> pd.DataFrame:
    """The rows of `layers` of so many draws at step 0."""
    cell = Cell("digits", channels, DEPTH, activation, "none", scheme, architecture)
    return initbench.train(cell, range(draws), START)["layers"].to_pandas()


def row(layers: pd.DataFrame, lengths: dict) -> dict:
    """The numbers of one network, its layer 1 left out, whose E z² is given."""
    every = compare(layers, lengths)
    every = every[every["layer"] > 1]
    few = [compare(part, lengths) for _, part in layers.groupby(layers["seed"] // TOGETHER)]
    shares = [part.loc[part["layer"] > 1, "within_tolerance"].astype(float).mean() for part in few]
    found = {}
    for name in ("second_moment", "gradient"):
        worst = every.loc[every[f"{name}_relative_error"].abs().idxmax()]
        found[name] = f"{worst[f'{name}_relative_error']:+.3f} ± {worst[f'{name}_standard_error']:.3f}"
    return found | {
        "within, all draws": f"{every['within_tolerance'].astype(float).mean():.0%}",
        "within, eight": f"{np.mean(shares):.0%}",
    }


def main(draws: int = 200, *channels: int) -> None:
    """Print a row a network."""
    found = probe_squares(prepare("digits", range(draws), 0))
    lengths = {("digits", seed): values for seed, values in found.items()}
    for width in channels or (8, 32):
        for architecture, (activation, scheme) in product(ARCHITECTURES, CASES):
            numbers = row(measured(architecture, activation, scheme, width, draws), lengths)
            print(
                width,
                architecture,
                activation,
                scheme,
                *(f"{name}: {each}" for name, each in numbers.items()),
                sep=", ",
            )


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
