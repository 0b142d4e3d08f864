"""Outcomes that claims on zeros and on constants share."""

from initbench.claims import Outcome
from initbench.claims.measures import CELL, cells, mean_range, share

ROUNDING = (
    "Units that only the rounding of matrix products sets apart count as one: up to as many as the machine's library makes of "
    "equal ones, measured apart from training (rounding_classes)."
)
GAP = 0.2  # accuracy this far below what the data allow is bad


def symmetric_throughout(tables, kind: str) -> list[Outcome]:
    """Whether every hidden layer keeps one distinct unit, by activation and gradient, at every recorded step.

    Units that the rounding of the machine's matrix products sets apart count as one: `rounding_classes` of the runs.
    """
    frame = tables.layers
    frame = frame[frame["learning_rate"].notna() & (frame["kind"] == kind) & (frame["layer"] <= frame["depth"])]
    frame = frame.dropna(subset=["distinct_activations", "distinct_gradients"])
    frame = frame.assign(
        most=frame[["distinct_activations", "distinct_gradients"]].max(axis=1),
        exact=frame["exactly_equal_activations"].eq(True),
    )
    run = [*CELL, "learning_rate", "seed"]
    runs = frame.groupby([*run, "value", "bias"], observed=True, as_index=False)
    runs = runs.agg(most=("most", "max"), exact=("exact", "all"))
    runs = runs.merge(tables.runs[[*run, "rounding_classes"]], on=run)
    outcomes = []
    for cell, part in cells(runs):
        same = part["most"] <= part["rounding_classes"]
        text = (
            f"{share(same.sum(), len(same), 'runs stay as symmetric as rounding allows')}, {int((part['most'] == 1).sum())} of them "
            f"with one distinct unit a layer throughout, {int(part['exact'].sum())} to the last bit; at most {part['most'].max():g} "
            f"distinct units, of {part['rounding_classes'].max():g} that rounding alone can make"
        )
        outcomes.append(Outcome(cell, bool(same.all()), float(same.mean()), text))
    return outcomes


def poor_performance(tables, kind: str) -> list[Outcome]:
    """Whether no run beats the class frequencies, and mean test accuracy lies GAP below the best mean of other starts."""
    chosen = tables.chosen
    others = chosen[chosen["kind"] == "other"]
    best = others.groupby(CELL, observed=True)["test_accuracy"].mean().groupby("dataset").max()
    outcomes = []
    for cell, part in cells(chosen[(chosen["kind"] == kind) & chosen["dataset"].isin(best.index)]):
        gap = float(best[cell["dataset"]] - part["test_accuracy"].mean())
        learned = ~part["status"].isin(["stalled", "diverged"])
        text = (
            f"test accuracy {mean_range(part['test_accuracy'])}, best of other starts {best[cell['dataset']]:.3g}; "
            f"{share(learned.sum(), len(part), 'runs learned more than class frequencies')}"
        )
        outcomes.append(Outcome(cell, gap >= GAP and not learned.any(), gap, text))
    return outcomes
