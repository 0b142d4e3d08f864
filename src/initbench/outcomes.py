"""What became of each run: its status, the regime of its gradients, and which learning rate its cell is scored at."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Rules:
    """Thresholds, declared in the study's config.

    target_accuracy: training accuracy at which a run counts as trained. stalled_ratio: a run is stalled if its lowest
    recorded training loss is at least this share of the label entropy. vanishing_ratio, exploding_ratio: bounds on
    δ²_1/δ²_H below and above which gradients count as vanishing and exploding.
    """

    target_accuracy: float = 0.95
    stalled_ratio: float = 0.95
    vanishing_ratio: float = 0.01
    exploding_ratio: float = 100.0


def judge(history, final, steps, rules: Rules) -> dict[str, np.ndarray]:
    """The columns of `runs` beside the keys and `selected`. history: (runs, R) columns; final: (runs,) columns."""
    diverged = final["diverged_step"] >= 0
    last = {name: np.where(diverged, np.nan, values[:, -1]) for name, values in history.items()}
    at_target = history["train_accuracy"] >= rules.target_accuracy  # NaN compares as False
    reached = at_target.any(axis=1)
    lowest = np.where(np.isnan(history["train_loss"]), np.inf, history["train_loss"]).min(axis=1)
    status = np.select(
        [
            diverged,
            np.full(len(diverged), steps[-1] == 0),
            last["train_accuracy"] >= rules.target_accuracy,
            lowest >= rules.stalled_ratio * final["label_entropy"],
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
    }


def select(rates, seeds, summary) -> np.ndarray:
    """Whether each run of one cell has the cell's chosen learning rate.

    The rate with the highest mean final validation accuracy over the seeds, diverged counted as 0; ties go to the lower
    mean validation loss (a diverged run's is infinite), then to the smaller rate.
    """
    if (summary["status"] == "initial").all():
        return np.zeros(len(seeds), dtype=bool)

    def merit(rate):
        mine = rates == rate
        accuracy = np.nan_to_num(summary["valid_accuracy"][mine], nan=0.0)
        loss = np.nan_to_num(summary["valid_loss"][mine], nan=np.inf)
        return (-round(float(accuracy.mean()), 12), float(loss.mean()), rate)

    return rates == min(np.unique(rates), key=merit)


def gradient_regime(log_ratio, rules: Rules) -> dict[str, np.ndarray]:
    """The columns gradient_ratio and gradient_regime from ln(δ²_1/δ²_H) as `probes.signal_statistics` gives it."""
    with np.errstate(over="ignore"):  # a ratio above 1e308 is written as null; its regime is exploding
        ratio = np.exp(log_ratio)
    regime = np.select(
        [np.isnan(log_ratio), np.isneginf(log_ratio), log_ratio < np.log(rules.vanishing_ratio),
         log_ratio > np.log(rules.exploding_ratio)],
        ["", "zero", "vanishing", "exploding"],
        "stable",
    ).astype(object)  # fmt: skip
    regime[regime == ""] = None
    return {"gradient_ratio": ratio, "gradient_regime": regime}
