"""From a configuration to cells and shards: what is the same, what becomes a path."""

import re

from initbench.study.grid import load_study

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


def test_reordered_keys_are_the_same_study():
    a, b = load_study(SMALL), load_study(dict(reversed(SMALL.items())))
    assert a.shards == b.shards


def test_paths_stay_inside_the_results_and_are_safe():
    study = load_study(SMALL | {"schemes": ["constant(0.1,bias=0.1)", "constant(1e-05)"]})
    for shard in study.shards:
        assert re.fullmatch(r"results/shards/[A-Za-z0-9_.+-]+/seeds-\d+-\d+\.parquet", study.shard_path(shard))


def test_a_data_set_of_an_initial_grid_alone_is_found():
    study = load_study(SMALL | {"initial": [{"datasets": ["wine"]}]})
    assert {study.source(shard.cell.dataset) for shard in study.shards} == {"digits", "wine"}
