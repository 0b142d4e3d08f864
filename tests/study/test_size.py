"""What no machine could run is refused by arithmetic, before anything is listed; what takes long is said."""

import logging
import re
from types import SimpleNamespace

import pytest

from initbench.network.layer import Network
from initbench.study import size
from initbench.study.cells import Cell, Training
from initbench.study.error import ConfigError
from initbench.study.grid import load_study
from initbench.study.size import bytes_of_start

SMALL = {
    "depths": [2],
    "widths": [8],
    "activations": ["tanh"],
    "schemes": ["zeros"],
    "learning_rates": [0.1],
    "seeds": 2,
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"widths": [999_999]}, "widths: a network of width 999999 and depth 2 takes 24,"),
        (
            {"initial": [{"widths": [900_000], "depths": [3]}]},
            "initial[0].widths: a network of width 900000 and depth 3 takes",
        ),
        ({"seeds": 999_999}, "seeds_per_shard: 10: 999,999 seeds of 1 cells are 100,000 files"),
        (
            {"widths": list(range(1, 1001)), "depths": list(range(1, 1001))},
            "the grids have 1,000,000 cells; 100,000 is the most",
        ),
    ],
)
def test_what_no_machine_can_run_is_refused_with_the_number(change, words, monkeypatch):
    monkeypatch.setattr(size, "machine_memory", lambda: 16 * 10**9)
    with pytest.raises(ConfigError, match=re.escape(words)):
        load_study(SMALL | change)


@pytest.mark.parametrize(
    "change", [{"seeds": 200_000, "seeds_per_shard": 1000}, {"training": {"steps": 10**9}, "depths": [100]}]
)
def test_a_long_plan_is_announced(change, caplog):
    with caplog.at_level(logging.WARNING):
        study = load_study(SMALL | change)
    assert f"planning {study.runs:,} runs of 1 cells in {len(study.shards):,} files: about " in caplog.text


def test_a_small_study_is_planned_in_silence(caplog):
    load_study(SMALL)
    assert not caplog.records


@pytest.mark.parametrize("depth", [0, 1, 2, 3, 9])
def test_the_bytes_of_a_deep_network_are_those_of_its_layers(depth):
    cell, training = Cell("digits", 16, depth, "tanh", "batch" if depth else "none", "zeros"), Training(steps=0)
    network = cell.build(64, 10)
    assert isinstance(network, Network)
    assert bytes_of_start(cell, 64, 10, training) == 16 * network.size


def disk_with(free, monkeypatch):
    monkeypatch.setattr(size.shutil, "disk_usage", lambda path: SimpleNamespace(free=free))


def test_results_that_do_not_fit_the_disk_are_refused_with_both_numbers(monkeypatch, tmp_path):
    needed = size.bytes_on_disk(load_study(SMALL).shards, lambda name: size.DIGITS)
    disk_with((needed - size.PAGE_BYTES) / 2.1, monkeypatch)
    with pytest.raises(ConfigError, match=r"take about 1[0-9] MB; the disk has [0-9.]+ [kM]B for them"):
        load_study(SMALL | {"results_dir": str(tmp_path / "new")})


def test_results_that_hardly_fit_are_said_and_those_that_are_there_already_count(monkeypatch, caplog, tmp_path):
    needed = size.bytes_on_disk(load_study(SMALL).shards, lambda name: size.DIGITS)
    disk_with(needed * 0.8, monkeypatch)
    with caplog.at_level(logging.WARNING):
        load_study(SMALL | {"results_dir": str(tmp_path / "new")})
    assert "the results take about" in caplog.text
    caplog.clear()
    (tmp_path / "shards").mkdir()
    (tmp_path / "shards/one.parquet").write_bytes(bytes(int(needed * 0.3)))
    load_study(SMALL | {"results_dir": str(tmp_path)})
    assert not caplog.records
