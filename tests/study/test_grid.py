"""From a configuration to cells and shards: what is the same, what becomes a path."""

import itertools
import re

import pytest

from initbench.architectures import ARCHITECTURES
from initbench.architectures.mlp import mlp
from initbench.optimizers import OPTIMIZERS
from initbench.study.grid import load_study
from initbench.study.reading import ConfigError

SMALL = {"depths": [0, 2], "schemes": ["zeros", "he_normal"], "activations": ["tanh"], "seeds": 5, "seeds_per_shard": 2}


def test_the_shipped_studies_load():
    study = load_study("config.yaml")
    assert {shard.training.steps for shard in study.shards} == {0, study.training.steps}
    assert load_study("workflow/studies/quick.yaml").runs < study.runs


def test_seeds_come_in_aligned_blocks_and_depth_zero_once():
    study = load_study(SMALL | {"normalizations": ["none", "batch"]})
    blocks = [s.seeds for s in study.shards if s.cell == study.cells[0]]
    assert blocks == [(0, 1), (2, 3), (4,)]
    flat = [c for c in study.cells if c.depth == 0]
    assert len(flat) == 2
    assert {c.normalization for c in flat} == {"none"}


@pytest.fixture
def another_kind():
    """An architecture and an optimiser of a user's own."""
    ARCHITECTURES.add("another_network", lambda *sizes: mlp(*sizes))
    OPTIMIZERS.add("another_rule", lambda: OPTIMIZERS["sgd"](0.9))
    yield
    ARCHITECTURES.forget(["another_network"])
    OPTIMIZERS.forget(["another_rule"])


@pytest.mark.usefixtures("another_kind")
def test_architectures_and_optimizers_are_axes_of_every_grid():
    axes = {"architectures": ["mlp", "another_network"], "optimizers": ["sgd", "another_rule"]}
    study = load_study(SMALL | axes | {"initial": [{"depths": [3], "optimizers": ["sgd"]}]})
    pairs = {(cell.architecture, cell.optimizer) for cell in study.cells if cell.depth == 2}
    assert pairs == set(itertools.product(*axes.values()))
    assert len({study.shard_path(shard) for shard in study.shards}) == len(study.shards)
    assert {(cell.architecture, cell.optimizer) for cell in study.cells if cell.depth == 3} == {
        ("mlp", "sgd"),
        ("another_network", "sgd"),
    }


def test_reordered_keys_are_the_same_study():
    a, b = load_study(SMALL), load_study(dict(reversed(SMALL.items())))
    assert a.shards == b.shards


def test_paths_stay_inside_the_results_and_are_safe():
    study = load_study(SMALL | {"schemes": ["constant(0.1,bias=0.1)", "constant(1e-05)"]})
    for shard in study.shards:
        assert re.fullmatch(r"results/shards/[A-Za-z0-9_.+-]+/seeds-\d+-\d+\.parquet", study.shard_path(shard))


def test_further_grids_are_trained_as_the_study_is():
    study = load_study(SMALL | {"further": [{"widths": [3], "schemes": ["he_normal"]}]})
    trained = {shard.cell.width for shard in study.shards if shard.training.steps}
    assert trained == {3, 64}
    with pytest.raises(ConfigError, match=r"further\[0\]: the cell .* is in the study twice"):
        load_study(SMALL | {"further": [{"seeds": 3}]})


def test_a_data_set_of_an_initial_grid_alone_is_found():
    study = load_study(SMALL | {"initial": [{"datasets": ["wine"]}]})
    assert {study.source(shard.cell.dataset) for shard in study.shards} == {"digits", "wine"}
