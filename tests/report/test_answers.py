"""The first sentences of the page: their numbers are those of the tables, and a study without them says what it can."""

import numpy as np
import pandas as pd
import pytest

import initbench
from initbench.analyses import Settings
from initbench.analyses.making import compute
from initbench.base.catalogue import LANGUAGES
from initbench.report import facts
from initbench.report.page import section_as_html
from initbench.report.sections import SECTIONS
from initbench.study.cells import Cell, Training
from initbench.tables.views import chosen_runs

STUDY = {
    "config": {
        "replication": None, "datasets": ["digits"], "architectures": ["mlp"], "optimizers": ["sgd"], "training": {"steps": 2},
        "thresholds": {"rope": 0.01}, "reference": "xavier_tanh",
    },
    "tuning_seeds": 0, "runs": 1, "cells": 1, "jobs": 1,
}  # fmt: skip


def trained(
    as_tables, schemes, depths, rates=(0.1,), steps=2, normalizations=("none",), activations=("tanh", "sigmoid")
):
    """Tables of really trained networks of 8 units, every run at its only rate selected."""
    training = Training(steps=steps, learning_rates=rates, records=2)
    tables = [
        initbench.train(Cell("digits", 8, depth, activation, normalization, scheme), [0, 1], training)
        for scheme in schemes for depth in depths for activation in activations for normalization in normalizations
    ]  # fmt: skip
    frames = {
        name: pd.concat([t[name].to_pandas() for t in tables], ignore_index=True)
        for name in ("runs", "history", "signal", "layers")
    }
    frames["runs"] = frames["runs"].assign(selected=frames["runs"]["status"] != "initial")
    read = as_tables(frames)
    made = {name: compute(name, read, Settings("xavier_tanh")).to_pandas() for name in ("best",)}
    return as_tables(made | {"choices": pd.DataFrame({"a": [0]})}, **read.paths)


STUDIES = {
    "zeros and random": {"schemes": ("zeros", "constant(0.1)", "xavier_tanh", "he_normal"), "depths": (1, 3, 4)},
    "random alone, one layer": {"schemes": ("he_normal",), "depths": (1,)},
    "zeros alone": {"schemes": ("zeros",), "depths": (3,)},
    "no hidden layer": {"schemes": ("zeros", "he_normal"), "depths": (0,)},
    "batch normalisation alone": {"schemes": ("zeros", "he_normal"), "depths": (1, 4), "normalizations": ("batch",)},
    "a constant that overflows": {"schemes": ("constant(1e30)", "he_normal"), "depths": (1, 4)},
    "everything diverged": {"schemes": ("zeros", "he_normal"), "depths": (3, 4), "rates": (1e12,)},
    "no step": {"schemes": ("zeros", "he_normal"), "depths": (3,), "steps": 0},
}


ABSENT = {  # what has nothing to say
    ("answer", "no step"), ("zeros", "no step"), ("zeros", "random alone, one layer"), ("depth", "random alone, one layer"),
    ("depth", "no hidden layer"),
}  # fmt: skip


@pytest.mark.parametrize("kind", STUDIES)
@pytest.mark.parametrize("section", ["answer", "zeros", "depth"])
def test_every_study_says_what_it_can_in_both_languages(kind, section, as_tables):
    tables = trained(as_tables, **STUDIES[kind])
    for language in LANGUAGES:
        html = section_as_html(SECTIONS[section], tables, STUDY, language) or ""
        assert "nan" not in html
        assert "None" not in html
    assert bool(html) == ((section, kind) not in ABSENT)


def test_the_copies_are_counted_and_the_best_of_them_is_named(as_tables):
    tables = trained(as_tables, **STUDIES["zeros and random"])
    runs, most = facts.units_alike(tables)
    assert (runs, most) == (2 * 3 * 2 * 2, 1)
    cells = facts.accuracies(tables)
    chosen = chosen_runs(tables.runs)
    flat = chosen[(chosen["depth"] >= 3) & chosen["scheme"].isin(["zeros", "constant(0.1)"])]
    best = flat.groupby(["scheme", "activation", "depth"])["test_accuracy"].mean().max()
    found = facts.range_of(cells[(cells["depth"] >= facts.DEEP) & cells["kind"].isin(facts.ONE_VALUE)])
    assert found.high == pytest.approx(best)
    html = section_as_html(SECTIONS["answer"], tables, STUDY, "en")
    assert f"reach at most {100 * best:.0f}\u202f% on digits (mean of 2 seeds)" in html


def test_starts_are_parted_by_their_factor_and_zeros_take_no_part():
    cells = pd.DataFrame(
        {
            "kind": ["other"] * 4 + ["zeros"],
            "factor": [0.7, 1.4, 0.69, np.nan, 0.0],
            "accuracy": [0.9, 0.8, 0.2, 0.5, 0.1],
        }
    )
    inside, outside = facts.by_factor(cells)
    assert inside == facts.Range(2, 0.8, 0.9, (0.7, 1.4))
    assert outside == facts.Range(1, 0.2, 0.2, (0.69, 0.69))
