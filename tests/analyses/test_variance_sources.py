"""Where variance comes from, in made-up studies whose runs vary by one axis at a time."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import analysed, study

from initbench.analyses import Settings
from initbench.study.seed_axes import SeedAxes

AXES = SeedAxes(4, 3, 2)
SETTINGS = Settings("xavier_tanh", seed_axes=(4, 3, 2))


def crossed(effect) -> pd.DataFrame:
    """Runs of two schemes; effect(scheme, split, draw, order) is added to one half."""
    runs = study(
        schemes=("xavier_tanh", "he_normal"), seeds=AXES.seeds, depths=(2,), activations=("tanh",), rates=(0.1,)
    )
    scores = [
        0.5 + effect(scheme, *AXES.levels(seed)) for scheme, seed in zip(runs["scheme"], runs["seed"], strict=True)
    ]
    return runs.assign(test_accuracy=scores)


def shares(runs, tmp_path, of="run", scheme="he_normal"):
    table = analysed("variance_sources", runs, tmp_path, SETTINGS)
    return table[(table["of"] == of) & (table["scheme"] == scheme)].set_index("source")["share"]


def test_each_axis_gets_the_variance_that_it_makes(tmp_path):
    levels = np.array([0.1, -0.05, 0.2, 0.0])
    of_split = shares(crossed(lambda scheme, split, draw, order: levels[split]), tmp_path)
    assert of_split["split"] == pytest.approx(1)
    assert of_split.sum() == pytest.approx(1)
    both = crossed(lambda scheme, split, draw, order: levels[split] + levels[draw])
    table = analysed("variance_sources", both, tmp_path, SETTINGS).query("of == 'run'").set_index(["scheme", "source"])
    assert table.loc[("he_normal", "split"), "variance"] == pytest.approx(np.var(levels, ddof=1))
    assert table.loc[("he_normal", "draw"), "variance"] == pytest.approx(np.var(levels[:3], ddof=1))


def test_what_schemes_share_is_gone_from_their_differences(tmp_path):
    levels = np.array([0.1, -0.05, 0.2, 0.0])
    runs = crossed(lambda scheme, split, draw, order: levels[split] + (scheme == "he_normal") * 0.3 * levels[draw])
    paired = shares(runs, tmp_path, "difference")
    assert paired["draw"] == pytest.approx(1)
    assert shares(runs, tmp_path)["split"] > 0.8


def test_without_axes_there_is_nothing_to_tell_and_missing_runs_are_said(tmp_path):
    runs = crossed(lambda scheme, split, draw, order: 0.01 * split)
    assert analysed("variance_sources", runs, tmp_path, Settings("xavier_tanh")).empty
    short = analysed("variance_sources", runs[runs["seed"] != 5], tmp_path, SETTINGS)
    assert short["note"].str.contains("runs are missing").all()
    tied = analysed("variance_sources", crossed(lambda *_: 0.0), tmp_path, SETTINGS)
    assert tied["note"].str.contains("score the same").all()
