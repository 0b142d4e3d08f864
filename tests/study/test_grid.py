"""From a configuration to cells and shards: what is the same, what becomes a path."""

import re

from initbench.study.grid import load_study
from initbench.study.jobs import training_files

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


def test_training_depends_on_the_engine_and_not_on_schemes_or_figures():
    shard = load_study(SMALL | {"depths": [2], "schemes": ["he_normal"]}).shards[0]
    files = {path.rsplit("/initbench/", 1)[1] for path in training_files(shard)}
    assert {"network/passes.py", "engine/training.py", "probes/measure.py", "schemes/__init__.py"} <= files
    assert not any(
        f.startswith(("figures", "statistics", "schemes/c", "schemes/o", "study/grid", "theory")) for f in files
    )


def test_a_data_set_of_an_initial_grid_alone_is_found():
    study = load_study(SMALL | {"initial": [{"datasets": ["wine"]}]})
    assert {study.source(shard.cell.dataset) for shard in study.shards} == {"digits", "wine"}
