"""Claims that compare two starts seed by seed, and those that need starts of their own: what makes each hold and fail."""

import numpy as np
import pandas as pd
import pytest

from initbench.claims import CLAIMS
from initbench.claims.compared import Difference, difference
from initbench.claims.random_biases import has_random_biases_alone
from initbench.claims.verdicts import judge_claims, verdict_of
from initbench.schemes.truncated_normal import TRUNCATED_STD
from initbench.study.cells import RUN, SCORING

SEEDS, LN_K = 6, np.log(10)
UNCUT = {"he_truncated_normal": "he_normal", "truncated_normal(std=0.1768)": "he_normal"}
STARTS = {  # normalisation → schemes of every block
    "none": ["zeros", "gaussian(0,bias_variance=1)", "gaussian(8)", "he_normal", "he_normal_fan_out", "torch_default", "xavier_tanh",
             "lecun_truncated_normal", *UNCUT],
    "batch": ["he_normal", "zero_gamma"],
}  # fmt: skip
REGIMES = {"zeros": "zero", "gaussian(0,bias_variance=1)": "zero", "gaussian(8)": "exploding"}


def made_up(accuracy=0.9, status="trained", loss=None):
    """runs, history and signal of relu networks of 6 hidden layers of 64 units; arguments: a value or {scheme: value}."""
    cells = [(norm, scheme, seed) for norm, schemes in STARTS.items() for scheme in schemes for seed in range(SEEDS)]
    frame = pd.DataFrame(cells, columns=["normalization", "scheme", "seed"]).assign(
        dataset="digits",
        architecture="mlp",
        width=64,
        depth=6,
        activation="relu",
        optimizer="sgd",
        learning_rate=0.1,
        role=SCORING,
    )[[*RUN]]

    def values(given, default):
        return frame["scheme"].map(given).fillna(default) if isinstance(given, dict) else given

    runs = frame.assign(test_accuracy=values(accuracy, 0.9), status=values(status, "trained"), steps=400, selected=True)
    history = frame.assign(step=0, train_loss=values(loss or {}, LN_K))
    signal = frame.assign(step=0, gradient_regime=frame["scheme"].map(REGIMES).fillna("stable"))
    return {"runs": runs, "history": history, "signal": signal}


LARGE = {"gaussian(8)": 9.0}
WORSE = dict.fromkeys(["torch_default", "xavier_tanh", "lecun_truncated_normal"], 0.8)
FLIPS = {  # claim → (what makes it hold everywhere, what makes it fail everywhere)
    "zero-weights-never-learn": ({"status": {"gaussian(0,bias_variance=1)": "stalled"}}, {}),
    "loss-at-start": ({"loss": LARGE}, {"loss": dict.fromkeys([*STARTS["none"][3:], "zero_gamma"], 3.0)}),
    "fan-in-or-fan-out": ({}, {"accuracy": {"he_normal_fan_out": 0.88}}),
    "framework-defaults": ({}, {"accuracy": WORSE}),
    "truncation-matters": ({"accuracy": dict.fromkeys(UNCUT, 0.8)}, {"accuracy": dict.fromkeys(UNCUT, 0.895)}),
    "zero-gamma": ({}, {"accuracy": {"zero_gamma": 0.5}}),
}  # fmt: skip


@pytest.mark.parametrize("name", FLIPS)
def test_other_numbers_give_another_verdict(as_tables, name):
    held, failed = (CLAIMS[name].function(as_tables(made_up(**numbers))) for numbers in FLIPS[name])
    assert verdict_of(held).name == "supported"
    assert verdict_of(failed).name == "refuted"
    assert len(held) == len(failed) > 0


@pytest.mark.parametrize("name", FLIPS)
def test_a_study_without_the_starts_or_with_one_seed_says_nothing_false(as_tables, name):
    """One seed has no standard error: what is compared seed by seed is then not tested; no claim raises."""
    frames = made_up()
    alone = as_tables({key: frame[frame["scheme"] == "he_normal"] for key, frame in frames.items()})
    assert CLAIMS[name].function(alone) == []
    row = judge_claims(
        as_tables({key: frame[frame["seed"] == 0] for key, frame in frames.items()}), [CLAIMS[name]]
    ).iloc[0]
    paired = name not in ("zero-weights-never-learn", "loss-at-start")
    assert (row["verdict"] == "not tested") == paired
    assert "nan" not in row["evidence"]


def test_what_cannot_be_told_is_neither_the_same_nor_a_difference(as_tables):
    """A mean difference of 0 that scatters by 0.05 a seed: not shown to be the same, not shown to matter."""
    frames = made_up()
    noisy = frames["runs"]["scheme"].isin(["he_normal_fan_out", *UNCUT])
    sign = np.where(frames["runs"]["seed"] % 2, 1, -1)
    frames["runs"] = frames["runs"].assign(test_accuracy=0.9 + 0.05 * sign * noisy)
    tables = as_tables(frames)
    for name in ("fan-in-or-fan-out", "truncation-matters"):
        assert verdict_of(CLAIMS[name].function(tables)).name == "refuted"


def test_a_paired_difference_is_a_mean_with_its_standard_error():
    start = pd.DataFrame({"seed": [0, 1, 2, 5], "test_accuracy": [0.9, 0.8, 0.7, 0.1]})
    other = pd.DataFrame({"seed": [2, 1, 0, 7], "test_accuracy": [0.6, 0.6, 0.9, 0.5]})
    found = difference(start, other)
    assert found.mean == pytest.approx(0.1)
    assert found.error == pytest.approx(0.1 / np.sqrt(3))
    assert found.seeds == 3
    assert str(Difference(-0.0123, 0.004, 10)) == "-0.012 ± 0.004 (standard error over 10 seeds)"
    assert difference(start[:1], other) is None


def test_a_cut_normal_is_compared_with_the_uncut_one_of_its_std_in_the_hidden_layers(as_tables):
    """0.1768 is √(2/64): he_normal's std in layers of 64 units, and of no normal scheme in layers of 32."""
    claim = CLAIMS["truncation-matters"]
    cells = [found.cell["scheme"] for found in claim.function(as_tables(made_up()))]
    assert sorted(cells) == ["he_truncated_normal", "truncated_normal(std=0.1768)"]
    narrower = {name: frame.assign(width=32) for name, frame in made_up().items()}
    assert [found.cell["scheme"] for found in claim.function(as_tables(narrower))] == ["he_truncated_normal"]
    assert f"{TRUNCATED_STD**2:.3f}" in claim.rule


def test_random_biases_alone():
    assert has_random_biases_alone("gaussian(0,bias_variance=1)")
    assert not has_random_biases_alone("gaussian(0)")
    assert not has_random_biases_alone("gaussian(1,bias_variance=1)")
    assert not has_random_biases_alone("zeros")
