"""Copies beside small layers: which runs are compared, and how few random units reach more than all copies."""

import pandas as pd
import pytest
from made_up_studies import study

from initbench.base.catalogue import Words
from initbench.figures.telling import mean_accuracies
from initbench.figures.width_equivalence import equivalent_width, over_widths, sentence

REACHED = {1: 0.2, 2: 0.45, 4: 0.8, 64: 0.95}
WORDS = Words("en", "figures.width_equivalence")


def runs_of(copies=(0.3, 0.4), depth=1, reached=REACHED):
    """Random starts at some widths, the same for two activations, and constants at 64 that reach so much."""
    common = {"seeds": 3, "depths": (depth,), "rates": (0.1,)}
    parts = [
        study(schemes=("xavier_tanh",), width=width, **common).assign(test_accuracy=accuracy)
        for width, accuracy in reached.items()
    ]
    for activation, accuracy in zip(("relu", "tanh"), copies, strict=True):
        flat = study(schemes=("zeros", "constant(0.1)"), activations=(activation,), width=64, **common)
        parts.append(flat.assign(test_accuracy=flat["scheme"].map({"zeros": 0.1, "constant(0.1)": accuracy})))
    return pd.concat(parts, ignore_index=True)


def means_of(runs):
    runs, scheme = over_widths(runs)
    return mean_accuracies(runs, ["activation", "scheme", "width"]), scheme


def test_a_random_start_at_its_widths_stands_beside_copies_of_full_width():
    means, scheme = means_of(runs_of())
    assert scheme == "xavier_tanh"
    assert means.loc[("relu", "xavier_tanh"), "mean"].to_dict() == pytest.approx(REACHED)
    assert set(means.index.get_level_values("scheme")) == {"xavier_tanh", "zeros", "constant(0.1)"}


def test_the_least_width_that_reaches_more_than_the_copies_whatever_the_activation():
    assert equivalent_width(*means_of(runs_of(copies=(0.3, 0.4)))) == 2
    assert equivalent_width(*means_of(runs_of(copies=(0.3, 0.5)))) == 4
    assert equivalent_width(*means_of(runs_of(copies=(0.1, 0.1)))) == 1
    assert equivalent_width(*means_of(runs_of(copies=(0.3, 0.99)))) is None


def test_the_sentence_says_what_copies_and_few_units_reach():
    assert "64 equal units reach 30\u202f%–40\u202f% at best, less than 2 random units do (45\u202f%)" in sentence(
        *means_of(runs_of()), WORDS
    )
    assert "small layer" not in sentence(*means_of(runs_of(copies=(0.3, 0.99))), WORDS)


@pytest.mark.parametrize("reached", [{64: 0.95}, {1: 0.2, 64: 0.95}], ids=["one width", "two widths"])
def test_without_a_curve_or_without_copies_nothing_is_compared(reached):
    assert over_widths(runs_of(reached=reached))[0].empty
    runs = runs_of()
    assert over_widths(runs[runs["scheme"] == "xavier_tanh"])[0].empty
    assert over_widths(runs[runs["scheme"] == "zeros"])[0].empty
    assert over_widths(runs.iloc[:0])[0].empty


def test_the_shallowest_of_the_networks_that_have_most_widths_is_shown():
    runs = pd.concat([runs_of(depth=3, reached={1: 0.2, 2: 0.3, 64: 0.9}), runs_of(depth=2), runs_of(depth=1)])
    assert set(over_widths(runs)[0]["depth"]) == {1}
