"""How sure `best` is, where the truth is known."""

import best_scheme
import pytest

from initbench.statistics.proportions import clopper_pearson


@pytest.mark.parametrize("kind", ["normal", "skewed", "now and then a failure"])
def test_the_best_scheme_is_within_the_margin_at_least_as_often_as_is_said(kind):
    """Where the schemes lie about a margin apart, and where they lie three."""
    for spread in (0.01, 0.03):
        found = best_scheme.said_and_true(kind, spread, 10, 250)
        for part in (found[found[:, 0] < 0.9], found[found[:, 0] >= 0.9]):
            held = clopper_pearson(int(part[:, 1].sum()), len(part), 0.999)[1]
            assert held >= part[:, 0].mean(), spread
