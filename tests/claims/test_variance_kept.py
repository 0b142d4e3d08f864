"""Whether a start keeps the variance does not turn on how many layers a power law is fitted over."""

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench.claims.measures import with_scheme
from initbench.claims.variance_kept import he_relu, layer_trends, xavier_tanh
from initbench.study.cells import Cell, Training


def at_start(scheme, activation, depths, as_tables):
    """Networks of 256 units measured at the start, two draws each."""
    start = Training(steps=0, learning_rates=())
    trained = [initbench.train(Cell("digits", 256, d, activation, "none", scheme), [0, 1], start) for d in depths]
    return as_tables(
        {n: with_scheme(pd.concat([t[n].to_pandas() for t in trained], ignore_index=True)) for n in ("runs", "layers")}
    )


def test_xavier_loses_the_variance_of_tanh_at_every_depth(as_tables):
    """The per-layer factors alone pass from 24 layers on, where 0.05 of E[z²] is left; in all the loss grows with depth."""
    found = xavier_tanh(at_start("xavier_tanh", "tanh", (2, 5, 10, 30, 50), as_tables))
    assert [cell.cell["depth"] for cell in found] == [2, 5, 10, 30, 50]
    assert not any(cell.holds for cell in found)
    lost = [cell.number for cell in found]
    assert lost == sorted(lost)
    power = {quantity.name: quantity for quantity in found[-1].measured}["forward_power"]
    assert abs(power.value + 1) < 2 * (power.value - power.low)  # E[z²] ≈ 1/(2l), within two standard errors
    assert power.low < power.value < power.high


def test_he_keeps_the_variance_of_relu(as_tables):
    assert all(cell.holds for cell in he_relu(at_start("he_normal", "relu", (2, 10), as_tables)))


def test_trends_of_exact_powers():
    """E[z²] that doubles a layer, δ² that shrinks by 0.81 towards the input, and 1/(2l), without spread over draws."""
    frame = pd.DataFrame(
        [
            {"seed": s, "layer": k, "doubled": 2.0**k, "delta": 0.9 ** (6 - k), "power": 0.5 / k}
            for s in range(3)
            for k in range(1, 7)
        ]
    )
    doubled, delta = layer_trends(frame, "doubled"), layer_trends(frame, "delta", squared=True)
    assert doubled["factor"] == (pytest.approx(2), pytest.approx(0, abs=1e-12))
    assert doubled["in_all"][0] == pytest.approx(32)
    assert np.isnan(doubled["power"][0])
    assert (delta["factor"][0], delta["in_all"][0]) == (pytest.approx(0.81), pytest.approx(0.81**5))
    assert layer_trends(frame, "power")["power"] == (pytest.approx(-1), pytest.approx(0, abs=1e-12))
