"""The factor and the outcome: cells by hand, zeros at the broken end, and sentences that say no more than the numbers."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import study

from initbench.base.catalogue import Words
from initbench.figures.factor_outcome import LEAST, ZERO, factors_and_accuracies, place, sentence, within_and_beyond
from initbench.study.cells import START

WORDS = Words("en", "figures.factor_outcome")


def cells(*rows):
    return pd.DataFrame(rows, columns=["depth", "activation", "scheme", "factor", "accuracy", "one_value"])


def test_a_cells_factor_is_the_median_over_its_seeds_and_zero_where_the_gradient_is(as_tables):
    runs = study(schemes=("zeros", "he_normal"), seeds=3, depths=(1, 3), activations=("relu",), rates=(0.1,))
    starts = runs.drop_duplicates(START)[START].assign(step=0, gradient_factor=np.nan, gradient_regime=None)
    deep = starts["depth"] == 3
    starts.loc[deep & (starts["scheme"] == "he_normal"), "gradient_factor"] = [0.5, 2.0, 0.9]
    starts.loc[deep & (starts["scheme"] == "he_normal"), "gradient_regime"] = "stable"
    starts.loc[deep & (starts["scheme"] == "zeros"), "gradient_regime"] = "zero"
    found = factors_and_accuracies(as_tables({"signal": starts}), runs, {"normalization": "none"}).set_index("scheme")
    assert found["depth"].to_list() == [3, 3]
    assert found["factor"].to_dict() == {"zeros": 0.0, "he_normal": 0.9}
    assert found["one_value"].to_dict() == {"zeros": True, "he_normal": False}
    mean = runs[(runs["scheme"] == "he_normal") & (runs["depth"] == 3)]["test_accuracy"].mean()
    assert found.loc["he_normal", "accuracy"] == pytest.approx(mean)


def test_one_is_at_zero_of_the_axis_an_exact_zero_beyond_the_break_and_what_is_less_than_its_least_at_its_end():
    places = place(pd.Series([1.0, 100.0, 0.0, 1e-40]))
    assert places.tolist() == [0.0, 2.0, ZERO, LEAST]
    assert ZERO < LEAST


def test_only_random_starts_are_told_apart_by_their_factor():
    table = cells((20, "relu", "he_normal", 1.0, 0.9, False), (20, "relu", "small_normal", 0.01, 0.1, False),
                  (20, "sigmoid", "constant(0.1)", 1.0, 0.1, True))  # fmt: skip
    within, beyond = within_and_beyond(table)
    assert within.to_list() == [0.9]
    assert beyond.to_list() == [0.1]
    assert "goes with the factor" in sentence(table, WORDS)
    assert "90\u202f%" in sentence(table, WORDS)


def test_where_the_ranges_overlap_no_sentence_says_that_accuracy_goes_with_the_factor():
    table = cells((3, "relu", "he_normal", 1.0, 0.9, False), (3, "tanh", "small_normal", 0.01, 0.95, False))
    assert "goes with the factor" not in sentence(table, WORDS)
    few_points = table.assign(accuracy=[0.95, 0.9])
    assert "goes with the factor" not in sentence(few_points, WORDS)
    assert "all random starts" in sentence(table.iloc[:1], WORDS)
    assert "no random start" in sentence(table.iloc[1:], WORDS)
