"""Networks at their start: lengths over draws (Hanin & Rolnick 2018) and networks that are born dead (Lu et al. 2019)."""

import numpy as np
import pandas as pd
import pytest
from in_words import verdicts_in_words

from initbench.base.catalogue import Words
from initbench.figures.style import style
from initbench.replications import NOT, PARTLY, REPRODUCED, UNTESTED
from initbench.replications.hanin2018.lengths import CLASSES, MEAN, predicted_log_variance, predicted_second_moment
from initbench.replications.lu2019.findings import bound, half_depths
from initbench.report.contents import find_figure
from initbench.study.cells import Cell, Training
from initbench.tables.train import train

KEYS = {"dataset": "absolute_value", "architecture": "mlp", "activation": "relu", "normalization": "none", "optimizer": "sgd",
        "role": "scoring", "step": 0, "learning_rate": np.nan}  # fmt: skip


def verdicts(name, tables) -> list[str]:
    """The findings' verdicts; the figure is drawn from the same tables."""
    with style():
        find_figure(name, name).function(tables, Words("en", f"figures.{name}"))
    return verdicts_in_words(name, tables)


def relu_outputs(rng, width, depth, draws, logits):
    """Squared lengths (draws,) of the logits of ReLU networks with Gaussian He weights for the input 1, over their mean."""
    a = np.maximum(rng.normal(0, np.sqrt(2), (draws, width)), 0)
    for _ in range(depth - 1):
        weight = rng.normal(0, np.sqrt(2 / width), (draws, width, width))
        a = np.maximum(np.einsum("di,dij->dj", a, weight), 0)
    out = np.einsum("di,dij->dj", a, rng.normal(0, np.sqrt(2 / width), (draws, width, logits)))
    return (out**2).sum(axis=1) / (2 * logits)


@pytest.mark.parametrize(("width", "depth"), [(8, 3), (16, 2)])
def test_the_exact_moments_are_those_of_drawn_networks(width, depth):
    length = relu_outputs(np.random.default_rng(0), width, depth, 20_000, CLASSES)
    assert length.mean() == pytest.approx(1, abs=0.03)
    assert np.log(length[length > 0]).var() == pytest.approx(predicted_log_variance(width, depth), rel=0.05)
    assert np.mean(length**2) / length.mean() ** 2 == pytest.approx(predicted_second_moment(width, depth), rel=0.15)


def test_wide_layers_add_five_over_their_width_to_the_variance():
    layer = predicted_log_variance(400, 2) - predicted_log_variance(400, 1)
    assert layer == pytest.approx(5 / 400, rel=0.02)


def test_the_singular_values_of_a_network_of_one_input_are_its_two_slopes():
    cell = Cell("absolute_value", 8, 3, "relu", "none", "he_normal")
    signal = train(cell, range(40), Training(steps=0))["signal"].to_pandas()
    squares = signal[["jacobian_max", "jacobian_min"]].to_numpy() ** 2 / MEAN
    assert (squares[:, 0] > squares[:, 1]).all()
    assert squares.mean() == pytest.approx(1, abs=4 * squares.mean(axis=1).std() / np.sqrt(40))


def hanin_tables(variance):
    """Lognormal lengths of mean 1 with Var ln = variance(width, depth, scheme)."""
    rng, parts = np.random.default_rng(1), []
    for scheme, widths in (("he_normal", (16, 32, 64)), ("he_uniform", (32,))):
        for width in widths:
            for depth in (4, 8, 16, 32):
                spread = variance(width, depth, scheme)
                lengths = np.sort(np.exp(rng.normal(-spread / 2, np.sqrt(spread), (1500, 2))) * MEAN, axis=1)
                parts.append(pd.DataFrame({"jacobian_min": lengths[:, 0] ** 0.5, "jacobian_max": lengths[:, 1] ** 0.5})
                             .assign(**KEYS, width=width, depth=depth, scheme=scheme, seed=range(1500)))  # fmt: skip
    return {"signal": pd.concat(parts)}


def test_hanin_finds_the_growth_of_the_variance_and_misses_another(as_tables):
    exact = as_tables(hanin_tables(lambda width, depth, _: predicted_log_variance(width, depth)))
    assert verdicts("hanin2018", exact)[:2] == [REPRODUCED] * 2
    assert verdicts("hanin2018", exact)[3] == REPRODUCED
    constant = verdicts("hanin2018", as_tables(hanin_tables(lambda *_: 0.5)))
    assert constant[1] == NOT
    other = as_tables(hanin_tables(lambda width, depth, scheme: depth / width * (10 if scheme == "he_uniform" else 5)))
    assert verdicts("hanin2018", other)[3] == NOT
    by_depth = as_tables(hanin_tables(lambda width, depth, _: depth / 10))
    assert verdicts("hanin2018", by_depth)[2] == NOT


def test_one_network_or_one_draw_leaves_findings_untested(as_tables):
    table = hanin_tables(lambda *_: 0.5)["signal"]
    one = table[(table["depth"] == 32) & (table["width"] == 16) & (table["seed"] == 0)]
    assert verdicts("hanin2018", as_tables({"signal": one})) == [UNTESTED] * 4
    assert verdicts("lu2019", as_tables({"signal": one}))[1:] == [UNTESTED] * 3


def test_the_bound_is_the_probability_that_one_input_dies():
    rng = np.random.default_rng(2)
    for width, depth in ((2, 3), (3, 5)):
        dead = (relu_outputs(rng, width, depth, 20_000, 1) == 0).mean()
        assert dead == pytest.approx(bound(width, depth), abs=0.015)
    assert bound(2, 1) == pytest.approx(0.25)


def lu_tables(share, draws=800):
    """Dead networks in the shares given by share(width, depth): both inputs dead, or none."""
    parts = []
    for width in (2, 3, 4, 5, 8, 10):
        for depth in (2, 4, 9, 19, 49):
            dead = np.arange(draws) < round(share(width, depth) * draws)
            parts.append(pd.DataFrame({"jacobian_max": np.where(dead, 0.0, 1.0), "jacobian_min": np.where(dead, 0.0, 1.0)})
                         .assign(**KEYS, width=width, depth=depth, scheme="he_normal", seed=range(draws)))  # fmt: skip
    return {"signal": pd.concat(parts)}


def test_lu_accepts_the_bound_and_refuses_more_deaths_or_a_width_that_does_not_help(as_tables):
    assert verdicts("lu2019", as_tables(lu_tables(lambda w, d: 0.9 * bound(w, d)))) == [
        REPRODUCED, NOT, REPRODUCED, REPRODUCED,
    ]  # fmt: skip
    assert verdicts("lu2019", as_tables(lu_tables(bound)))[1] == REPRODUCED
    assert verdicts("lu2019", as_tables(lu_tables(lambda w, d: min(1, 2 * bound(w, d)))))[0] == PARTLY
    assert verdicts("lu2019", as_tables(lu_tables(lambda w, d: bound(3, d))))[3] in (NOT, UNTESTED)


def test_half_the_networks_survive_where_the_bound_says_one_half():
    table = pd.DataFrame([(w, d, bound(w, d)) for w in (2, 3) for d in (1, 4, 9)], columns=["width", "depth", "share"])
    half = half_depths(table)
    assert half[2] == pytest.approx(np.log(0.5) / np.log(0.75))
    assert half[3] == pytest.approx(np.log(0.5) / np.log(0.875))
