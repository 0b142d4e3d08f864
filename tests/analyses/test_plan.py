"""A plan from the study's own spread."""

import numpy as np
import pytest
from made_up_studies import FULL, STUDIES, analysed, study

from initbench.analyses.plan import planned_seeds
from initbench.statistics.plan import seeds_to_show


def test_the_plan_uses_the_paired_deviation_of_the_block_and_holms_first_step(tmp_path):
    table = analysed("plan", FULL, tmp_path)
    cell = FULL[FULL["selected"] & (FULL["activation"] == "relu") & (FULL["depth"] == 2)]
    wide = cell.pivot(index="seed", columns="scheme", values="test_accuracy")
    row = table.query("activation == 'relu' and depth == 2 and scheme == 'zeros'").iloc[0]
    assert row["deviation"] == pytest.approx(np.std(wide["zeros"] - wide["xavier_tanh"], ddof=1))
    assert row["seeds_to_differ"] == seeds_to_show(float(f"{0.01 / row['deviation']:.4g}"), 0.05 / 3)


def test_a_noisier_study_needs_four_times_the_seeds_for_twice_the_spread(tmp_path):
    few, many = (analysed("plan", study(spread=spread), tmp_path)["seeds_to_differ"].mean() for spread in (0.02, 0.04))
    assert many / few == pytest.approx(4, rel=0.2)


def test_the_plan_in_few_numbers(tmp_path):
    table = analysed("plan", FULL, tmp_path)
    found = planned_seeds(table, 10)
    assert (found["difference"], found["comparisons"]) == (0.01, len(table))
    assert found["middle"] == round(table["seeds_to_differ"].median())
    assert found["suffice"] == (table["seeds_to_differ"] <= 10).sum()
    assert planned_seeds(analysed("plan", STUDIES["all tied"], tmp_path), 10) is None
    assert planned_seeds(analysed("plan", STUDIES["one seed"], tmp_path), 1) is None
