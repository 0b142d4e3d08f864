"""Tables from training: which rows there are, and in which order."""

import numpy as np
import pyarrow as pa
import pytest

import initbench
from initbench.datasets.loading import prepare
from initbench.engine.training import train_shard
from initbench.study.cells import RUN, START, TUNING
from initbench.study.thresholds import Thresholds
from initbench.tables.choices import by_cell, choices_of
from initbench.tables.collect import assemble
from initbench.tables.shards import shard_table
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


def shards(seeds, rates, role):
    training = initbench.Training(steps=3, records=1, learning_rates=rates)
    return shard_table(CELL, train_shard(CELL, seeds, training, prepare("digits", seeds, 0)), role)


def test_a_cell_that_was_tuned_is_scored_at_the_choice_of_its_tuning_runs_and_at_no_other_rate():
    tuning = shards([8, 9], (0.01, 0.1), TUNING)
    (chosen,) = by_cell(choices_of(tuning)).values()
    made = assemble(
        pa.concat_tables([tuning, shards([0, 1, 2], (chosen,), "scoring")]), Thresholds(), by_cell(choices_of(tuning))
    )
    runs = made["runs"].to_pandas()
    assert runs["role"].tolist() == ["scoring"] * 3 + ["tuning"] * 4
    assert runs["selected"].tolist() == [True] * 3 + [False] * 4
    start = made["layers"].to_pandas().query("step == 0")
    assert start.groupby(["role", "seed"]).size().to_dict() == {("scoring", k): 3 for k in range(3)} | {
        ("tuning", k): 3 for k in (8, 9)
    }
    other = pa.concat_tables([tuning, shards([0], (0.5,), "scoring")])
    with pytest.raises(ValueError, match="scored at a learning rate that is not the chosen one; delete shards/"):
        assemble(other, Thresholds(), by_cell(choices_of(tuning)))


def test_a_cell_without_tuning_runs_is_scored_at_the_choice_of_its_own(tables):
    runs = tables["runs"]
    assert (runs["role"] == "scoring").all()
    assert runs.groupby("learning_rate")["selected"].nunique().eq(1).all()
    assert runs["selected"].sum() == 2
