"""γ = 0 at the end of residual branches, and whether starts matter less with shortcuts: what makes each hold and fail."""

import numpy as np
import pandas as pd
import pytest

from initbench.claims import CLAIMS
from initbench.claims.measures import with_scheme
from initbench.claims.verdicts import verdict_of

SEEDS = 8
STARTS = ["he_normal", "orthogonal", "lecun_normal", "xavier_tanh", "xavier_sigmoid", "small_normal"]


def runs(accuracies, architecture="residual_mlp", depth=11, normalization="batch"):
    """A run a seed and scheme; accuracies: {scheme: (seeds,) or one for all}. Below 0.2 a run is stalled."""
    rng = np.random.default_rng(0)
    rows = [
        {"dataset": "digits", "architecture": architecture, "width": 64, "depth": depth, "activation": "relu", "optimizer": "sgd",
         "normalization": normalization, "scheme": scheme, "role": "scoring", "learning_rate": 0.1, "seed": seed, "steps": 400,
         "status": "trained" if value > 0.2 else "stalled", "selected": True, "test_accuracy": float(value)}
        for scheme, values in accuracies.items()
        for seed, value in enumerate(np.broadcast_to(values, SEEDS) + 0.001 * rng.standard_normal(SEEDS))
    ]  # fmt: skip
    return with_scheme(pd.DataFrame(rows))


def judged(name, as_tables, *frames):
    return CLAIMS[name].function(as_tables({"runs": pd.concat(frames, ignore_index=True)}))


@pytest.mark.parametrize(("gain", "verdict"), [(0.02, "supported"), (0.0, "refuted"), (-0.05, "refuted")])
@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
def test_zero_gamma_helps_if_its_gain_is_surely_above_zero(as_tables, architecture, gain, verdict):
    found = judged("zero-gamma-residual", as_tables, runs({"he_normal": 0.9, "zero_gamma": 0.9 + gain}, architecture))
    assert verdict_of(found).name == verdict
    assert found[0].cell["architecture"] == architecture


def test_a_gain_that_can_be_either_cannot_be_told(as_tables):
    scattered = 0.9 + 0.05 * np.where(np.arange(SEEDS) % 2, 1, -1)
    found = judged("zero-gamma-residual", as_tables, runs({"he_normal": 0.9, "zero_gamma": scattered}))
    assert [cell.holds for cell in found] == [None]


@pytest.mark.parametrize("other", [{"depth": 8}, {"architecture": "mlp"}, {"normalization": "none"}])
def test_networks_of_few_branches_or_without_normalisation_are_no_cells(as_tables, other):
    assert judged("zero-gamma-residual", as_tables, runs({"he_normal": 0.9, "zero_gamma": 0.95}, **other)) == []


def test_residual_networks_are_no_cells_of_the_claim_on_plain_ones(as_tables):
    frames = [
        runs({"he_normal": 0.9, "zero_gamma": 0.9}, name) for name in ("mlp", "residual_mlp", "residual_mlp_preact")
    ]
    assert [cell.cell["architecture"] for cell in judged("zero-gamma", as_tables, *frames)] == ["mlp"]


WIDE, NARROW = (dict(zip(STARTS, np.linspace(0.95, low, 6), strict=True)) for low in (0.5, 0.93))


@pytest.mark.parametrize(("plain", "residual", "verdict"), [(WIDE, NARROW, "supported"), (NARROW, WIDE, "refuted")])
def test_starts_matter_less_where_they_differ_less(as_tables, plain, residual, verdict):
    frames = [runs(plain, "mlp", normalization="none"), runs(residual, normalization="none")]
    found = judged("shortcuts-robust", as_tables, *frames)
    assert verdict_of(found).name == verdict
    assert [cell.cell["architecture"] for cell in found] == ["residual_mlp"]
    assert (found[0].number > 0) == (verdict == "supported")


def test_each_kind_of_shortcut_is_compared_with_plain_networks_of_its_own_depth(as_tables):
    frames = [
        runs(WIDE, "mlp"),
        runs(NARROW),
        runs(NARROW, "residual_mlp_preact"),
        runs(NARROW, depth=21),
        runs(WIDE, "mlp", 3),
        runs(NARROW, depth=3),
    ]
    found = judged("shortcuts-robust", as_tables, *frames)
    assert {(cell.cell["architecture"], cell.cell["depth"]) for cell in found} == {
        ("residual_mlp", 11),
        ("residual_mlp_preact", 11),
    }


def test_plain_networks_that_no_start_trains_say_nothing(as_tables):
    stalled = dict.fromkeys(STARTS, 0.1)
    assert judged("shortcuts-robust", as_tables, runs(stalled, "mlp"), runs(WIDE)) == []
