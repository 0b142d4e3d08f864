"""Whether a constant is too small is a matter of n·c and depth together."""

import pandas as pd

import initbench
from initbench.claims.constant_start import constant_explodes, constant_vanishes
from initbench.claims.measures import with_scheme
from initbench.study.cells import Cell, Training


def test_a_gain_below_one_vanishes_in_deep_networks_only(as_tables):
    """Of ReLU δ² falls by (n·c)² a layer: n·c = 0.64 leaves 0.17 over 3 layers and 3e-4 over 10; n·c = 6.4 explodes."""
    start = Training(steps=0, learning_rates=())
    cells = [Cell("digits", 64, d, "relu", "none", f"constant({c})") for d in (2, 3, 10) for c in (0.001, 0.01, 0.1)]
    trained = [initbench.train(cell, [0, 1], start) for cell in cells]
    tables = as_tables(
        {n: with_scheme(pd.concat([t[n].to_pandas() for t in trained], ignore_index=True)) for n in ("runs", "signal")}
    )
    found = {(cell.cell["n·c"], cell.cell["depth"]): cell.holds for cell in constant_vanishes(tables)}
    assert found == {(0.064, 2): True, (0.064, 3): True, (0.064, 10): True,
                     (0.64, 2): False, (0.64, 3): False, (0.64, 10): True}  # fmt: skip
    assert {(cell.cell["n·c"], cell.cell["depth"]) for cell in constant_explodes(tables) if cell.holds} == {
        (6.4, 3),
        (6.4, 10),
    }
