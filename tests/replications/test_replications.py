"""Replications: their numbers follow the tables, their verdicts the declared rules, their studies load."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from in_words import verdicts_in_words

from initbench.base.catalogue import Words
from initbench.base.registry import UnknownNameError
from initbench.figures.style import style
from initbench.replications import NOT, PARTLY, REPLICATIONS, REPRODUCED, UNTESTED, check_replication, reading, verdict
from initbench.report.contents import figures_in_order, find_figure
from initbench.study.grid import load_study
from initbench.theory import mean_field
from initbench.theory.batchnorm import batch_rate


@pytest.mark.parametrize("name", sorted(REPLICATIONS))
def test_every_replication_has_its_study_its_figure_and_its_row_in_the_page(name):
    study = load_study(f"src/initbench/replications/{name}/study.yaml")
    assert study.config["replication"] == name
    assert str(study.results) == f"results/{name}"
    assert [f.name for f in figures_in_order(name) if f.replication] == [name]
    assert f"| `{name}` |" in Path("docs/howto/replications.md").read_text(encoding="utf-8")


def test_other_studies_have_no_figure_of_a_replication():
    assert not [f.name for f in figures_in_order() if f.replication]
    assert load_study("config.yaml").config["replication"] is None


def test_an_unknown_replication_is_refused():
    check_replication(None)
    check_replication("he2015")
    with pytest.raises(UnknownNameError, match="he2015"):
        check_replication("nobody1999")


def test_verdicts():
    assert verdict(True, np.bool_(True)) == REPRODUCED
    assert verdict(True, False) == verdict(True, None) == PARTLY
    assert verdict(False) == verdict(False, None) == NOT
    assert verdict(None) == verdict() == UNTESTED


def test_a_crossing_is_interpolated_in_the_logarithm_of_depth():
    depth, bound = reading.crossing([10, 40, 160], [1.0, 0.75, 0.25], 0.5)
    assert (depth, bound) == (pytest.approx(80), "")
    assert reading.crossing([10, 20], [0.9, 0.8], 0.5) == (20, ">")
    assert reading.crossing([10, 20], [0.3, 0.2], 0.5) == (10, "<")


KEYS = {"dataset": "digits", "architecture": "mlp", "width": 64, "activation": "linear", "normalization": "none",
        "optimizer": "sgd", "role": "scoring"}  # fmt: skip


def layers(rates, depth=12, **keys):
    """A layers table at step 0 in which δ² grows towards the input by each cell's rate."""
    rows = [
        KEYS | {"depth": depth, "learning_rate": np.nan, "seed": seed, "layer": layer, "step": 0,
         "delta_rms_gaussian": rate ** ((depth - layer) / 2), "dataset": "noise", **keys, **changed}
        for changed, rate in rates for seed in range(2) for layer in range(1, depth + 2)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def verdicts(name, tables) -> list[str]:
    """The findings' verdicts; the figure is drawn from the same tables."""
    with style():
        find_figure(name, name).function(tables, Words("en", f"figures.{name}"))
    return verdicts_in_words(name, tables)


ACTIVATIONS = ("linear", "tanh", "relu", "sigmoid")


def yang_tables(rate, relu_to=40, tanh_to=80):
    """Growth by rate(activation) on both data sets, and networks that train up to a depth each."""
    rates = [
        ({"normalization": "batch", "activation": name, "scheme": "gaussian(1)", "dataset": data, "width": 512}, rate(name))
        for data in ("noise", "digits") for name in ACTIVATIONS
    ]  # fmt: skip
    runs = pd.DataFrame(
        [KEYS | {"normalization": "batch", "activation": name, "scheme": "gaussian(1)", "depth": depth, "learning_rate": 0.1, "seed": 0,
                 "status": "slow", "selected": True, "train_accuracy": 1.0 if depth <= to else 0.1}
         for name, to in (("relu", relu_to), ("tanh", tanh_to)) for depth in (10, 20, 40, 60, 100)]
    )  # fmt: skip
    return {"layers": layers(rates), "runs": runs}


def test_yang_is_reproduced_by_the_published_rates_and_trainable_depths(as_tables):
    def published(name):
        return batch_rate(name, 64)

    assert verdicts("yang2019", as_tables(yang_tables(published))) == [REPRODUCED] * 4
    assert verdicts("yang2019", as_tables(yang_tables(published, relu_to=100)))[3] == NOT
    assert verdicts("yang2019", as_tables(yang_tables(published, relu_to=40, tanh_to=20)))[3] == PARTLY


@pytest.mark.parametrize("power", [0, 2])
def test_yang_refuses_no_explosion_and_twice_the_rate_for_every_activation(power, as_tables):
    found = verdicts("yang2019", as_tables(yang_tables(lambda name: batch_rate(name, 64) ** power)))
    assert found[0] == found[2] == NOT


def test_schoenholz_reads_depth_scales_and_the_critical_variance_from_the_tables(as_tables):
    weights = [1, 1.5, 1.761, 2.5, 4]
    labels = {w: f"gaussian({w:g},bias_variance=0.05)" for w in weights}
    theory = {w: mean_field("tanh", w, 0.05) for w in weights}
    runs = pd.DataFrame(
        [KEYS | {"activation": "tanh", "scheme": labels[w], "depth": d, "learning_rate": 0.1, "seed": 0, "status": "slow", "selected": True,
                 "train_accuracy": 1.0 if d <= 6 * theory[w].xi_c else 0.1}
         for w in weights for d in (20, 40, 80, 160)]
    )  # fmt: skip
    rates = [({"scheme": labels[w]}, theory[w].chi) for w in weights]
    table = layers(rates, depth=24, activation="tanh")
    assert verdicts("schoenholz2017", as_tables({"runs": runs, "layers": table})) == [REPRODUCED] * 4
    always = as_tables({"runs": runs.assign(train_accuracy=1.0), "layers": table})
    found = verdicts("schoenholz2017", always)
    assert REPRODUCED not in (found[0], found[3])


def test_schoenholz_leaves_other_activations_biases_and_schemes_aside(as_tables):
    runs = pd.DataFrame(
        [KEYS | {"activation": activation, "scheme": scheme, "depth": 20, "learning_rate": 0.1, "seed": 0, "status": "slow",
                 "selected": True, "train_accuracy": 1.0}
         for activation in ("tanh", "relu") for scheme in ("zeros", "gaussian(0)", "gaussian(2)", "gaussian(1e300,0.05)")]
    )  # fmt: skip
    assert set(
        verdicts("schoenholz2017", as_tables({"runs": runs, "layers": layers([({"scheme": "zeros"}, 1.0)])}))
    ) == {UNTESTED}


def saxe_tables(growth):
    """Loss curves that fall through the target after 20 steps, times (depth/2)^growth from Gaussian weights."""
    steps = np.unique(np.geomspace(1, 3000, 60).astype(int))
    rows, values = [], []
    for scheme in ("orthogonal", "lecun_normal"):
        for depth in (2, 8, 32):
            time = 20 * ((depth / 2) ** growth if scheme == "lecun_normal" else 1)
            for rate in (0.01, 0.04, 0.16):
                slow = 1 if np.isclose(rate, 0.32 / depth) else 5
                loss = 2.3 * np.exp(-np.log(2.3 / 0.25) * steps / (slow * time))
                rows += [KEYS | {"scheme": scheme, "depth": depth, "learning_rate": rate, "seed": 0, "step": s, "train_loss": v}
                         for s, v in zip([0, *steps], [2.3, *loss], strict=True)]  # fmt: skip
            top = 1.0 if scheme == "orthogonal" else float(depth)
            values.append(KEYS | {"scheme": scheme, "depth": depth, "learning_rate": 0.1, "seed": 0, "step": 0, "jacobian_max": top,
                           "jacobian_min": 1 / top})  # fmt: skip
    return {"history": pd.DataFrame(rows), "signal": pd.DataFrame(values)}


def test_saxe_compares_learning_times_at_the_fastest_rate(as_tables):
    from initbench.replications.saxe2014.findings import learning_times

    tables = as_tables(saxe_tables(growth=1))
    times = learning_times(tables).set_index(["scheme", "depth"])
    assert times.loc[("orthogonal", 32), "steps"] == pytest.approx(20, rel=0.05)
    assert times.loc[("lecun_normal", 32), "steps"] == pytest.approx(320, rel=0.05)
    assert times.loc[("orthogonal", 8), "learning_rate"] == 0.04
    assert verdicts("saxe2014", tables) == [REPRODUCED] * 4
    assert verdicts("saxe2014", as_tables(saxe_tables(growth=0)))[1] == NOT


def test_no_power_of_depth_is_read_off_fewer_than_two_depths_that_learn(as_tables):
    whole = saxe_tables(growth=1)
    for deepest, depths in ((2, (2,)), (0, (2, 8, 32))):  # one depth; none that reaches the target
        history = whole["history"][whole["history"]["depth"].isin(depths)]
        stalled = history.assign(train_loss=history["train_loss"].where(history["depth"] <= deepest, 2.3))
        tables = as_tables({"history": stalled, "signal": whole["signal"]})
        assert verdicts("saxe2014", tables)[2] == UNTESTED


def he_tables(stalls_from, recovers=False, factors=(1.0, 0.5)):
    """Xavier's loss stays from a depth on, for ever or for the first third of the updates; δ² changes by the factors."""
    runs, history = [], []
    for scheme in ("he_normal", "lecun_normal"):
        for depth in (5, 14, 22, 30):
            stalls = scheme == "lecun_normal" and depth >= stalls_from
            key = KEYS | {"scheme": scheme, "depth": depth, "learning_rate": 0.1, "seed": 0}
            accuracy = 1.0 if not stalls else 0.5 if recovers else 0.1
            status = "trained" if not stalls else "slow" if recovers else "stalled"
            runs.append(key | {"selected": True, "status": status, "train_accuracy": accuracy, "steps": 100,
                               "train_loss": 2.3 * (1 - accuracy)})  # fmt: skip
            speed = 0.0 if stalls else 1.0 if scheme == "he_normal" else 0.3
            late = 1.0 if stalls and recovers else 2.3
            history += [
                key | {"step": s, "train_loss": min(2.3 * np.exp(-speed * s / 10), late if s == 100 else 2.3)}
                for s in (0, 1, 10, 100)
            ]
    rates = [({"scheme": name}, factor) for name, factor in zip(("he_normal", "lecun_normal"), factors, strict=True)]
    return {"runs": pd.DataFrame(runs), "history": pd.DataFrame(history), "layers": layers(rates, activation="relu")}


def test_he_finds_the_factor_a_layer_and_what_stalls_within_the_budget(as_tables):
    assert verdicts("he2015", as_tables(he_tables(30))) == [REPRODUCED] * 3
    assert verdicts("he2015", as_tables(he_tables(14))) == [REPRODUCED, PARTLY, REPRODUCED]
    assert verdicts("he2015", as_tables(he_tables(30, factors=(1.2, 0.6)))) == [NOT, REPRODUCED, REPRODUCED]


def test_he_a_run_that_learns_after_a_third_of_the_updates_is_no_longer_stalled(as_tables):
    from initbench.replications.he2015.findings import outcomes

    tables = as_tables(he_tables(30, recovers=True))
    row = outcomes(tables).set_index(["scheme", "depth"]).loc[("lecun_normal", 30)]
    assert (row["early"], row["stalled"]) == (1, 0)
    assert verdicts("he2015", tables)[2] == PARTLY


def test_the_rate_with_the_lowest_training_loss_is_read_not_the_chosen_one(as_tables):
    rows = [
        KEYS | {"scheme": "he_normal", "depth": 5, "learning_rate": rate, "seed": 0, "status": "slow", "selected": rate == 0.1,
                "train_loss": loss}
        for rate, loss in ((0.01, 0.5), (0.1, 1.0), (1.0, np.nan))
    ]  # fmt: skip
    runs = reading.lowest_loss_runs(as_tables({"runs": pd.DataFrame(rows)}))
    assert list(runs["learning_rate"]) == [0.01]


def test_glorots_mean_singular_value_is_that_of_a_random_matrix():
    from initbench.replications.glorot2010.findings import MEAN_OF_QUARTER_CIRCLE

    values = np.linalg.svd(np.random.default_rng(0).standard_normal((800, 800)), compute_uv=False)
    assert values.mean() / np.sqrt(np.square(values).mean()) == pytest.approx(MEAN_OF_QUARTER_CIRCLE, rel=2e-3)
