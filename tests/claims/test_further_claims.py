"""Claims that compare two starts seed by seed, and those that need starts of their own: what makes each hold and fail."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from initbench.claims import CLAIMS
from initbench.claims.compared import Difference, difference
from initbench.claims.evidence import evidence_of
from initbench.claims.verdicts import verdict_of
from initbench.schemes.truncated_normal import TRUNCATED_STD
from initbench.study.cells import RUN, SCORING

SEEDS, LN_K = 6, np.log(10)
UNCUT = {"he_truncated_normal": "he_normal", "truncated_normal(std=0.1768)": "he_normal"}
STARTS = {  # normalisation → schemes of every block
    "none": ["zeros", "gaussian(0,bias_variance=1)", "gaussian(8)", "he_normal", "he_normal_fan_out", "torch_default", "xavier_tanh",
             "lecun_truncated_normal", "sklearn_default", *UNCUT],
    "batch": ["he_normal", "zero_gamma"],
}  # fmt: skip
REGIMES = {"zeros": "zero", "gaussian(0,bias_variance=1)": "zero", "gaussian(8)": "exploding"}


def made_up(accuracy=0.9, status="trained", loss=None):
    """runs, history and signal of relu networks of 6 hidden layers of 64 units; arguments: a value or {scheme: value}.

    Accuracies but those of he_normal scatter by 0.001 over seeds: of differences that are all alike there is no interval.
    """
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

    scatter = 0.001 * np.where(frame["seed"] % 2, 1, -1) * frame["scheme"].ne("he_normal")
    runs = frame.assign(
        test_accuracy=values(accuracy, 0.9) + scatter, status=values(status, "trained"), steps=400, selected=True
    )
    history = frame.assign(step=0, train_loss=values(loss or {}, LN_K))
    signal = frame.assign(step=0, gradient_regime=frame["scheme"].map(REGIMES).fillna("stable"))
    return {"runs": runs, "history": history, "signal": signal}


LARGE = {"gaussian(8)": 9.0}
WORSE = dict.fromkeys(["torch_default", "xavier_tanh", "lecun_truncated_normal", "sklearn_default"], 0.8)
FLIPS = {  # claim → (what makes it hold everywhere, what makes it fail everywhere)
    "zero-weights-never-learn": ({"status": {"gaussian(0,bias_variance=1)": "stalled"}}, {}),
    "loss-at-start": ({"loss": LARGE}, {"loss": dict.fromkeys([*STARTS["none"][3:], "zero_gamma"], 3.0)}),
    "fan-in-or-fan-out": ({}, {"accuracy": {"he_normal_fan_out": 0.88}}),
    "framework-defaults": ({}, {"accuracy": WORSE}),
    "default-costs": ({"accuracy": WORSE}, {}),
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
    """One seed has no interval: what is compared seed by seed then cannot be told; no claim raises."""
    frames = made_up()
    alone = as_tables({key: frame[frame["scheme"] == "he_normal"] for key, frame in frames.items()})
    assert CLAIMS[name].function(alone) == []
    found = CLAIMS[name].function(as_tables({key: frame[frame["seed"] == 0] for key, frame in frames.items()}))
    paired = name not in ("zero-weights-never-learn", "loss-at-start")
    assert (verdict_of(found).name == "cannot be told") == paired
    assert "nan" not in evidence_of(found, "en")


@pytest.mark.parametrize(
    "name", ["fan-in-or-fan-out", "truncation-matters", "framework-defaults", "default-costs", "zero-gamma"]
)
def test_what_cannot_be_told_is_neither_the_same_nor_a_difference(as_tables, name):
    """Mean differences of 0 that scatter by 0.05 a seed: within ±0.01 or not, six seeds cannot say."""
    frames = made_up()
    noisy = frames["runs"]["scheme"].ne("he_normal")
    sign = np.where(frames["runs"]["seed"] % 2, 1, -1)
    frames["runs"] = frames["runs"].assign(test_accuracy=0.9 + 0.05 * sign * noisy)
    found = CLAIMS[name].function(as_tables(frames))
    assert {cell.holds for cell in found} == {None}
    assert verdict_of(found).name == "cannot be told"
    assert evidence_of(found, "en").startswith(f"In none of {len(found)} cells can the runs tell.")


def test_cells_that_cannot_be_told_are_counted_apart(as_tables):
    """Three defaults that are as good as he_normal, and one that scatters."""
    frames = made_up()
    noisy = frames["runs"]["scheme"].eq("xavier_tanh")
    frames["runs"]["test_accuracy"] += 0.05 * np.where(frames["runs"]["seed"] % 2, 1, -1) * noisy
    found = CLAIMS["framework-defaults"].function(as_tables(frames))
    assert verdict_of(found).name == "supported"
    assert "Holds in all 3 cells" in evidence_of(found, "en")
    assert "In 1 more the runs cannot tell." in evidence_of(found, "en")


def _starts(gains):
    """Two starts, the first better by `gains` on seeds 0, 1, …; each has a seed that the other lacks."""
    seeds = np.arange(len(gains) + 1)
    other = pd.DataFrame({"seed": [*seeds[:-1][::-1], 99], "test_accuracy": 0.5})
    return pd.DataFrame({"seed": seeds, "test_accuracy": 0.5 + np.append(gains, 0.3)}), other


def test_a_paired_difference_has_the_interval_that_the_sign_flip_test_leaves():
    """No centre inside is rejected at 0.05, and those beyond are: by the mean's place among all 2^7 of flipped signs."""
    gains = np.array([0.01, -0.02, 0.03, 0.05, 0.002, 0.04, 0.013])
    found = difference(*_starts(gains))
    assert (found.mean, found.seeds) == (pytest.approx(gains.mean()), 7)
    signs = np.array(list(product([-1, 1], repeat=7)))

    def p(centre):
        return np.mean(np.abs(signs @ (gains - centre)) >= abs((gains - centre).sum()) - 1e-12)

    low, high = found.interval
    assert all(p(centre) > 0.05 for centre in (low + 1e-6, found.mean, high - 1e-6))
    assert max(p(low - 1e-6), p(high + 1e-6)) <= 0.05


