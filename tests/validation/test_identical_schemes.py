"""Tables of studies in which all schemes are one scheme."""

import identical_schemes
import numpy as np
from identical_schemes import INTERVALS, TESTS

from initbench.statistics.proportions import clopper_pearson


def test_studies_of_identical_schemes_have_a_number_for_every_test_and_interval():
    frames = {name: [] for name in identical_schemes.READ}
    for tables in identical_schemes.studies(2, identical_schemes.made_up):
        for name, frame in tables.items():
            frames[name].append(frame)
    for table, p, family, whole in TESTS:
        count, n = identical_schemes.false_positives(frames[table], p, family, whole)
        assert clopper_pearson(count, n, 0.999)[0] <= 0.05, (table, p)
    for table, low, high, family, truth in INTERVALS:
        count, n = identical_schemes.coverage(frames[table], low, high, family, truth)
        assert n > 0, table
        assert clopper_pearson(count, n, 0.999)[1] >= 0.95, (table, low)
    worse, blocks = identical_schemes.called_worse(frames["best"])
    assert clopper_pearson(worse, blocks, 0.999)[0] <= 0.05


def test_the_runs_of_a_study_of_identical_schemes_are_tuned_and_tied_as_real_ones():
    runs = identical_schemes.made_up(3)
    tuning = runs[runs["role"] == "tuning"]
    assert len(tuning) == 12 * 5 * 3 * 3
    assert np.allclose(runs["test_accuracy"] * 360, (runs["test_accuracy"] * 360).round())
    scoring = runs[runs["selected"]]
    assert (scoring.groupby(["dataset", "activation", "depth", "scheme"])["learning_rate"].nunique() == 1).all()
    assert scoring.groupby(["dataset", "activation", "depth", "seed"])["test_accuracy"].nunique().min() < 5
