"""Which scheme to take: the best, those shown to be as good, the worse ones, and what cannot be told."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import FULL, STUDIES, analysed, study

LISTS = ["as_good", "undecided", "worse"]


def one_block(accuracies: dict) -> pd.DataFrame:
    """A study of one block with the given test accuracies by scheme, one a seed."""
    seeds = len(next(iter(accuracies.values())))
    runs = study(schemes=tuple(accuracies), seeds=seeds, depths=(1,), activations=("relu",), rates=(0.1,))
    given = {(scheme, seed): value for scheme, values in accuracies.items() for seed, value in enumerate(values)}
    keys = zip(runs["scheme"], runs["seed"], strict=True)
    return runs.assign(test_accuracy=[given[key] for key in keys])


def lists(row) -> list:
    return [row[name].split(" | ") if isinstance(row[name], str) else [] for name in LISTS]


@pytest.mark.parametrize("kind", STUDIES)
def test_every_scheme_of_a_block_is_named_once(kind, tmp_path):
    runs = STUDIES[kind]
    for row in analysed("best", runs, tmp_path).to_dict("records"):
        if isinstance(row["best"], str):
            named = [*row["best"].split(" | "), *(name for names in lists(row) for name in names)]
            assert sorted(named) == sorted(set(runs["scheme"]) & set(named))
            assert len(named) == len(set(named))


def test_a_scheme_that_leads_by_far_is_the_best_for_sure_and_all_others_are_worse(tmp_path):
    """he_normal is ahead by 0.05 in every block, 2.5 standard deviations of a run."""
    table = analysed("best", FULL, tmp_path)
    assert set(table["best"]) == {"he_normal"}
    assert (table["how_sure"] > 0.99).all()
    assert (table["spread"] > 0.1).all()
    assert [lists(row)[2] for row in table.to_dict("records")] == [["xavier_tanh", "small_normal", "zeros"]] * 4


def test_tied_schemes_are_all_named_whatever_the_last_bit_says(tmp_path):
    right = np.array([349, 350, 348, 351, 349, 350, 348, 350, 349, 349])  # 3493 of 3600 in sum, and so are those below
    other = right[::-1] + np.array([1, -1] * 5)
    assert (right / 360).mean() != (other / 360).mean()  # by rounding alone
    runs = one_block({"he_normal": right / 360, "orthogonal": other / 360, "zeros": np.full(10, 0.1)})
    row = analysed("best", runs, tmp_path).iloc[0]
    assert sorted(row["best"].split(" | ")) == ["he_normal", "orthogonal"]
    assert lists(row) == [[], [], ["zeros"]]


def test_schemes_that_are_not_told_from_the_best_for_want_of_seeds_are_not_as_good(tmp_path):
    """Nine at 0.1 beside one at 0.95: eight seeds are enough, and with four the note says that nothing can be shown."""
    for seeds, expected in ((8, 2), (4, 1)):
        level = 0.002 * np.arange(seeds)
        runs = one_block({"he_normal": 0.95 + level} | {f"constant({i})": np.full(seeds, 0.1) for i in range(1, 10)})
        row = analysed("best", runs, tmp_path).iloc[0]
        assert row["best"] == "he_normal"
        assert [len(names) for names in lists(row)] == [9 * (i == expected) for i in range(3)]
        assert (row["note"] is not None and "4 seeds can show no scheme" in str(row["note"])) == (seeds == 4)


def test_what_is_as_good_depends_on_noise_and_not_on_the_distance_alone(tmp_path):
    """Two schemes that are 0.005 behind, by nearly as much on every seed, or by anything from −0.06 to 0.05.

    Where the second may well be the best by more than the margin, nothing else is shown to be within the margin of the best.
    """
    rng = np.random.default_rng(0)
    first = 0.93 + 0.01 * rng.standard_normal(10)
    steady = first - 0.005 + 0.0005 * rng.permutation(np.linspace(-1, 1, 10))
    shaky = first - 0.005 + 0.055 * rng.permutation(np.linspace(-1, 1, 10))
    row = analysed("best", one_block({"he_normal": first, "orthogonal": steady}), tmp_path).iloc[0]
    assert lists(row) == [["orthogonal"], [], []]
    assert row["how_sure"] > 0.999
    row = analysed("best", one_block({"he_normal": first, "sparse": shaky}), tmp_path).iloc[0]
    assert lists(row) == [[], ["sparse"], []]
    row = analysed("best", one_block({"he_normal": first, "orthogonal": steady, "sparse": shaky}), tmp_path).iloc[0]
    assert lists(row)[:2] == [[], ["sparse"]]
    assert 0.5 < row["how_sure"] < 0.95


def test_regions_are_shares_of_the_blocks_by_the_difference_of_means(tmp_path):
    runs = FULL.assign(test_accuracy=0.5)
    ahead = (runs["scheme"] == "he_normal") & (runs["depth"] == 2)
    runs.loc[ahead, "test_accuracy"] += 0.02
    runs.loc[(runs["scheme"] == "he_normal") & (runs["depth"] == 10), "test_accuracy"] += 0.01  # rope exactly
    table = analysed("equivalence", runs, tmp_path).set_index(["scope", "scheme", "other"])
    regions = ["worse", "within", "better", "blocks"]
    assert table.loc[("all", "he_normal", "zeros"), regions].to_list() == [0, 0.5, 0.5, 4]
    assert table.loc[("depth=2", "he_normal", "zeros"), regions].to_list() == [0, 0, 1, 2]
    assert table.loc[("all", "small_normal", "xavier_tanh"), regions].to_list() == [0, 1, 0, 4]
    absent = analysed("equivalence", STUDIES["disjoint seeds"], tmp_path).set_index(["scope", "scheme", "other"])
    row = absent.loc[("all", "he_normal", "zeros")]
    assert row["blocks"] == 0
    assert row[regions[:3]].isna().all()
    assert row["note"] == "no block has both at one seed"
