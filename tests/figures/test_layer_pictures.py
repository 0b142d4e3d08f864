"""Saturated and dead shares and correlations of inputs: what is read of which layers, and what is said of them."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import study

from initbench.base.catalogue import Words
from initbench.figures import input_correlation, saturated_dead
from initbench.study.cells import RUN

LAYERS = ("saturated_fraction", "dead_fraction", "input_correlation")


@pytest.fixture
def tables(as_tables):
    """relu and tanh networks of two hidden layers and an output, from zeros and he_normal, at the start and after training."""
    runs = study(schemes=("zeros", "he_normal"), seeds=2, depths=(1, 2), rates=(0.1,))
    rows = []
    for step in (0, 100):
        for layer in (1, 2, 3):
            part = runs[runs["depth"] == 2][RUN].assign(step=step, layer=layer)
            value = {1: 0.25, 2: 0.5, 3: np.nan}[layer] + (0.25 if step else 0)
            part = part.assign(dead_fraction=value, saturated_fraction=value / 2, input_correlation=value)
            part.loc[part["scheme"] == "zeros", list(LAYERS)] = [0.0, 1.0, np.nan]
            rows.append(part)
    layers = pd.concat(rows)
    layers.loc[layers["step"] == 0, "learning_rate"] = np.nan
    return as_tables({"runs": runs, "layers": layers.drop_duplicates([*RUN, "step", "layer"])})


def test_an_activation_whose_units_can_die_shows_dead_ones_and_others_saturated_ones(tables):
    assert saturated_dead.dies("relu")
    assert not any(saturated_dead.dies(name) for name in ("tanh", "sigmoid", "linear", "leaky_relu", "elu"))
    _, shares = saturated_dead.deepest_shares(tables)
    found = shares.set_index(["moment", "activation", "scheme", "layer"])["share"]
    assert set(shares["layer"]) == {1, 2}
    assert found["before", "relu", "he_normal", 2] == 0.5
    assert found["before", "tanh", "he_normal", 2] == 0.25
    assert found["after", "relu", "he_normal", 1] == 0.5
    assert found["before", "relu", "zeros", 1] == 1
    assert found["before", "tanh", "zeros", 1] == 0


def test_the_sentence_on_dead_and_saturated_units_is_of_the_start(tables):
    _, shares = saturated_dead.deepest_shares(tables)
    said = saturated_dead.sentence(shares, Words("en", "figures.saturated_dead"))
    assert "at layer 2 50\u202f% of a random start's relu units are dead, at layer 1 25\u202f%" in said
    assert "random starts at most 25\u202f%" in said


def test_a_correlation_that_is_not_defined_stays_undefined(tables):
    _, means = input_correlation.deepest_correlations(tables)
    found = means.set_index(["activation", "scheme", "layer"])["correlation"]
    assert found["relu", "he_normal", 2] == 0.5
    assert found.xs("zeros", level="scheme").isna().all()


def test_inputs_that_become_alike_are_told_from_those_that_do_not():
    rows = [("relu", "he_normal", 1, 0.3), ("relu", "he_normal", 20, 0.97), ("tanh", "he_normal", 1, 0.0)]
    rows += [("tanh", "he_normal", 20, 0.01), ("tanh", "zeros", 20, np.nan), ("tanh", "constant(1)", 20, 1.0)]
    means = pd.DataFrame(rows, columns=["activation", "scheme", "layer", "correlation"])
    said = input_correlation.sentence(means, Words("en", "figures.input_correlation"))
    assert "with relu two inputs become alike: their cosine rises from 0.30 to at least 0.97 at layer 20" in said
    assert "with tanh it is at most 0.01 there" in said
    said = input_correlation.sentence(means.replace(0.97, 1.0), Words("en", "figures.input_correlation"))
    assert "rises from 0.30 to 1.00 at layer 20" in said
