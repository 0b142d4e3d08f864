"""Powers of the width are those that made-up networks have, and predictions those of what schemes state."""

import numpy as np
import pandas as pd
import pytest

from initbench.study.cells import CELL, Cell
from initbench.tables.over_widths import agrees, curves, predicted, slope
from initbench.tables.rates_over_widths import rate_slope, rates_over_widths

WIDTHS, SEEDS, DEPTH = (16, 32, 64, 128), 6, 2
KIND = {"dataset": "digits", "architecture": "mlp", "depth": DEPTH, "activation": "relu", "normalization": "none"}


def layers(exponent=0.5, widths=WIDTHS, seeds=SEEDS, scheme="he_normal"):
    """Rows of `layers` at step 1, whose changes go with a power of the width, up to noise of the seeds."""
    rng, rows = np.random.default_rng(0), []
    for width in widths:
        for seed in range(seeds):
            for layer in range(1, DEPTH + 2):
                noise = np.exp(0.05 * rng.standard_normal())
                rows.append(
                    KIND
                    | {"width": width, "optimizer": "sgd", "scheme": scheme, "role": "scoring", "learning_rate": 0.1}
                    | {"seed": seed, "step": 1, "layer": layer, "preactivation_second_moment": noise}
                    | {"preactivation_change": noise * width**exponent}
                )
    return pd.DataFrame(rows)


def runs(best=lambda width: 0.1, widths=WIDTHS, seeds=SEEDS, cost=0.1):
    """Runs at five rates, best at one of each width, and worse by `cost` a factor of ten away from it."""
    rows = []
    for width in widths:
        for rate in (0.001, 0.01, 0.1, 1.0, 10.0):
            away = abs(np.log10(rate / best(width)))
            accuracy = 0.9 - cost * away
            for seed in range(seeds):
                rows.append(
                    KIND
                    | {
                        "width": width,
                        "optimizer": "adam",
                        "scheme": "he_normal",
                        "role": "scoring",
                        "learning_rate": rate,
                    }
                    | {"seed": seed, "status": "trained", "test_accuracy": accuracy, "valid_accuracy": accuracy}
                    | {"train_loss": 0.1 + away, "valid_loss": 0.1 + away}
                )
    return pd.DataFrame(rows)


@pytest.mark.parametrize("exponent", [-0.5, 0.0, 1.0])
def test_the_slope_is_the_power_and_its_interval_holds_it(exponent):
    found = [curve for curve in curves(layers(exponent)) if curve.quantity == "change"]
    assert [curve.key["layer"] for curve in found] == [1, 2, 3]
    for curve in found:
        value, low, high = slope(curve)
        assert low < value < high
        assert value == pytest.approx(exponent, abs=0.05)
        assert high - low < 0.2


def test_seeds_that_lack_a_width_or_a_finite_change_are_left_out():
    frame = layers()
    gone = (frame["seed"] == 0) & (frame["width"] == 64)
    frame = frame[~gone]
    frame.loc[(frame["seed"] == 1) & (frame["width"] == 16), "preactivation_change"] = np.nan
    frame.loc[(frame["seed"] == 2) & (frame["width"] == 16), "preactivation_change"] = 0.0
    for curve in curves(frame):
        left = [3, 4, 5] if curve.quantity == "change" else [1, 2, 3, 4, 5]
        assert curve.seeds.tolist() == left


def test_two_widths_make_no_slope_and_one_seed_no_interval():
    assert not list(curves(layers(widths=(16, 64))))
    value, low, high = slope(next(curves(layers(seeds=1))))
    assert np.isfinite(value)
    assert np.isnan([low, high]).all()
    assert agrees(low, high, 0.0) is None


def test_an_interval_agrees_if_it_comes_within_a_quarter():
    assert agrees(0.74, 0.8, 0.5) is True
    assert agrees(0.76, 0.8, 0.5) is False
    assert agrees(0.0, 0.8, 0.5) is None
    assert agrees(0.5, 0.6, None) is None


def kind(scheme, optimizer="sgd", **other):
    return KIND | {"scheme": scheme, "optimizer": optimizer} | other


@pytest.mark.parametrize(
    ("scheme", "optimizer", "change"),
    [
        ("he_normal", "sgd", (-0.5, 0.5, 1)),
        ("torch_default", "adam", (0, 1, 1.5)),
        ("mup(64)", "sgd", (0, 0, 0)),
        ("mup(64,weight_variance=2)", "adamw", (0, 0, 0)),
    ],
)
def test_predictions_follow_from_what_a_scheme_states(scheme, optimizer, change):
    assert predicted(kind(scheme, optimizer)).change == change


@pytest.mark.parametrize(
    "without",
    [kind("orthogonal"), kind("small_normal"), kind("xavier_tanh"), kind("zeros"), kind("lsuv"), kind("mup(64,output_variance=0)"),
     kind("he_normal", normalization="batch"), kind("he_normal", optimizer="other")],
)  # fmt: skip
def test_nothing_is_predicted_where_sizes_are_no_powers_or_steps_are_not_known(without):
    assert predicted(without) is None


def test_the_kinds_have_all_axes_of_a_cell_but_the_width():
    assert set(kind("he_normal")) == set(CELL) - {"width"}
    assert Cell(width=4, **kind("he_normal"))


def test_the_best_rate_follows_the_width_and_one_rate_costs_what_it_costs():
    (moving,) = rates_over_widths(runs(lambda width: 10.0 if width < 32 else 1.0 if width < 64 else 0.1))
    assert moving.best.tolist() == [10, 1, 0.1, 0.1]
    np.testing.assert_allclose((moving.own - moving.narrow)[0], [0, 0.1, 0.2, 0.2])
    value, low, high = rate_slope(moving)
    assert value < -1.5
    assert low == pytest.approx(high)
    (still,) = rates_over_widths(runs())
    assert rate_slope(still)[0] == pytest.approx(0)
    assert (still.own == still.narrow).all()


def test_a_run_that_diverged_counts_as_accuracy_0_and_no_best_rate():
    frame = runs()
    gone = frame["learning_rate"].eq(0.1) & frame["width"].eq(128)
    frame.loc[gone, "status"] = "diverged"
    frame.loc[gone, ["test_accuracy", "valid_accuracy", "train_loss", "valid_loss"]] = np.nan
    (found,) = rates_over_widths(frame)
    assert found.best[-1] != 0.1
    assert (found.narrow[:, -1] == 0).all()


def test_one_rate_or_two_widths_are_no_grid():
    assert not list(rates_over_widths(runs(widths=(16, 32))))
    frame = runs()
    assert not list(rates_over_widths(frame[frame["learning_rate"] == 0.1]))
    assert not list(rates_over_widths(frame.iloc[:0]))
