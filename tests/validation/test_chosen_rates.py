"""Equal schemes at rates that chance chose for them."""

import numpy as np
import pandas as pd
from chosen_rates import made_up, of_networks, over_studies, row

from initbench.statistics.proportions import clopper_pearson


def test_equal_schemes_at_one_rate_are_as_rarely_told_apart_as_is_said_and_at_two_rates_more_often():
    found = made_up(gap=1.0, tuning=3, replications=400)
    same, two = ([p for equal, p in found if equal is wanted] for wanted in (True, False))
    assert clopper_pearson(sum(same), len(same), 0.999)[0] <= 0.05
    assert clopper_pearson(sum(two), len(two), 0.999)[0] > 0.05
    assert row(found).endswith(f"{len(two) / 400:.2f}")


def test_rates_that_are_equally_good_or_clearly_not_do_no_harm():
    for gap in (0.0, 10.0):
        found = made_up(gap, tuning=3, replications=400)
        assert clopper_pearson(sum(p for _, p in found), 400, 0.999)[0] <= 0.05
    assert all(equal for equal, _ in found)


def test_pairs_of_networks_are_told_apart_by_their_rates():
    """Two schemes at one rate whose seeds agree, and a third at another rate that is worse on all ten."""
    keys = {
        "dataset": "digits",
        "architecture": "mlp",
        "width": 8,
        "depth": 1,
        "activation": "relu",
        "normalization": "none",
    }
    keys |= {"optimizer": "sgd", "selected": True}
    runs = pd.DataFrame([
        keys | {"scheme": scheme, "learning_rate": rate, "seed": seed, "test_accuracy": accuracy + 0.01 * np.sin(seed)}
        for scheme, rate, accuracy in (("a", 0.1, 0.9), ("b", 0.1, 0.9), ("c", 0.3, 0.8)) for seed in range(10)
    ])  # fmt: skip
    assert of_networks(runs) == [(True, False), (False, True), (False, True)]


def test_shares_of_networks_are_over_whole_studies():
    """One study whose pairs are all told apart, and three in which none is: a quarter, which the next four may all or none show."""
    found = [[(True, True)] * 8, *[[(True, False)] * 8] * 3]
    assert over_studies(found, (True,)) == "0.250 (0.000–0.750)"
    assert over_studies(found, (False,)) == "0.000 (0.000–0.000)"
