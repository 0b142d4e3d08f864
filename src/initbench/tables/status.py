"""What became of each run: its status, the regime of its gradients, and which learning rate its cell is scored at."""

import numpy as np

from initbench.study.thresholds import Thresholds

TIE_DIGITS = 7  # means that agree so far are tied: accuracies are counts over sizes, losses float32 sums


def judge(history, final, steps, thresholds: Thresholds) -> dict[str, np.ndarray]:
    """The columns of `runs` beside the keys and `selected`. history: (runs, R) columns; final: (runs,) columns."""
    diverged = final["diverged_step"] >= 0
    last = {name: np.where(diverged, np.nan, values[:, -1]) for name, values in history.items()}
    at_target = history["train_accuracy"] >= thresholds.target_accuracy  # NaN compares as False
    reached = at_target.any(axis=1)
    lowest = np.where(np.isnan(history["train_loss"]), np.inf, history["train_loss"]).min(axis=1)
    status = np.select(
        [
            diverged,
            np.full(len(diverged), steps[-1] == 0),
            last["train_accuracy"] >= thresholds.target_accuracy,
            lowest >= thresholds.stalled_ratio * final["label_entropy"],
        ],
        ["diverged", "initial", "trained", "stalled"],
        "slow",
    )
    return last | {
        "status": status,
        "steps": np.full(len(diverged), steps[-1]),
        "diverged_step": np.where(diverged, final["diverged_step"], np.nan),
        "steps_to_target": np.where(reached, steps[at_target.argmax(axis=1)], np.nan),
        "test_loss": final["test_loss"],
        "test_accuracy": final["test_accuracy"],
        "rounding_classes": final["rounding_classes"],
    }


def rates_by_merit(rates, accuracy, loss) -> np.ndarray:
    """The learning rates of one cell, best first, from each run's final validation accuracy and loss (NaN: diverged).

    By the highest mean accuracy over the seeds, diverged counted as 0; ties go to the lower mean loss (a diverged run's
    is infinite), then to the smaller rate.
    """
    accuracy, loss = np.nan_to_num(accuracy, nan=0.0), np.where(np.isnan(loss) | np.isnan(accuracy), np.inf, loss)

    def merit(rate):
        mine = rates == rate
        return (-round(float(accuracy[mine].mean()), TIE_DIGITS), round(float(loss[mine].mean()), TIE_DIGITS), rate)

    return np.array(sorted(np.unique(rates), key=merit))


def select(schemes, rates, summary) -> np.ndarray:
    """Whether each run has the learning rate chosen for its cell, that of its scheme; never, for runs measured at the start only."""
    chosen = np.zeros(len(rates), dtype=bool)
    if (summary["status"] == "initial").all():
        return chosen
    _, cell = np.unique(schemes.astype(str), return_inverse=True)
    order = np.argsort(cell, kind="stable")
    for mine in np.split(order, np.flatnonzero(np.diff(cell[order])) + 1):
        best = rates_by_merit(rates[mine], summary["valid_accuracy"][mine], summary["valid_loss"][mine])[0]
        chosen[mine] = rates[mine] == best
    return chosen


def gradient_regime(log_ratio, thresholds: Thresholds) -> dict[str, np.ndarray]:
    """The columns gradient_ratio and gradient_regime from ln(δ²_1/δ²_H) as `probes.signal_statistics` gives it."""
    with np.errstate(over="ignore"):  # a ratio above 1e308 is written as null; its regime is exploding
        ratio = np.exp(log_ratio)
    regime = np.select(
        [np.isnan(log_ratio), np.isneginf(log_ratio), log_ratio < np.log(thresholds.vanishing_ratio),
         log_ratio > np.log(thresholds.exploding_ratio)],
        ["", "zero", "vanishing", "exploding"],
        "stable",
    ).astype(object)  # fmt: skip
    regime[regime == ""] = None
    return {"gradient_ratio": ratio, "gradient_regime": regime}
