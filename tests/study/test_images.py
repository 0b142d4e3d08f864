"""Architectures that take images, and data that are none."""

import numpy as np
import pandas as pd
import pytest

from initbench import load_study
from initbench.study.cost import DIGITS, seconds
from initbench.study.error import ConfigError
from initbench.study.grid import Study

GRID = {
    "datasets": ["digits"], "architectures": ["convnet"], "widths": [4], "depths": [2], "schemes": ["he_normal"],
    "activations": ["relu"], "seeds": 2,
}  # fmt: skip


def test_data_that_are_no_images_are_refused_before_any_job():
    with pytest.raises(ConfigError) as refused:
        load_study(GRID | {"datasets": ["digits", "wine", "breast_cancer"]})
    lines = str(refused.value).splitlines()
    assert [line.partition(":")[0] for line in lines] == ["architectures"] * 2
    assert "convnet with wine: 13 features are no square image" in lines[0]
    with pytest.raises(ConfigError, match=r"further\[0\].architectures: convnet_circular with spirals: 2 features"):
        load_study(GRID | {"further": [{"datasets": ["spirals"], "architectures": ["convnet_circular"]}]})


def test_data_that_are_no_images_may_stand_beside_them():
    further = {"datasets": ["wine"], "architectures": ["mlp"]}
    assert isinstance(load_study(GRID | {"further": [further]}), Study)
    assert isinstance(load_study(GRID | {"datasets": ["wine"], "depths": [0]}), Study)


def test_a_table_of_ones_own_is_an_image_if_it_is_square(tmp_path):
    rng = np.random.default_rng(0)
    for features in (9, 8):
        frame = pd.DataFrame(rng.normal(size=(200, features)), columns=[f"x{k}" for k in range(features)])
        frame.assign(label=rng.integers(2, size=200).astype(str)).to_csv(tmp_path / f"{features}.csv", index=False)
    own = {"name": "own", "label": "label"}
    assert load_study(GRID | {"datasets": [own | {"path": str(tmp_path / "9.csv")}]}).runs
    with pytest.raises(ConfigError, match="architectures: convnet with own: 8 features are no square image"):
        load_study(GRID | {"datasets": [own | {"path": str(tmp_path / "8.csv")}]})


def test_the_products_of_every_place_cost_time():
    of = {name: load_study(GRID | {"architectures": [name], "widths": [64]}).shards[0] for name in ("mlp", "convnet")}
    assert seconds(of["convnet"], DIGITS) > 10 * seconds(of["mlp"], DIGITS)
