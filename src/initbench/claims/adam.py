"""Claims on Adam in the place of stochastic gradient descent."""

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import CELL_AXES, cells, chosen_runs, mostly
from initbench.claims.quantities import mean, share
from initbench.study.cells import CELL

BUT_OPTIMIZER = [axis for axis in CELL if axis != "optimizer"]
AXES = tuple(axis for axis in CELL_AXES if axis != "optimizer")


@claim("adam-rescues", figure="learning_curves")
def adam_rescues(tables):
    """Runs under Adam of starts from which SGD learns nothing."""
    chosen = chosen_runs(tables)
    found = []
    for cell, part in cells(chosen[chosen["optimizer"].isin(["sgd", "adam"])], BUT_OPTIMIZER, AXES):
        sgd, adam = (part[part["optimizer"] == name] for name in ("sgd", "adam"))
        if sgd.empty or adam.empty or _learned(sgd).any():
            continue
        learned = _learned(adam)
        gain = float(adam["test_accuracy"].mean() - sgd["test_accuracy"].mean())
        measured = (
            share("learned_with_adam", learned.sum(), len(adam)),
            mean("accuracy_with_adam", adam["test_accuracy"]),
            mean("accuracy_with_sgd", sgd["test_accuracy"]),
        )
        found.append(CellVerdict(cell, mostly(learned), gain, measured))
    return found


def _learned(runs):
    return ~runs["status"].isin(["stalled", "diverged"])