def test_few_seeds_and_seeds_that_agree_have_no_interval_and_no_verdict():
    """Five seeds cannot reach 95 % (p ≥ 1/16), and a width of zero says nothing of a further seed."""
    for gains in ([0.001, 0.002, 0.0, 0.003, 0.001], [0.002] * 8, [0.0] * 8):
        found = difference(*_starts(gains))
        assert (found.interval, found.same, found.good_enough) == (None, None, None)
    start, other = _starts([0.1])
    assert difference(start[1:], other) is None


@pytest.mark.parametrize(
    ("low", "high", "same", "good_enough"),
    [
        (-0.009, 0.009, True, True), (-0.02, 0.009, None, None), (-0.009, 0.03, None, True), (0.02, 0.03, False, True),
        (-0.03, -0.02, False, False),
    ],
)  # fmt: skip
def test_an_interval_says_the_same_or_different_only_where_it_lies_on_one_side(low, high, same, good_enough):
    found = Difference((low + high) / 2, (low, high), 10)
    assert (found.same, found.good_enough) == (same, good_enough)


def test_a_cut_normal_is_compared_with_the_uncut_one_of_its_std_in_the_hidden_layers(as_tables):
    """0.1768 is √(2/64): he_normal's std in layers of 64 units, and of no normal scheme in layers of 32."""
    claim = CLAIMS["truncation-matters"]
    cells = [found.cell["scheme"] for found in claim.function(as_tables(made_up()))]
    assert sorted(cells) == ["he_truncated_normal", "truncated_normal(std=0.1768)"]
    narrower = {name: frame.assign(width=32) for name, frame in made_up().items()}
    assert [found.cell["scheme"] for found in claim.function(as_tables(narrower))] == ["he_truncated_normal"]
    assert f"{TRUNCATED_STD**2:.3f}" in claim.texts["en"].rule


def test_a_default_is_compared_with_the_start_of_its_activation_and_never_with_itself(as_tables):
    """Keras's default is the start that was derived for tanh; the same under its own label is the same start."""
    frames = {name: frame.assign(activation="tanh") for name, frame in made_up().items()}
    others = {"torch_default", "lecun_truncated_normal", "sklearn_default"}
    for label in ("xavier_tanh", "keras_default"):
        frames["runs"]["scheme"] = frames["runs"]["scheme"].replace("xavier_tanh", label)
        found = CLAIMS["default-costs"].function(as_tables(frames))
        assert {cell.cell["scheme"] for cell in found} == others
        assert {quantity.text for cell in found for quantity in cell.measured if quantity.name == "compared_with"} == {
            label
        }
    assert CLAIMS["framework-defaults"].function(as_tables(frames)) == []
    shallow = made_up()["runs"].assign(depth=1)
    assert len(CLAIMS["default-costs"].function(as_tables({"runs": shallow}))) == len(others) + 1


def test_zero_weights_with_equal_biases_are_another_start(as_tables):
    """constant(0,bias=0.1) leaves all units equal: no cell of a claim on random biases."""
    frames = made_up()
    frames["runs"]["scheme"] = frames["runs"]["scheme"].replace("gaussian(0,bias_variance=1)", "constant(0,bias=0.1)")
    assert CLAIMS["zero-weights-never-learn"].function(as_tables(frames)) == []
