"""One network under two labels is one cell."""

from dataclasses import asdict

import pandas as pd
import pytest

import initbench
from initbench.claims import CellVerdict
from initbench.claims.duplicates import same_networks
from initbench.claims.verdicts import counted_once
from initbench.study.cells import CELL, Cell, Training

SCHEMES = ["constant(0.1)", "constant(0.1,bias=0.1)", "constant(0.2)", "zeros", "gaussian(0)", "he_normal", "gaussian(0.5)",
           "truncated_normal(0.5)", "lecun_normal", "glorot_normal"]  # fmt: skip


@pytest.fixture(scope="module")
def tables(as_tables):
    start = Training(steps=0, learning_rates=())
    cells = [Cell("digits", 64, 2, "tanh", normalization, s) for s in SCHEMES for normalization in ("none", "batch")]
    layers = [initbench.train(cell, [0], start)["layers"].to_pandas() for cell in cells]
    return as_tables({"layers": pd.concat(layers, ignore_index=True)})


def test_networks_that_are_equal_in_exact_arithmetic_are_found(tables):
    """Batch normalisation takes away the hidden bias. Equal hidden layers alone do not make a network the same: with 64
    features and 64 units LeCun's and Glorot's differ in the output layer only."""
    found = {(key[CELL.index("normalization")], key[-1]): value[-1] for key, value in same_networks(tables).items()}
    assert found == {
        ("batch", "constant(0.1,bias=0.1)"): "constant(0.1)",
        ("batch", "gaussian(0)"): "zeros",
        ("none", "gaussian(0)"): "zeros",
    }


def test_of_equal_networks_one_is_counted(tables):
    cells = [
        CellVerdict(asdict(Cell("digits", 64, 2, "tanh", normalization, scheme)), True, 0.0)
        for normalization in ("none", "batch")
        for scheme in ("constant(0.1)", "constant(0.1,bias=0.1)")
    ]
    same = same_networks(tables)
    assert counted_once(cells, same) == cells[:3]
    assert counted_once(cells[3:], same) == cells[3:]  # the one that stands for it is not there
