"""Replications: their numbers follow the tables, their verdicts the declared rules, their studies load."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from initbench import figures
from initbench.base.registry import UnknownNameError
from initbench.replications import NOT, PARTLY, REPLICATIONS, REPRODUCED, UNTESTED, frames, verdict
from initbench.study.grid import load_study
from initbench.theory import mean_field


@pytest.mark.parametrize("name", sorted(REPLICATIONS))
def test_every_replication_has_its_study_its_figure_and_its_row_in_the_page(name):
    study = load_study(f"workflow/studies/{name}.yaml")
    assert study.config["replication"] == name
    assert str(study.results) == f"results/{name}"
    assert [f.name for f in figures.in_order(name) if f.replication] == [name]
    assert f"| `{name}` |" in Path("docs/replications.md").read_text(encoding="utf-8")
    assert all(len(row) == 3 and all(row) for row in REPLICATIONS[name].scaling)


def test_other_studies_have_no_figure_of_a_replication():
    assert not [f.name for f in figures.in_order() if f.replication]
    assert load_study("config.yaml").config["replication"] is None


def test_an_unknown_replication_is_refused():
    with pytest.raises(UnknownNameError, match="glorot2010"):
        REPLICATIONS["nobody1999"]


def test_verdicts():
    assert verdict(True, np.bool_(True)) == REPRODUCED
    assert verdict(True, False) == verdict(True, None) == PARTLY
    assert verdict(False) == verdict(False, None) == NOT
    assert verdict(None) == verdict() == UNTESTED


def test_a_crossing_is_interpolated_in_the_logarithm_of_depth():
    depth, bound = frames.crossing([10, 40, 160], [1.0, 0.75, 0.25], 0.5)
    assert (depth, bound) == (pytest.approx(80), "")
    assert frames.crossing([10, 20], [0.9, 0.8], 0.5) == (20, ">")
    assert frames.crossing([10, 20], [0.3, 0.2], 0.5) == (10, "<")


def test_a_geometric_step_is_the_ratio_of_a_geometric_sequence():
    assert frames.geometric_step(pd.Series(3 * 0.7 ** np.arange(5), index=range(1, 6))) == pytest.approx(0.7)


def layers(rates, depth=12, **keys):
    """A layers table at step 0 in which δ² grows towards the input by each cell's rate."""
    rows = [
        {"width": 64, "depth": depth, "learning_rate": np.nan, "seed": seed, "layer": layer, "step": 0,
         "delta_rms_gaussian": rate ** ((depth - layer) / 2), "dataset": "noise", **keys, **changed}
        for changed, rate in rates for seed in range(2) for layer in range(1, depth + 2)
    ]  # fmt: skip
    return pd.DataFrame(rows)


def write(folder, frame) -> str:
    path = folder / f"table-{len(list(folder.iterdir()))}.parquet"
    frame.to_parquet(path)
    return str(path)


def verdicts(name, paths) -> list[str]:
    return [finding.verdict for finding in REPLICATIONS[name].function(paths)]


def test_yang_is_reproduced_by_the_published_rates_and_not_by_others(tmp_path):
    def found(relu, growth):
        rates = [
            ({"normalization": norm, "activation": activation, "scheme": f"gaussian({scale:g})", "dataset": data},
             rate * scale ** (growth if norm == "batch" else 1))
            for data in ("noise", "digits") for norm in ("batch", "none") for scale in (0.25, 1.0, 4.0)
            for activation, rate in (("relu", relu), ("linear", 62 / 61))
        ]  # fmt: skip
        return verdicts("yang2019", {"layers": write(tmp_path, layers(rates))})

    assert found(np.pi / (np.pi - 1), 0.0) == [REPRODUCED] * 4
    # the third finding speaks of linear units, which are as published here too
    assert found(2.0, 0.1) == [PARTLY, NOT, REPRODUCED, PARTLY]


