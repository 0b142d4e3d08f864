"""Many blocks and many looks: what they make of adjusted p."""

import numpy as np
import pandas as pd
import pytest
from made_up_studies import FULL, STUDIES, analysed, study

from initbench.analyses import Settings
from initbench.analyses.comparisons import false_blocks


def by_hand(p: np.ndarray) -> np.ndarray:
    """min over k ≥ i of p_(k) · m · (1 + 1/2 + … + 1/m) / k, as Benjamini & Yekutieli (2001) adjust."""
    m, order = len(p), np.argsort(p)
    ordered = p[order] * m * sum(1 / k for k in range(1, m + 1)) / np.arange(1, m + 1)
    adjusted = np.empty(m)
    adjusted[order] = [min(1.0, ordered[k:].min()) for k in range(m)]
    return adjusted


def test_p_over_blocks_are_those_of_benjamini_and_yekutieli_over_the_blocks_of_a_network(tmp_path):
    wide = FULL.assign(width=32, test_accuracy=FULL["test_accuracy"] * (1 + (FULL["seed"] % 2) * 0.3))
    table = analysed("comparisons", pd.concat([FULL, wide]), tmp_path)
    for _, network in table.groupby("width"):
        assert len(network) == 3 * 4
        assert network["p_over_blocks"].to_numpy() == pytest.approx(by_hand(network["p"].to_numpy()))


def test_every_adjusted_p_counts_the_looks_that_are_planned(tmp_path):
    for name in ("comparisons", "pooled_comparisons", "scheme_pairs", "outcome_comparisons"):
        once, thrice = (analysed(name, FULL, tmp_path, Settings("xavier_tanh", looks=n)) for n in (1, 3))
        for column in [column for column in once if column.endswith("p_adjusted") or column == "p_over_blocks"]:
            assert thrice[column].to_numpy() == pytest.approx(np.minimum(3 * once[column].to_numpy(), 1), nan_ok=True)
        assert thrice["p"].equals(once["p"])


def test_more_looks_than_the_seeds_can_carry_are_noted(tmp_path):
    table = analysed("comparisons", study(seeds=8), tmp_path, Settings("xavier_tanh", looks=3))
    assert table["note"].str.contains("3 compared at once and 3 looks leave no p_adjusted below").all()


def test_how_many_blocks_would_show_a_false_difference_at_most(tmp_path):
    many = false_blocks(analysed("comparisons", FULL, tmp_path))
    assert (many["blocks"], many["tested"]) == (4, 12)
    assert many["expected"] == pytest.approx(0.2)
    assert 0 < many["kept"] <= many["shown"] <= 12
    assert false_blocks(analysed("comparisons", STUDIES["three seeds"], tmp_path)) is None
    assert false_blocks(analysed("comparisons", STUDIES["empty"], tmp_path)) is None
