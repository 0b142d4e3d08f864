"""Status, selection and regimes by their thresholds."""

import numpy as np

from initbench.study.thresholds import Thresholds
from initbench.tables.status import gradient_regime, run_status


def test_status_by_the_thresholds():
    history = {
        "train_loss": np.array([[2.3, 0.1], [2.3, 2.25], [2.3, 1.5], [2.3, np.nan]]),
        "train_accuracy": np.array([[0.1, 0.99], [0.1, 0.1], [0.1, 0.6], [0.1, np.nan]]),
        "valid_loss": np.ones((4, 2)),
        "valid_accuracy": np.ones((4, 2)),
    }
    final = {
        "diverged_step": np.array([-1, -1, -1, 3]),
        "label_entropy": np.full(4, np.log(10)),
        "test_loss": np.ones(4),
        "test_accuracy": np.ones(4),
    }
    judged = run_status(history, final, np.array([0, 9]), Thresholds())
    assert judged["status"].tolist() == ["trained", "stalled", "slow", "diverged"]
    assert judged["steps_to_target"][0] == 9
    assert np.isnan(judged["steps_to_target"][1])
    assert np.isnan(judged["train_loss"][3])


def test_regimes_from_the_ratio():
    log_ratio = np.array([np.nan, -np.inf, np.log(1e-3), 0.0, np.log(1e3), np.inf])
    found = gradient_regime(log_ratio, Thresholds())["gradient_regime"].tolist()
    assert found == [None, "zero", "vanishing", "stable", "exploding", "exploding"]