def test_schoenholz_reads_depth_scales_and_the_critical_variance_from_the_tables(tmp_path):
    weights = [1, 1.5, 1.761, 2.5, 4]
    labels = {w: f"gaussian({w:g},bias_variance=0.05)" for w in weights}
    theory = {w: mean_field("tanh", w, 0.05) for w in weights}
    runs = pd.DataFrame(
        [{"scheme": labels[w], "depth": d, "train_accuracy": 1.0 if d <= 6 * theory[w].xi_c else 0.1, "selected": True}
         for w in weights for d in (20, 40, 80, 160)]
    )  # fmt: skip
    rates = [({"scheme": labels[w]}, theory[w].chi) for w in weights]
    table = write(tmp_path, layers(rates, depth=24, activation="tanh", normalization="none"))
    assert verdicts("schoenholz2017", {"runs": write(tmp_path, runs), "layers": table}) == [REPRODUCED] * 4
    always = {"runs": write(tmp_path, runs.assign(train_accuracy=1.0)), "layers": table}
    assert REPRODUCED not in verdicts("schoenholz2017", always)[:2]


def saxe_tables(folder, growth):
    """Loss curves that fall through the target after 20 steps, times (depth/2)^growth from Gaussian weights."""
    steps = np.unique(np.geomspace(1, 3000, 60).astype(int))
    rows, values = [], []
    for scheme in ("orthogonal", "lecun_normal"):
        for depth in (2, 8, 32):
            time = 20 * ((depth / 2) ** growth if scheme == "lecun_normal" else 1)
            for rate in (0.01, 0.04, 0.16):
                slow = 1 if np.isclose(rate, 0.32 / depth) else 5
                loss = 2.3 * np.exp(-np.log(2.3 / 0.25) * steps / (slow * time))
                rows += [{"scheme": scheme, "depth": depth, "learning_rate": rate, "seed": 0, "step": s, "train_loss": v}
                         for s, v in zip([0, *steps], [2.3, *loss], strict=True)]  # fmt: skip
            top = 1.0 if scheme == "orthogonal" else float(depth)
            values.append({"scheme": scheme, "depth": depth, "seed": 0, "step": 0, "jacobian_max": top,
                           "jacobian_min": 1 / top})  # fmt: skip
    return {"history": write(folder, pd.DataFrame(rows)), "signal": write(folder, pd.DataFrame(values))}


def test_saxe_compares_learning_times_at_the_fastest_rate(tmp_path):
    from initbench.replications.saxe2014 import learning_times

    paths = saxe_tables(tmp_path, growth=1)
    times = learning_times(paths["history"]).set_index(["scheme", "depth"])
    assert times.loc[("orthogonal", 32), "steps"] == pytest.approx(20, rel=0.05)
    assert times.loc[("lecun_normal", 32), "steps"] == pytest.approx(320, rel=0.05)
    assert times.loc[("orthogonal", 8), "learning_rate"] == 0.04
    assert verdicts("saxe2014", paths) == [REPRODUCED] * 4
    assert verdicts("saxe2014", saxe_tables(tmp_path, growth=0))[1] == NOT


def he_tables(folder, stalls_from):
    runs, history = [], []
    for scheme in ("he_normal", "lecun_normal"):
        for depth in (5, 14, 22, 30, 50):
            stalled = scheme == "lecun_normal" and depth >= stalls_from
            key = {"scheme": scheme, "depth": depth, "learning_rate": 0.1, "seed": 0}
            runs.append(key | {"selected": True, "status": "stalled" if stalled else "trained",
                               "train_accuracy": 0.1 if stalled else 1.0})  # fmt: skip
            speed = 0.0 if stalled else 1.0 if scheme == "he_normal" else 0.3
            history += [key | {"step": s, "train_loss": 2.3 * np.exp(-speed * s / 10)} for s in (0, 1, 10, 100)]
    rates = [({"scheme": "he_normal"}, 1.0), ({"scheme": "lecun_normal"}, 0.5)]
    table = layers(rates, activation="relu", normalization="none")
    frames_ = {"runs": pd.DataFrame(runs), "history": pd.DataFrame(history), "layers": table}
    return {name: write(folder, frame) for name, frame in frames_.items()}


def test_he_finds_where_xavier_stalls(tmp_path):
    assert verdicts("he2015", he_tables(tmp_path, 30)) == [REPRODUCED] * 4
    assert verdicts("he2015", he_tables(tmp_path, 14)) == [PARTLY, REPRODUCED, REPRODUCED, NOT]


def test_glorots_mean_singular_value_is_that_of_a_random_matrix():
    from initbench.replications.glorot2010 import MEAN_OF_QUARTER_CIRCLE

    values = np.linalg.svd(np.random.default_rng(0).standard_normal((800, 800)), compute_uv=False)
    assert values.mean() / np.sqrt(np.square(values).mean()) == pytest.approx(MEAN_OF_QUARTER_CIRCLE, rel=2e-3)
