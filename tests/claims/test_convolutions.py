"""He's start with the channels alone as fan-in: what makes the claim on it hold and fail."""

import numpy as np
import pandas as pd
import pytest

from initbench.claims import CLAIMS
from initbench.claims.convolutions import CHANNELS_ALONE
from initbench.claims.measures import with_scheme
from initbench.claims.verdicts import verdict_of
from initbench.schemes import Layer
from initbench.schemes.label import parse_scheme

SEEDS = 8


def runs(shortfall, **other):
    """A run a seed of both starts; shortfall: of the one with the channels alone, of each seed or of all."""
    rng, short = np.random.default_rng(0), np.broadcast_to(shortfall, SEEDS)
    alike = {"dataset": "digits", "architecture": "convnet", "width": 8, "depth": 8, "activation": "relu",
             "optimizer": "sgd", "normalization": "none", "role": "scoring", "learning_rate": 0.1, "steps": 100, "status": "trained",
             "selected": True}  # fmt: skip
    rows = [
        alike
        | other
        | {"scheme": scheme, "seed": seed, "test_accuracy": 0.9 - less[seed] + 0.001 * rng.standard_normal()}
        for scheme, less in (("he_normal", np.zeros(SEEDS)), (CHANNELS_ALONE, short))
        for seed in range(SEEDS)
    ]
    return with_scheme(pd.DataFrame(rows))


def judged(as_tables, frame):
    return CLAIMS["receptive-field-fans"].function(as_tables({"runs": frame}))


@pytest.mark.parametrize(("shortfall", "verdict"), [(0.05, "supported"), (0.0, "refuted"), (-0.05, "refuted")])
def test_it_holds_if_accuracy_is_surely_lost(as_tables, shortfall, verdict):
    found = judged(as_tables, runs(shortfall))
    assert verdict_of(found).name == verdict
    assert found[0].number == pytest.approx(shortfall, abs=0.002)


def test_what_scatters_cannot_be_told(as_tables):
    assert [cell.holds for cell in judged(as_tables, runs(0.05 * np.resize([1, -1], SEEDS)))] == [None]


@pytest.mark.parametrize(
    "other", [{"architecture": "mlp"}, {"activation": "tanh"}, {"normalization": "batch"}, {"depth": 0}]
)
def test_other_networks_are_no_cells(as_tables, other):
    assert judged(as_tables, runs(0.05, **other)) == []


def test_the_start_is_hes_with_the_channels_as_fan_in():
    layer = Layer(9 * 20, 9 * 30, receptive_field=9)
    weight, bias = parse_scheme(CHANNELS_ALONE).variances(layer)
    assert weight == pytest.approx(2 / layer.channels)
    assert bias == 0
