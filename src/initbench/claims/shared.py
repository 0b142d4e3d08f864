"""What the claims on zeros and those on constants share."""

from initbench.claims import CellVerdict
from initbench.claims.measures import cells, chosen_runs, hidden_at_every_step, schemes_of_kind
from initbench.claims.quantities import count, mean, number, share
from initbench.study.cells import CELL, RUN
from initbench.tables import views

GAP = 0.2  # accuracy this far below what the data allow is bad


def symmetric_throughout(tables, kind: str) -> list[CellVerdict]:
    """Whether every hidden layer keeps one distinct unit, by activation and gradient, at every recorded step."""
    found = []
    for cell, part in cells(_most_distinct_units(tables, kind)):
        same = part["most"] == 1
        measured = (
            count("symmetric_runs", same.sum(), len(same)),
            count("bitwise_runs", part["exact"].sum(), len(same)),
            number("most_distinct_units", part["most"].max()),
        )
        found.append(CellVerdict(cell, bool(same.all()), float(same.mean()), measured))
    return found


def _most_distinct_units(tables, kind: str):
    """A row a trained run: the most distinct units of any hidden layer at any step, and whether all were equal bit by bit."""
    columns = ["distinct_activations", "distinct_gradients", "exactly_equal_activations"]
    frame = hidden_at_every_step(tables, columns, schemes_of_kind(tables, kind))
    frame = frame[frame["learning_rate"].notna()].dropna(subset=columns[:2])
    frame = frame.assign(most=frame[columns[:2]].max(axis=1), exact=frame[columns[2]].eq(True))
    runs = frame.groupby(RUN, observed=True, as_index=False)
    return runs.agg(most=("most", "max"), exact=("exact", "all"))


def poor_performance(tables, kind: str) -> list[CellVerdict]:
    """Whether no run beats the class frequencies, and mean test accuracy lies GAP below the best mean of other starts."""
    chosen = chosen_runs(tables)
    others = chosen[chosen["kind"] == "other"]
    best = others.groupby(CELL, observed=True)["test_accuracy"].mean().groupby("dataset").max()
    found = []
    for cell, part in cells(chosen[(chosen["kind"] == kind) & chosen["dataset"].isin(best.index)]):
        gap = float(best[cell["dataset"]] - part["test_accuracy"].mean())
        learned = views.learned(part["status"])
        measured = (
            mean("test_accuracy", part["test_accuracy"]),
            number("best_of_others", best[cell["dataset"]]),
            share("learned_runs", learned.sum(), len(part)),
        )
        found.append(CellVerdict(cell, gap >= GAP and not learned.any(), gap, measured))
    return found
