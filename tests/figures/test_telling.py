"""What figures pick so that they can be read: a few starts, depths and layers; and labels that do not meet."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from initbench.base.catalogue import Words
from initbench.figures.end_labels import spread
from initbench.figures.telling import few, few_layers, mean_accuracies, span, telling
from initbench.statistics.paired import sign_flip_interval


def test_one_start_of_each_kind_is_shown_before_a_second_of_any():
    every = [
        "he_normal",
        "constant(1)",
        "constant(0.1)",
        "zeros",
        "orthogonal",
        "xavier_sigmoid",
        "xavier_tanh",
        "small_normal",
    ]
    shown = telling(every)
    assert set(shown) == {"zeros", "constant(0.1)", "small_normal", "xavier_tanh", "he_normal", "orthogonal"}
    assert telling(["mine", "zeros"]) == telling(["zeros", "mine"])
    assert set(telling(["mine", "zeros", "yours"], most=2)) == {"zeros", "mine"}
    assert telling([]) == []


def test_the_first_and_the_last_are_among_the_few():
    assert few([1, 3, 10, 20], 2) == [1, 20]
    assert few([20, 3, 3], 5) == [3, 20]
    assert few_layers(20, 5) == [1, 2, 4, 9, 20]
    assert few_layers(2, 5) == [1, 2]
    assert few_layers(0, 5) == []


def test_a_mean_has_the_interval_of_the_tables_and_counts_a_diverged_run_as_nothing():
    scores = [0.5, 0.6, 0.7, 0.8, 0.9, 0.4, 0.45]
    runs = pd.DataFrame({"scheme": ["a"] * 7 + ["b"] * 2, "test_accuracy": [*scores, 0.5, np.nan]})
    found = mean_accuracies(runs, ["scheme"])
    assert found.loc["a", ["low", "high"]].to_list() == pytest.approx(sign_flip_interval(scores))
    assert found.loc["b", "mean"] == 0.25
    assert np.isnan(found.loc["b", "low"])


def test_a_span_of_what_is_written_alike_is_one_number():
    assert span(0.301, 0.391, Words("en")) == "30\u202f%–39\u202f%"
    assert span(0.301, 0.391, Words("zh")) == "30\u202f%～39\u202f%"
    assert span(0.391, 0.3912, Words("en")) == "39\u202f%"


@given(st.lists(st.floats(0, 1), max_size=8))
def test_labels_keep_their_order_and_their_distance_and_stay_in_the_panel(heights):
    found = spread(heights, 0.1, 0.0, 1.0)
    order = np.argsort(heights, kind="stable")
    assert (np.diff(np.array(found)[order]) >= 0.1 - 1e-9).all()
    assert all(-1e-9 <= place <= 1 + 1e-9 for place in found)


def test_labels_that_do_not_meet_stay_where_they_are_and_two_that_would_part_evenly():
    assert spread([0.2, 0.8], 0.1, 0, 1) == [0.2, 0.8]
    assert spread([0.5, 0.5], 0.1, 0, 1) == pytest.approx([0.45, 0.55])
