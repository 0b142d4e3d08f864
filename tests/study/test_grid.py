"""From a configuration to cells and shards: what is the same, what becomes a path."""

import itertools
import re
from pathlib import Path

import pytest

from initbench.architectures import ARCHITECTURES
from initbench.architectures.mlp import mlp
from initbench.optimizers import OPTIMIZERS
from initbench.study.grid import load_study
from initbench.study.reading import ConfigError
from initbench.study.signatures import made_from

ROLES = ("scoring", "tuning")
SMALL = {"depths": [0, 2], "schemes": ["zeros", "he_normal"], "activations": ["tanh"], "seeds": 5, "seeds_per_shard": 2}


def test_the_shipped_studies_load():
    study = load_study("config.yaml")
    assert {shard.training.steps for shard in study.shards} == {0, study.training.steps}
    for path in Path("workflow/studies").glob("*.yaml"):
        assert load_study(path).runs < study.runs


def test_seeds_come_in_aligned_blocks_and_depth_zero_once():
    study = load_study(SMALL | {"normalizations": ["none", "batch"]})
    blocks = [(s.role, s.seeds) for s in study.shards if s.cell == study.cells[0]]
    first = 1_000_000
    assert blocks == [
        ("scoring", (0, 1)), ("scoring", (2, 3)), ("scoring", (4,)),
        ("tuning", (first, first + 1)), ("tuning", (first + 2,)),
    ]  # fmt: skip
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
        assert re.fullmatch(r"results/shards/[A-Za-z0-9_.+-]+/(scoring|tuning)-\d+\.parquet", study.shard_path(shard))


def test_scoring_runs_wait_for_a_rate_where_there_are_tuning_seeds_and_several_to_choose_from():
    rates = {"learning_rates": [0.1, 0.01]}
    tuned, untuned = load_study(SMALL | rates), load_study(SMALL | rates | {"tuning": "none"})
    assert {(s.role, s.rates) for s in tuned.shards} == {("scoring", None), ("tuning", (0.01, 0.1))}
    assert {(s.role, s.rates) for s in untuned.shards} == {("scoring", (0.01, 0.1))}
    assert tuned.runs == len(tuned.cells) * (5 + 3 * 2)
    assert untuned.runs == len(untuned.cells) * 5 * 2
    assert load_study(SMALL | {"tuning": 4}).tuning_seeds == tuple(range(1_000_000, 1_000_004))
    for nothing_to_choose in ({"learning_rates": [0.1]}, {"training": {"steps": 0}}):
        assert load_study(SMALL | nothing_to_choose).tuning_seeds == ()


def test_a_rate_is_chosen_on_the_tuning_shards_of_its_own_cell():
    study = load_study(SMALL)
    for cell in study.cells:
        paths = {
            role: [study.shard_path(s) for s in study.shards if (s.cell, s.role) == (cell, role)] for role in ROLES
        }
        for shard in study.shards:
            if shard.cell == cell:
                assert study.chosen_on(shard) == (paths["tuning"] if shard.role == "scoring" else [])


def test_networks_measured_at_initialisation_only_have_scoring_seeds_alone():
    study = load_study(SMALL | {"initial": [{"depths": [7]}]})
    assert {s.role for s in study.shards if s.cell.depth == 7} == {"scoring"}


def test_more_seeds_of_one_role_leave_the_files_of_the_other_and_their_own_names():
    def paths(**changes):
        study = load_study(SMALL | changes)
        return {study.shard_path(shard): made_from(study, shard) for shard in study.shards}

    small = paths(seeds=3)
    for larger in (paths(seeds=4), paths(seeds=3, tuning=7), paths(seeds=3, learning_rates=[0.1, 0.2, 0.7])):
        assert small.items() <= larger.items()


def test_further_grids_are_trained_as_the_study_is():
    study = load_study(SMALL | {"further": [{"widths": [3], "schemes": ["he_normal"]}]})
    trained = {shard.cell.width for shard in study.shards if shard.training.steps}
    assert trained == {3, 64}
    with pytest.raises(ConfigError, match=r"further\[0\]: the cell .* is in the study twice"):
        load_study(SMALL | {"further": [{"seeds": 3}]})


def test_a_data_set_of_an_initial_grid_alone_is_found():
    study = load_study(SMALL | {"initial": [{"datasets": ["wine"]}]})
    assert {study.source(shard.cell.dataset) for shard in study.shards} == {"digits", "wine"}
