"""Whether schemes' leads differ between activations, depths and normalisations: contrasts by hand, shares that add up."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import FULL, STUDIES, analysed, diverge, study

from initbench.analyses import Settings
from initbench.statistics.paired import sign_flip

REFERENCE = "xavier_tanh"


def deep_relu(runs: pd.DataFrame, by: float = 0.2) -> pd.DataFrame:
    """The runs, those of he_normal with relu at depth 10 better by so much."""
    here = (runs["scheme"] == "he_normal") & (runs["activation"] == "relu") & (runs["depth"] == 10)
    return runs.assign(test_accuracy=runs["test_accuracy"].where(~here, runs["test_accuracy"] + by))


def by_seed(runs: pd.DataFrame, scheme: str, activation: str, depth: int) -> np.ndarray:
    cell = runs[runs["selected"] & (runs["activation"] == activation) & (runs["depth"] == depth)]
    wide = cell.pivot(index="seed", columns="scheme", values="test_accuracy")
    return (wide[scheme] - wide[REFERENCE]).to_numpy()


def test_a_contrast_is_the_difference_of_two_leads_over_seeds_and_its_p_that_of_the_sign_flip_test(tmp_path):
    runs = deep_relu(study(schemes=("small_normal", REFERENCE, "he_normal")))
    table = analysed("interactions", runs, tmp_path)
    assert (
        len(table) == 2 * 2 + 2 * 2
    )  # schemes × (depths, one pair of activations; activations, one depth against the least)
    row = table.query("scheme == 'he_normal' and factor == 'activation' and depth == 10").iloc[0]
    assert (row["activation"], row["other"], row["n"]) == ("relu", "tanh", 10)
    relu, tanh = by_seed(runs, "he_normal", "relu", 10), by_seed(runs, "he_normal", "tanh", 10)
    assert row["difference"] == pytest.approx(relu.mean())
    assert row["other_difference"] == pytest.approx(tanh.mean())
    assert row["contrast"] == pytest.approx((relu - tanh).mean())
    assert row["p"] == pytest.approx(sign_flip(relu - tanh).p)
    assert row["low"] < row["contrast"] < row["high"]
    deep = table.query("scheme == 'he_normal' and factor == 'depth' and activation == 'relu'").iloc[0]
    assert (deep["depth"], deep["other"]) == (10, "2")
    assert deep["p_adjusted"] <= 0.05 < table.query("scheme == 'small_normal'")["p_adjusted"].min()


def test_an_interval_holds_zero_if_and_only_if_the_test_does_not_reject(tmp_path):
    for seeds in (6, 10):
        runs = deep_relu(study(seeds=seeds), 0.03)
        table = analysed("interactions", runs, tmp_path).dropna(subset=["low", "p"])
        assert ((table["p"] > 0.05) == ((table["low"] <= 0) & (table["high"] >= 0))).all()


def test_schemes_of_one_value_take_no_part(tmp_path):
    runs = pd.concat([FULL, FULL[FULL["scheme"] == "zeros"].assign(scheme="constant(0.1)", test_accuracy=0.1)])
    for name in ("interactions", "variance_shares"):
        pd.testing.assert_frame_equal(
            analysed(name, FULL[FULL["scheme"] != "zeros"], tmp_path), analysed(name, runs, tmp_path)
        )


def test_a_diverged_run_counts_as_accuracy_zero_and_a_seed_without_a_pair_does_not_count(tmp_path):
    gone = (FULL["scheme"] == "he_normal") & (FULL["depth"] == 10) & (FULL["activation"] == "relu")
    table = analysed("interactions", diverge(FULL, gone), tmp_path).query(
        "scheme == 'he_normal' and factor == 'activation'"
    )
    of_reference = FULL[
        FULL["selected"] & (FULL["scheme"] == REFERENCE) & (FULL["depth"] == 10) & (FULL["activation"] == "relu")
    ]
    assert table.query("depth == 10")["difference"].item() == pytest.approx(-of_reference["test_accuracy"].mean())
    fewer = analysed("interactions", FULL[~(gone & (FULL["seed"] < 3))], tmp_path).query(
        "scheme == 'he_normal' and depth == 10"
    )
    assert fewer.query("activation == 'relu'")["n"].to_list() == [7, 7]


def test_shares_add_up_and_name_the_interaction_that_was_put_in(tmp_path):
    flat = FULL.assign(test_accuracy=0.5)
    table = analysed("variance_shares", deep_relu(flat), tmp_path)
    assert table["share"].sum() == pytest.approx(1)
    of = table.set_index("source")["share"]
    three = 3 * 2 * 2  # one cell of these differs: every effect of its factors has a share by its degrees of freedom
    assert of["scheme"] == pytest.approx(2 / (three - 1))
    assert of["scheme × activation × depth"] == pytest.approx(2 / (three - 1))
    assert of["depth"] == pytest.approx(1 / (three - 1))
    assert of[["seed", "rest"]].to_list() == pytest.approx([0, 0])
    tied = analysed("variance_shares", flat, tmp_path)
    assert tied["share"].isna().all()
    assert (tied["note"] == "all runs score the same").all()


def test_shares_are_over_a_complete_grid_and_say_what_was_left_out(tmp_path):
    more = FULL[(FULL["scheme"] == "he_normal") & (FULL["depth"] == 2)].assign(scheme="orthogonal")
    table = analysed("variance_shares", pd.concat([FULL, more]), tmp_path)
    pd.testing.assert_frame_equal(
        table.drop(columns="note"), analysed("variance_shares", FULL, tmp_path).drop(columns="note")
    )
    assert table["note"].str.contains("scheme orthogonal").all()
    short = analysed("variance_shares", STUDIES["missing seed"], tmp_path)  # zeros lacks it: no random scheme does
    assert (short["seeds"] == 10).all()


def test_p_count_the_looks_that_are_planned(tmp_path):
    once, thrice = (
        analysed("interactions", deep_relu(FULL), tmp_path, Settings("xavier_tanh", looks=n)) for n in (1, 3)
    )
    assert thrice["p_adjusted"].to_numpy() == pytest.approx(np.minimum(3 * once["p_adjusted"].to_numpy(), 1))
    assert (thrice["p"] == once["p"]).all()
