"""Replications: their numbers follow the tables, their verdicts the declared rules, their studies load."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from initbench.base.registry import UnknownNameError
from initbench.figures.style import style
from initbench.replications import NOT, PARTLY, REPLICATIONS, REPRODUCED, UNTESTED, check_replication, reading, verdict
from initbench.report.contents import figures_in_order, find_figure
from initbench.study.grid import load_study
from initbench.theory import mean_field


@pytest.mark.parametrize("name", sorted(REPLICATIONS))
def test_every_replication_has_its_study_its_figure_and_its_row_in_the_page(name):
    study = load_study(f"src/initbench/replications/{name}/study.yaml")
    assert study.config["replication"] == name
    assert str(study.results) == f"results/{name}"
    assert [f.name for f in figures_in_order(name) if f.replication] == [name]
    assert f"| `{name}` |" in Path("docs/replications.md").read_text(encoding="utf-8")
    assert all(len(row) == 3 and all(row) for row in REPLICATIONS[name].scaling)


def test_other_studies_have_no_figure_of_a_replication():
    assert not [f.name for f in figures_in_order() if f.replication]
    assert load_study("config.yaml").config["replication"] is None


def test_an_unknown_replication_is_refused():
    check_replication(None)
    check_replication("he2015")
    with pytest.raises(UnknownNameError, match="glorot2010, he2015"):
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
        find_figure(name, name).function(tables)
    return [finding.verdict for finding in REPLICATIONS[name].function(tables)]


def test_yang_is_reproduced_by_the_published_rates_and_not_by_others(as_tables):
    def found(relu, growth):
        rates = [
            ({"normalization": norm, "activation": activation, "scheme": f"gaussian({scale:g})", "dataset": data},
             rate * scale ** (growth if norm == "batch" else 1))
            for data in ("noise", "digits") for norm in ("batch", "none") for scale in (0.25, 1.0, 4.0)
            for activation, rate in (("relu", relu), ("linear", 62 / 61))
        ]  # fmt: skip
        return verdicts("yang2019", as_tables({"layers": layers(rates)}))

    assert found(np.pi / (np.pi - 1), 0.0) == [REPRODUCED] * 4
    # the third finding speaks of linear units, which are as published here too
    assert found(2.0, 0.1) == [PARTLY, NOT, REPRODUCED, PARTLY]


def test_schoenholz_reads_depth_scales_and_the_critical_variance_from_the_tables(as_tables):
    weights = [1, 1.5, 1.761, 2.5, 4]
    labels = {w: f"gaussian({w:g},bias_variance=0.05)" for w in weights}
    theory = {w: mean_field("tanh", w, 0.05) for w in weights}
    runs = pd.DataFrame(
        [KEYS | {"scheme": labels[w], "depth": d, "learning_rate": 0.1, "seed": 0, "status": "slow", "selected": True,
                 "train_accuracy": 1.0 if d <= 6 * theory[w].xi_c else 0.1}
         for w in weights for d in (20, 40, 80, 160)]
    )  # fmt: skip
    rates = [({"scheme": labels[w]}, theory[w].chi) for w in weights]
    table = layers(rates, depth=24, activation="tanh")
    assert verdicts("schoenholz2017", as_tables({"runs": runs, "layers": table})) == [REPRODUCED] * 4
    always = as_tables({"runs": runs.assign(train_accuracy=1.0), "layers": table})
    assert REPRODUCED not in verdicts("schoenholz2017", always)[:2]


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


def he_tables(stalls_from):
    runs, history = [], []
    for scheme in ("he_normal", "lecun_normal"):
        for depth in (5, 14, 22, 30, 50):
            stalled = scheme == "lecun_normal" and depth >= stalls_from
            key = KEYS | {"scheme": scheme, "depth": depth, "learning_rate": 0.1, "seed": 0}
            runs.append(key | {"selected": True, "status": "stalled" if stalled else "trained",
                               "train_accuracy": 0.1 if stalled else 1.0})  # fmt: skip
            speed = 0.0 if stalled else 1.0 if scheme == "he_normal" else 0.3
            history += [key | {"step": s, "train_loss": 2.3 * np.exp(-speed * s / 10)} for s in (0, 1, 10, 100)]
    rates = [({"scheme": "he_normal"}, 1.0), ({"scheme": "lecun_normal"}, 0.5)]
    return {"runs": pd.DataFrame(runs), "history": pd.DataFrame(history), "layers": layers(rates, activation="relu")}


def test_he_finds_where_xavier_stalls(as_tables):
    assert verdicts("he2015", as_tables(he_tables(30))) == [REPRODUCED] * 4
    assert verdicts("he2015", as_tables(he_tables(14))) == [PARTLY, REPRODUCED, REPRODUCED, NOT]


def test_glorots_mean_singular_value_is_that_of_a_random_matrix():
    from initbench.replications.glorot2010.findings import MEAN_OF_QUARTER_CIRCLE

    values = np.linalg.svd(np.random.default_rng(0).standard_normal((800, 800)), compute_uv=False)
    assert values.mean() / np.sqrt(np.square(values).mean()) == pytest.approx(MEAN_OF_QUARTER_CIRCLE, rel=2e-3)
