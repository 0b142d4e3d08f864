"""Other numbers give another verdict: for each claim a change that makes it hold everywhere, and one that makes it fail."""

import pandas as pd
import pytest
from small_study import IDS, change

from initbench.claims import CLAIMS
from initbench.claims.verdicts import verdict_of


def spread_over_starts(normalization):
    """Four seeds, on all of which the starts of one arm differ, while those of the other do not."""

    def apply(tables, as_tables):
        runs = tables.read("runs")
        score = 0.5 + runs["normalization"].eq(normalization) * runs["scheme"].str.len() / 99
        runs = runs.assign(test_accuracy=score, status="slow")
        return as_tables({"runs": pd.concat([runs, runs.assign(seed=runs["seed"] + 2)])}, **tables.paths)

    return apply


FIRST = "step == 0 and layer <= depth"
GEOMETRIC = {"delta_rms_gaussian": lambda f: 0.5 ** f["layer"].astype(float)}
POWER_LAW = {"delta_rms_gaussian": lambda f: 1e-30 ** (1 / f["layer"].astype(float))}
KEPT = {"delta_rms_gaussian": 1.0, "preactivation_second_moment": 1.0}
HALVED = {"delta_rms_gaussian": 1.0, "preactivation_second_moment": lambda f: 0.5 ** f["layer"].astype(float)}
FLIPS = {  # claim → (what makes it hold everywhere, what makes it fail everywhere)
    "zero-symmetry": (
        change("layers", "kind == 'zeros'", distinct_activations=1.0, distinct_gradients=1.0),
        change("layers", "kind == 'zeros' and step == 2", distinct_gradients=16.0),
    ),
    "zero-constant-output": (
        change("layers", "kind == 'zeros'", activation_std_over_inputs=0.0),
        change("layers", "kind == 'zeros'", activation_mean=0.1),
    ),
    "zero-gradient": (
        change("layers", "kind == 'zeros'", weight_norm=0.0, delta_rms_gaussian=0.0),
        change("layers", "kind == 'zeros' and step == 2", weight_norm=1e-5),
    ),
    "zero-derivative": (
        change("layers", "scheme == 'small_normal'", delta_rms_gaussian=1e-9),
        change("layers", "scheme == 'small_normal'", delta_rms_gaussian=1.0),
    ),
    "zero-stalls": (
        change("runs", "kind == 'zeros'", status="stalled"),
        change("runs", "kind == 'zeros' and seed == 1", status="slow"),
    ),
    "zero-performance": (
        change("runs", "kind == 'zeros'", test_accuracy=-0.2, status="stalled"),
        change("runs", "kind == 'zeros'", test_accuracy=0.9),
    ),
    "constant-symmetry": (
        change("layers", "kind == 'constant'", distinct_activations=1.0, distinct_gradients=1.0),
        change("layers", "kind == 'constant' and layer == 3", distinct_activations=16.0),
    ),
    "constant-performance": (
        change("runs", "kind == 'constant'", test_accuracy=-0.2, status="diverged"),
        change("runs", "kind == 'constant'", status="slow"),
    ),
    "constant-output": (
        change("layers", "kind == 'constant'", activation_std_over_inputs=0.0),
        change("layers", "kind == 'constant'", activation_std_over_inputs=1.0, activation_second_moment=1.0),
    ),
    "constant-vanishes": (
        change("signal", "kind == 'constant'", gradient_regime="zero"),
        change("signal", "kind == 'constant'", gradient_regime="stable"),
    ),
    "constant-explodes": (
        change("signal", "kind == 'constant'", gradient_regime="exploding"),
        change("signal", "kind == 'constant'", gradient_regime="zero"),
    ),
    "geometric-law": (change("layers", FIRST, **GEOMETRIC), change("layers", FIRST, **POWER_LAW)),
    "vanishing-stalls": (change("runs", "depth > 0", status="stalled"), change("runs", "depth > 0", status="slow")),
    "exploding-unstable": (
        change("runs", "depth > 0", status="diverged"),
        change("history", "depth > 0", train_loss=1.0),
    ),
    "random-breaks-symmetry": (
        change("layers", "scheme == 'small_normal'", distinct_weights=16.0, distinct_activations=16.0, distinct_gradients=16.0),
        change("layers", "scheme == 'small_normal' and layer == 1", distinct_weights=15.0),
    ),
    "small-normal-depth": (
        change("signal", "scheme == 'small_normal'", gradient_regime="vanishing"),
        change("signal", "scheme == 'small_normal'", gradient_regime="stable"),
    ),
    "xavier-sigmoid": (change("layers", FIRST, **KEPT), change("layers", FIRST, **HALVED)),
    "xavier-tanh": (change("layers", FIRST, **KEPT), change("layers", FIRST, **GEOMETRIC)),
    "he-relu": (change("layers", FIRST, **KEPT), change("layers", FIRST, **HALVED)),
    "batchnorm-normalises": (
        change("layers", FIRST, preactivation_mean=0.0, preactivation_std=1.0),
        change("layers", FIRST, preactivation_std=1.2),
    ),
    "batchnorm-robust": (
        spread_over_starts("none"),
        spread_over_starts("batch"),
    ),
    "recommended-gradients": (
        change("signal", "depth > 1", gradient_regime="stable"),
        change("signal", "depth > 1", gradient_regime="exploding"),
    ),
    "recommended-train": (
        change("runs", "kind == 'other'", status="trained"),
        change("runs", "depth > 0", status="trained"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", IDS)
def test_other_numbers_give_another_verdict(study, as_tables, name):
    declared = CLAIMS[name]
    held, failed = (declared.function(perturb(study, as_tables)) for perturb in FLIPS[name])
    assert verdict_of(held).name == "supported"
    assert verdict_of(failed).name == "refuted"
