"""Replications of how networks learn from LSUV and by momentum: verdicts follow the tables, optimisers the paper's equations."""

import numpy as np
import pandas as pd
import pytest
from in_words import verdicts_in_words

from initbench import train
from initbench.base.catalogue import Words
from initbench.base.extensions import load_extension
from initbench.figures.style import style
from initbench.optimizers import OPTIMIZERS, build
from initbench.replications import NOT, PARTLY, REPRODUCED, UNTESTED
from initbench.replications.mishkin2016.findings import variances
from initbench.report.contents import find_figure
from initbench.study.cells import Cell, Training

MOMENTA = "src/initbench/replications/sutskever2013/momenta.py"
KEYS = {"dataset": "digits", "architecture": "mlp", "width": 32, "depth": 6, "normalization": "none", "optimizer": "sgd",
        "role": "scoring", "learning_rate": 0.1}  # fmt: skip


def verdicts(name, tables) -> list[str]:
    """The findings' verdicts; the figure is drawn from the same tables."""
    with style():
        find_figure(name, name).function(tables, Words("en", f"figures.{name}"))
    return verdicts_in_words(name, tables)


def thin_networks(ours, others, trains=("relu", "leaky_relu", "tanh")):
    """(runs, layers, history) in which LSUV has the accuracy `ours` and learns 0.7 times as fast for each tenth below 0.9."""
    runs, layers, history = [], [], []
    for phi in ("relu", "leaky_relu", "tanh", "sigmoid"):
        for scheme in ("lsuv", "orthogonal", "xavier_tanh", "he_normal"):
            accuracy = (ours if scheme == "lsuv" else others) if phi in trains else 0.1
            for seed in range(3):
                key = KEYS | {"activation": phi, "scheme": scheme, "seed": seed}
                runs.append(
                    key
                    | {
                        "selected": True,
                        "test_accuracy": accuracy,
                        "status": "trained" if accuracy > 0.5 else "stalled",
                    }
                )
                std = 1.0 if scheme == "lsuv" else 0.5
                layers += [
                    key | {"learning_rate": np.nan, "step": 0, "layer": k, "preactivation_std": std}
                    for k in range(1, 8)
                ]
                speed = 0.7 ** ((0.9 - accuracy) / 0.1) if accuracy > 0.5 else 0.0
                history += [key | {"step": s, "train_loss": 2.3 * np.exp(-speed * s / 20)} for s in range(0, 200, 5)]
    return {"runs": pd.DataFrame(runs), "layers": pd.DataFrame(layers), "history": pd.DataFrame(history)}


def test_lsuv_is_compared_with_the_best_of_the_others(as_tables):
    assert verdicts("mishkin2016", as_tables(thin_networks(0.9, 0.9))) == [REPRODUCED] * 5
    assert verdicts("mishkin2016", as_tables(thin_networks(0.7, 0.9))) == [REPRODUCED, REPRODUCED, NOT, NOT, REPRODUCED]
    failing = thin_networks(0.9, 0.9, trains=("relu", "leaky_relu"))
    assert verdicts("mishkin2016", as_tables(failing))[1] == PARTLY
    assert (
        verdicts("mishkin2016", as_tables(thin_networks(0.9, 0.9, trains=())))[4] == UNTESTED
    )  # none trains: nothing is compared


def test_lsuv_has_variance_one_at_every_layer_of_a_small_network(as_tables):
    training = Training(steps=0, learning_rates=())
    cells = [
        Cell("digits", 16, 8, phi, "none", scheme) for phi in ("relu", "tanh") for scheme in ("lsuv", "orthogonal")
    ]
    layers = pd.concat([train(cell, [0, 1], training)["layers"].to_pandas() for cell in cells])
    table = variances(as_tables({"layers": layers})).set_index(["activation", "scheme"])
    for phi in ("relu", "tanh"):
        assert table.loc[(phi, "lsuv"), ["min", "max"]].to_numpy() == pytest.approx(1, abs=1e-9)
    assert table.loc[("relu", "orthogonal"), "min"] < 0.1


