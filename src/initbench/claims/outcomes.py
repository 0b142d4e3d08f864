"""Outcomes that claims on zeros and on constants share."""

from initbench.claims import Outcome
from initbench.claims.measures import CELL, cells, mean_range, share

GAP = 0.2  # accuracy this far below what the data allow is bad


def symmetric_throughout(tables, kind: str) -> list[Outcome]:
    """Whether every hidden layer keeps one distinct unit, by activation and gradient, at every recorded step."""
    frame = tables.layers
    frame = frame[frame["learning_rate"].notna() & (frame["kind"] == kind) & (frame["layer"] <= frame["depth"])]
    frame = frame.dropna(subset=["distinct_activations", "distinct_gradients"])
    frame = frame.assign(
        most=frame[["distinct_activations", "distinct_gradients"]].max(axis=1),
        exact=frame["exactly_equal_activations"].eq(True),
    )
    runs = frame.groupby([*CELL, "value", "bias", "learning_rate", "seed"], observed=True, as_index=False)
    runs = runs.agg(most=("most", "max"), exact=("exact", "all"))
    outcomes = []
    for cell, part in cells(runs):
        same = part["most"] == 1
        text = (
            f"{share(same.sum(), len(same), 'runs keep one distinct unit a layer')}, {int(part['exact'].sum())} to the last bit; "
            f"at most {part['most'].max():g} distinct units"
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
