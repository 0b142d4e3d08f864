"""A study in words, before it runs."""

import json

import pytest

from initbench.study.describe import describe, in_full
from initbench.study.grid import load_study

SMALL = {
    "title": "Small", "depths": [2], "widths": [8], "activations": ["tanh"], "schemes": ["zeros", "he_normal"],
    "learning_rates": [0.1, 0.3], "seeds": 4, "training": {"steps": 5},
}  # fmt: skip


def described(**changes):
    return describe(load_study(SMALL | changes), 2)


def test_runs_cells_and_jobs_are_those_of_the_study():
    study, found = load_study(SMALL), described()
    assert (found.runs, found.cells) == (study.runs, len(study.cells))
    assert (found.runs, found.tuning_runs, found.untrained) == (2 * 4 + 2 * 3 * 2, 2 * 3 * 2, 0)
    assert found.counted() == "20 runs (12 of them to choose learning rates), of 2 cells, in 2 jobs"


def test_networks_that_are_only_measured_are_counted_apart():
    found = described(initial=[{"depths": [3], "seeds": 2}])
    assert found.untrained == 4
    assert "20 runs (12 of them to choose learning rates) and 4 networks measured untrained" in found.counted()


@pytest.mark.parametrize(
    ("seeds", "words"),
    [
        (4, "no difference of any size can be shown at 0.05; it takes 6 seeds"),
        (10, "10 seeds, 1 start against zeros in a network: shows a mean difference from 1.0 standard deviations"),
    ],
)
def test_it_says_the_smallest_difference_that_it_can_show(seeds, words):
    assert words in described(seeds=seeds).told_apart()


def test_a_study_of_one_start_or_without_training_compares_nothing():
    assert "nothing to compare" in described(schemes=["zeros"]).told_apart()
    untrained = described(training={"steps": 0})
    assert untrained.told_apart() == "trains nothing: it measures networks at their start"
    assert "training" not in dict(in_full(untrained))


def test_the_opening_has_title_runs_costs_and_what_can_be_seen():
    title, runs, costs, seen = described().opening().splitlines()
    assert title == "Small"
    assert "20 runs" in runs
    assert costs.startswith("  about ")
    assert all(word in costs for word in ("on 2 cores", "on disk", "of memory a job"))
    assert "4 seeds" in seen
    assert described().opening(3).splitlines()[2].endswith("; 3 jobs of this are up to date")


def test_in_full_it_names_every_axis_data_set_and_grid():
    whole = dict(in_full(described(further=[{"widths": [16], "schemes": ["he_uniform"]}])))
    assert whole["data"] == "digits: 1,797 rows, 64 features, 10 classes"
    assert whole["starts"] == "zeros, he_normal"
    assert whole["learning rate"] == "one of 0.1, 0.3, chosen for each cell on 3 seeds that score nothing"
    assert whole["further"] == "widths 16, schemes he_uniform"


def test_as_values_it_is_json():
    values = json.loads(json.dumps(described().as_values()))
    assert values["data"]["digits"]["rows"] == 1797
    assert values["estimate"]["seconds"]["train"] > 0
    assert values["seen"]["seeds"] == 4
