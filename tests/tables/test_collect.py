"""Tables from training: which rows there are, and in which order."""

import numpy as np
import pytest

import initbench
from initbench.study.cells import RUN, START
from initbench.tables.views import with_start

CELL = initbench.Cell("digits", 16, 2, "tanh", "none", "he_normal")


@pytest.fixture(scope="module")
def tables():
    training = initbench.Training(steps=4, records=3, learning_rates=(0.1, 0.01))
    return {name: table.to_pandas() for name, table in initbench.train(CELL, [1, 0], training).items()}


def test_a_start_is_one_row_at_step_zero_whatever_the_learning_rates(tables):
    for name, layers in (("signal", 1), ("layers", 3)):
        start = tables[name][tables[name]["step"] == 0]
        assert start["learning_rate"].isna().all()
        assert len(start) == 2 * layers
        assert tables[name].loc[tables[name]["step"] > 0, "learning_rate"].notna().all()
    assert (tables["history"].groupby("step").size() == 4).all(), "losses are recorded for every run"


def test_rows_are_sorted_by_their_keys_a_start_before_its_runs(tables):
    for name in ("runs", "history", "signal", "layers"):
        keys = [key for key in (*RUN, "step", "layer") if key in tables[name]]
        ordered = tables[name].sort_values(keys, na_position="first", kind="stable")
        assert (ordered.index == tables[name].index).all(), name


def test_every_run_has_its_start_where_all_steps_are_asked_for(tables):
    every = with_start(tables["layers"], tables["runs"])
    assert (every.groupby(RUN).size() == 4 * 3).all()
    first = every[every["step"] == 0].groupby([*START, "layer"])["weight_norm"]
    np.testing.assert_array_equal(first.nunique(), 1)
