"""Replications that measure networks at initialisation: on tables made by a rule they find that rule."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from in_words import verdicts_in_words

from initbench.activations import ACTIVATIONS
from initbench.base.catalogue import Words
from initbench.figures.style import style
from initbench.replications import NOT, PARTLY, REPRODUCED, UNTESTED, UNTOLD
from initbench.replications.pennington2017.learning import exponent, learning_times
from initbench.report.contents import find_figure
from initbench.theory import chi

KEYS = {"architecture": "mlp", "width": 64, "normalization": "none", "optimizer": "sgd", "role": "scoring",
        "learning_rate": np.nan, "step": 0}  # fmt: skip


def verdicts(name, tables) -> list[str]:
    """The findings' verdicts; the figure is drawn from the same tables."""
    with style():
        find_figure(name, name).function(tables, Words("en", f"figures.{name}"))
    return verdicts_in_words(name, tables)


def selu_layers(growth, variance=1.0, depths=(8, 16)):
    """SELU networks of a variance forward and a growth of δ² backward, others of variance 1/2, and four other τ."""
    cells = [("noise", "selu", "lecun_normal", depth, variance, growth) for depth in depths]
    cells += [("noise", "tanh", "lecun_normal", 16, 0.5, 1.0), ("digits", "selu", "lecun_normal", 16, variance, growth)]
    cells += [("noise", "selu", f"gaussian({tau:g})", 16, variance * tau, growth) for tau in (0.8, 0.95, 1.1, 1.25)]
    rng = np.random.default_rng(0)
    return pd.DataFrame(
        [KEYS | {"dataset": data, "activation": phi, "scheme": scheme, "depth": depth, "seed": seed, "layer": layer,
                 "activation_mean": 0.0, "activation_std": np.sqrt(v),
                 "delta_rms_gaussian": rate ** ((depth - layer) / 2) * np.exp(0.001 * rng.standard_normal())}
         for data, phi, scheme, depth, v, rate in cells for seed in range(4) for layer in range(1, depth + 1)]
    )  # fmt: skip


def test_selu_holds_the_moments_and_its_gradient_grows(as_tables):
    measured = selu_layers(chi("selu", 1.0, 1.0))
    assert verdicts("klambauer2017", as_tables({"layers": measured})) == [*[REPRODUCED] * 3, NOT, REPRODUCED]
    bounded = selu_layers(1.0, variance=0.7)
    assert verdicts("klambauer2017", as_tables({"layers": bounded})) == [PARTLY, PARTLY, REPRODUCED, REPRODUCED, NOT]


def test_the_gain_of_selu_is_the_second_moment_of_its_slope():
    z, out = np.random.default_rng(0).standard_normal(4_000_000), np.empty(4_000_000)
    slope = ACTIVATIONS["selu"].derivative(z, out)
    assert chi("selu", 1.0, 1.0) == pytest.approx(np.square(slope).mean(), rel=1e-3)
    assert chi("selu", 1.0, 1.0) == pytest.approx(1.071575, abs=1e-6)


def jacobians(orthogonal_tanh, relu=True):
    """Singular values that spread with depth as 2^(depth/10), but for orthogonal tanh networks."""
    networks = [("tanh", "orthogonal", orthogonal_tanh), ("tanh", "gaussian(1)", True), ("relu", "he_normal", relu),
                ("relu", "orthogonal(gain=1.4142)", relu)]  # fmt: skip
    return pd.DataFrame(
        [KEYS | {"dataset": "digits", "activation": phi, "scheme": scheme, "depth": depth, "seed": seed,
                 "jacobian_max": 1.0, "jacobian_min": 2.0 ** (-depth / 10 if spreads else -0.1)}
         for phi, scheme, spreads in networks for depth in (10, 50) for seed in range(2)]
    )  # fmt: skip


def curves(exponent, others=10.0, gap=1.1):
    """(history, runs): orthogonal tanh networks learn after depth^exponent updates, all others `others` times as late.

    That is at the rate 0.1; at those next to it, `gap` times smaller and larger, they take twice as long.
    """
    steps, rows, runs = np.arange(0, 2001, 5), [], []
    schemes = [
        ("tanh", "orthogonal"),
        ("tanh", "gaussian(1)"),
        ("relu", "he_normal"),
        ("relu", "orthogonal(gain=1.4142)"),
    ]
    for (phi, scheme), depth, rate, seed in product(schemes, (10, 50), (0.1 / gap, 0.1, 0.1 * gap), range(2)):
        ours = (phi, scheme) == schemes[0]
        key = KEYS | {
            "dataset": "digits",
            "activation": phi,
            "scheme": scheme,
            "depth": depth,
            "seed": seed,
            "learning_rate": rate,
        }
        time = depth**exponent * (1 if ours else others) * (1 if rate == 0.1 else 2)
        rows += [key | {"step": s, "train_loss": 2.3 * np.exp(-np.log(2.3 / 0.5) * s / time)} for s in steps]
        runs.append(key | {"status": "trained", "selected": rate == 0.1, "test_accuracy": 0.9 if ours else 0.8})
    return pd.DataFrame(rows), pd.DataFrame(runs)


def test_isometry_and_learning_time_are_read_from_the_tables(as_tables):
    history, runs = curves(0.5)
    tables = {"history": history, "runs": runs, "signal": jacobians(False)}
    assert verdicts("pennington2017", as_tables(tables)) == [REPRODUCED] * 5
    slow, behind = curves(1.0, others=1.0)
    tables = {"history": slow, "runs": behind.assign(test_accuracy=0.5), "signal": jacobians(True, relu=False)}
    assert verdicts("pennington2017", as_tables(tables)) == [PARTLY, NOT, NOT, NOT, NOT]


def test_an_exponent_that_other_rates_could_turn_cannot_be_told(as_tables):
    """Rates a factor of 3 apart leave ln 3 / ln 5 = 0.68 either way between 10 and 50 layers; an edge leaves it open."""
    for power, gap, expected in ((0.6, 3.0, UNTOLD), (0.9, 3.0, UNTOLD), (1.5, 3.0, NOT), (0.02, 3.0, REPRODUCED)):
        history, runs = curves(power, gap=gap)
        tables = as_tables({"history": history, "runs": runs, "signal": jacobians(False)})
        assert verdicts("pennington2017", tables)[3] == expected
        found = learning_times(tables).query("scheme == 'orthogonal'").set_index("depth")
        slope, least, most = exponent(found, runs["learning_rate"])
        assert (slope - least, most - slope) == pytest.approx((np.log(3) / np.log(5),) * 2)
        assert exponent(found, runs["learning_rate"].clip(upper=0.1))[1:] == (-np.inf, np.inf)


@pytest.mark.parametrize("name", ["klambauer2017", "pennington2017"])
def test_of_other_networks_nothing_is_said(name, as_tables):
    layers = selu_layers(1.0).query("activation == 'tanh'").assign(dataset="digits")
    history, runs = curves(1.0)
    other = {"signal": jacobians(True), "history": history, "runs": runs}
    tables = {key: frame.assign(activation="gelu") for key, frame in other.items()} | {"layers": layers}
    assert set(verdicts(name, as_tables(tables))) == {UNTESTED}


def test_a_study_that_trains_nothing_still_says_what_it_measured(as_tables):
    history, runs = curves(1.0)
    tables = {"signal": jacobians(False), "history": history[:0], "runs": runs.assign(status="initial", selected=False)}
    assert verdicts("pennington2017", as_tables(tables)) == [REPRODUCED, REPRODUCED, *[UNTESTED] * 3]
