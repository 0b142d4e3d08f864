"""What each scheme reaches when only so many of its learning rates may be tried."""

from math import comb

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.learning_rates import RATE_KEYS, accuracies, ranked_rates
from initbench.analyses.scores import CELL_COLUMNS, NOTE, frame_of
from initbench.base.columns import Column
from initbench.study.cells import BLOCK, CELL

TIE_DIGITS = 7  # expectations that agree so far share a rank
COLUMNS = (
    *CELL_COLUMNS,
    Column("budget", int, "learning rates that may be tried"),
    Column(
        "expected", float, "mean test accuracy at the rate chosen among `budget` of the cell's, in expectation over which ones",
        unit="share",
    ),
    Column("rank", float, "among the block's schemes at this budget; 1 is the best"),
    NOTE,
)  # fmt: skip


@analysis("equal_budgets", row="a cell with a budget of learning rates to try", columns=COLUMNS)
def equal_budgets(tables, settings):
    """The accuracy expected when the rule of choice picks among `budget` rates, drawn without replacement from the cell's.

    Exact, after the idea of Dodge et al. (2019), who draw with replacement. Budgets go up to the smallest number of rates
    that a scheme of the block has.
    """
    runs = tables.runs_at_every_rate
    means = accuracies(runs).groupby(RATE_KEYS, observed=True)["test"].mean()
    reached = {
        key: [means[(*key, rate)] for rate in cell["learning_rate"]]
        for key, cell in ranked_rates(runs).groupby(CELL, observed=True)
    }
    counts: dict[tuple, list[int]] = {}
    for key, accuracy in reached.items():
        counts.setdefault(key[:-1], []).append(len(accuracy))
    rows = []
    for key, accuracy in reached.items():
        least, most = min(counts[key[:-1]]), max(counts[key[:-1]])
        note = f"another scheme of this block has {most} rates, this has {len(accuracy)}" if least < most else None
        for budget in range(1, least + 1):
            row = {"budget": budget, "expected": expected_with_budget(accuracy, budget), "note": note}
            rows.append(dict(zip(CELL, key, strict=True)) | row)
    result = frame_of(rows, COLUMNS)
    alike = result.assign(rounded=result["expected"].round(TIE_DIGITS)).groupby([*BLOCK, "budget"], observed=True)
    return result.assign(rank=alike["rounded"].rank(ascending=False))


def expected_with_budget(reached: list[float], budget: int) -> float:
    """Mean of `reached`, in the order in which the rule prefers them, at the most preferred of `budget` drawn at random."""
    n = len(reached)
    weights = np.array([comb(n - 1 - order, budget - 1) for order in range(n)]) / comb(n, budget)
    return float(weights @ np.asarray(reached, dtype=float))