def by_momentum(losses, scales):
    """Runs of the sparse start: training loss by optimiser, and with Nesterov's momentum by scale; worse at another rate."""
    rows = []
    for optimizer, scheme, loss in [*((name, "sparse", loss) for name, loss in losses.items()),
                                    *(("nesterov_99", f"sparse(std={s:g})", loss) for s, loss in scales.items())]:  # fmt: skip
        key = KEYS | {
            "activation": "sigmoid",
            "optimizer": optimizer,
            "scheme": scheme,
            "status": "trained",
            "selected": False,
        }
        rows += [key | {"learning_rate": rate, "seed": seed, "train_loss": value + 0.01 * loss * seed}
                 for rate, value in ((0.01, loss), (0.1, 3 * loss), (1.0, np.nan)) for seed in range(2)]  # fmt: skip
    return {"runs": pd.DataFrame(rows)}


def test_momentum_and_scale_are_read_at_the_rate_with_the_lowest_loss(as_tables):
    losses = {"momentum_0": 0.5, "momentum_90": 0.2, "momentum_99": 0.1, "nesterov_90": 0.2, "nesterov_99": 0.1}
    scales = {0.25: 2.3, 0.5: 2.2, 2: 0.2, 4: 0.5}
    assert verdicts("sutskever2013", as_tables(by_momentum(losses, scales))) == [REPRODUCED] * 5
    equal = dict.fromkeys(losses, 0.5) | {"nesterov_99": 0.6}
    rescued = dict.fromkeys(scales, 0.1)
    assert verdicts("sutskever2013", as_tables(by_momentum(equal, rescued))) == [NOT, PARTLY, PARTLY, NOT, REPRODUCED]


@pytest.mark.parametrize("name", ["mishkin2016", "sutskever2013"])
def test_of_other_networks_nothing_is_said(name, as_tables):
    frames = {key: frame.assign(scheme="zeros") for key, frame in thin_networks(0.9, 0.9).items()}
    frames["runs"] = frames["runs"].drop_duplicates([*KEYS, "activation", "scheme", "seed"]).assign(train_loss=2.3)
    assert set(verdicts(name, as_tables(frames))) == {UNTESTED}


@pytest.fixture
def momenta():
    return load_extension(MOMENTA, check=True)


def test_momentum_rises_as_the_papers_schedule(momenta):
    periods = np.arange(1, 80)
    first = 1 + momenta.PERIOD * (periods - 1)
    expected = np.minimum(1 - 2.0 ** (-1 - np.log2(periods)), 0.99)  # eq. 5, with ⌊t/period⌋ + 1 = 1, 2, 3 …
    assert [momenta.momentum_at(step, 0.99) for step in first] == pytest.approx(expected)
    assert momenta.momentum_at(1, 0.0) == 0


@pytest.mark.parametrize("name", ["momentum_90", "nesterov_90"])
def test_updates_are_the_papers_equations(momenta, name):
    curvature, rate = np.array([1.0, 30.0]), 0.02
    theta, v = np.array([1.0, -2.0]), np.zeros(2)  # the paper's, which takes Nesterov's gradient at θ + μ v
    parameters, optimizer = np.array([[1.0, -2.0]]), build(name, {})
    state = optimizer.init(parameters)
    for step in range(1, 40):
        mu = momenta.momentum_at(step, 0.9)
        ahead = theta + mu * v if name.startswith("nesterov") else theta
        assert parameters[0] == pytest.approx(ahead, abs=1e-12)
        v = mu * v - rate * curvature * ahead
        theta = theta + v
        optimizer.update(parameters, curvature * parameters, state, np.array([[rate]]), step, 0)


def test_the_optimisers_are_the_studys_own():
    assert "nesterov_99" not in OPTIMIZERS
