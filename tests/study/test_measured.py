"""What the tables say that they were made from: what changes a run, and nothing else."""

import json

import pytest

from initbench.study.config import Config
from initbench.study.grid import load_study
from initbench.study.measured import ELSEWHERE, JUDGED_LATER, measured

STUDY = {"depths": [2, 10, 3], "schemes": ["zeros", "he_normal"], "initial": [{"widths": [16]}, {"widths": [8]}]}


def said(**more):
    return measured(load_study(STUDY | more, check=False).config)


@pytest.mark.parametrize(
    "more",
    [
        {"title": "Another"}, {"results_dir": "elsewhere"}, {"seeds_per_shard": 3}, {"minutes_per_job": 2},
        {"reference": "zeros"}, {"looks": 4}, {"thresholds": {"rope": 0.2}}, {"depths": [10, 3, 2]},
        {"schemes": ["he_normal", "zeros"]}, {"initial": [{"widths": [8]}, {"widths": [16]}]}, {"widths": [64]},
    ],
)  # fmt: skip
def test_what_changes_no_run_is_not_in_it(more):
    assert said(**more) == said()


@pytest.mark.parametrize(
    "more",
    [
        {"study_seed": 1}, {"depths": [2, 10]}, {"seeds": 11}, {"training": {"steps": 7}},
        {"thresholds": {"saturation": 0.1}}, {"initial": []}, {"tuning": "none"}, {"learning_rates": [0.1]},
    ],
)  # fmt: skip
def test_what_changes_runs_is(more):
    assert said(**more) != said()


def test_it_is_json_of_every_other_key():
    keys = set(Config.model_fields) - set(ELSEWHERE) - {"seed_axes"}
    found = json.loads(said())
    assert set(found) == keys
    assert found["depths"] == [2, 3, 10]
    assert not set(found["thresholds"]) & set(JUDGED_LATER)
