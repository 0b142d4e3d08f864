"""How long until trained: stairways, medians with seeds that never arrive, and the sentence."""

import numpy as np
import pandas as pd
import pytest

from initbench.base.catalogue import Words
from initbench.figures.time_to_train import half_by, sentence, stairs


def test_a_stairway_rises_where_seeds_arrive_and_ends_at_the_budget():
    steps, shares = stairs(pd.Series([20.0, 20.0, 147.0, np.nan]), 400)
    assert steps.tolist() == [1, 20, 147, 400]
    assert shares.tolist() == [0, 0.5, 0.75, 0.75]


@pytest.mark.parametrize(
    ("reached", "steps", "shares"),
    [([np.nan, np.nan], [1, 400], [0, 0]), ([400.0, 400.0], [1, 400], [0, 1]), ([0.0], [1, 1, 400], [0, 1, 1])],
    ids=["never", "at the budget", "at the start"],
)
def test_none_all_late_and_all_at_once(reached, steps, shares):
    found = stairs(pd.Series(reached), 400)
    assert found[0].tolist() == steps
    assert found[1].tolist() == shares


def test_a_seed_that_never_arrives_counts_as_one_that_is_late():
    assert half_by(pd.Series([20.0, 54.0, np.nan])) == 54
    assert half_by(pd.Series([20.0, np.nan])) == 20
    assert half_by(pd.Series([20.0, np.nan, np.nan])) == np.inf


def test_the_sentence_names_who_is_first_and_where_nobody_arrives():
    rows = [("relu", "he_normal", 400.0), ("relu", "orthogonal", np.nan), ("sigmoid", "he_normal", np.nan)]
    rows += [("tanh", "he_normal", 54.0), ("tanh", "orthogonal", 54.0)]
    runs = pd.DataFrame(rows, columns=["activation", "scheme", "steps_to_target"]).assign(depth=20)
    said = sentence(runs, Words("en", "figures.time_to_train"))
    assert said.startswith("At 20 hidden layers")
    assert "relu gets there first from he_normal (update 400)" in said
    assert "tanh gets there first from he_normal and orthogonal (update 54)" in said
    assert said.endswith("with sigmoid no start gets half of the seeds there")
