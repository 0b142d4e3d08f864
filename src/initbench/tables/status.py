"""What became of each run: its status, the regime of its gradients, and which learning rate its cell is scored at."""

from collections.abc import Mapping

import numpy as np

from initbench.base.columns import Column
from initbench.study.thresholds import Thresholds

TIE_DIGITS = 7  # means that agree so far are tied: accuracies are counts over sizes, losses float32 sums
LOSSES = (
    Column("train_loss", float, "mean cross-entropy on the training split; null if not trained", unit="nats"),
    Column("train_accuracy", float, "share right on the training split; null if not trained", unit="share"),
    Column("valid_loss", float, "mean cross-entropy on the validation split; null if not trained", unit="nats"),
    Column("valid_accuracy", float, "share right on the validation split; null if not trained", unit="share"),
)
FINAL = (
    Column("test_loss", float, "mean cross-entropy on the test split; null if not trained", unit="nats"),
    Column("test_accuracy", float, "share right on the test split; null if not trained", unit="share"),
)
STATUS = (
    Column("status", str, "trained, slow, stalled, diverged or initial"),
    Column("steps", int, "updates in the budget", unit="updates"),
    Column(
        "diverged_step",
        int,
        "updates after which loss or parameters were not finite; null if they stayed so",
        unit="updates",
    ),
    Column(
        "steps_to_target", int, "first recorded step at the target training accuracy; null if never", unit="updates"
    ),
    *LOSSES,
    *FINAL,
    Column("selected", bool, "whether the cell is scored by it: at the chosen learning rate, and not a tuning run"),
)
REGIME = {  # what stands in a table in the place of a measured column
    "log_gradient_ratio": (
        Column("gradient_ratio", float, "δ²_1 / δ²_H, independent cotangent"),
        Column("gradient_regime", str, "vanishing, stable, exploding or zero, from the ratio"),
    )
}


def run_status(
    history: Mapping[str, np.ndarray], final: Mapping[str, np.ndarray], steps: np.ndarray, thresholds: Thresholds
) -> dict[str, np.ndarray]:
    """The columns STATUS but `selected`. history: (runs, R) columns; final: (runs,) columns."""
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
        **{column.name: final[column.name] for column in FINAL},
    }


def rates_by_merit(rates: np.ndarray, accuracy: np.ndarray, loss: np.ndarray) -> np.ndarray:
    """The learning rates of one cell, best first, from each run's final validation accuracy and loss (NaN: diverged).

    By the highest mean accuracy over the seeds, diverged counted as 0; ties go to the lower mean loss (a diverged run's
    is infinite), then to the smaller rate.
    """
    accuracy, loss = np.nan_to_num(accuracy, nan=0.0), np.where(np.isnan(loss) | np.isnan(accuracy), np.inf, loss)

    def merit(rate: float) -> tuple[float, float, float]:
        at = rates == rate
        return (-round(float(accuracy[at].mean()), TIE_DIGITS), round(float(loss[at].mean()), TIE_DIGITS), rate)

    return np.array(sorted(np.unique(rates), key=merit))


def gradient_regime(log_ratio: np.ndarray, thresholds: Thresholds) -> dict[str, np.ndarray]:
    """The columns REGIME from ln(δ²_1/δ²_H)."""
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
