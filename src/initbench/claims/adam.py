"""Claims on Adam in the place of stochastic gradient descent."""

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import difference
from initbench.claims.gradients import gradient_axes, with_gradient
from initbench.claims.measures import CELL_AXES, cells, chosen_runs, mostly
from initbench.claims.quantities import Quantity, mean, share
from initbench.claims.sensitivity import BEHIND, LEVEL, less_sensitive_under
from initbench.study.cells import CELL
from initbench.tables import views

BUT_OPTIMIZER = [axis for axis in CELL if axis != "optimizer"]
AXES = tuple(axis for axis in CELL_AXES if axis != "optimizer")


@claim("adam-rescues", figure="learning_curves")
def adam_rescues(tables):
    """Runs under Adam of starts from which SGD learns nothing, by what the start does to units and gradients."""
    chosen, axes = chosen_runs(tables), gradient_axes(tables)
    found = []
    for cell, part in cells(chosen[chosen["optimizer"].isin(["sgd", "adam"])], BUT_OPTIMIZER, AXES):
        sgd, adam = (part[part["optimizer"] == name] for name in ("sgd", "adam"))
        if sgd.empty or adam.empty or _learned(sgd).any():
            continue
        learned, gain = _learned(adam), difference(adam, sgd)
        measured = [share("learned_with_adam", learned.sum(), len(adam))]
        if gain is not None:
            low, high = gain.interval or (None, None)
            measured.append(Quantity("gain_with_adam", "difference", gain.mean, low, high, gain.seeds))
        measured.append(share("trained_runs", (adam["status"] == "trained").sum(), len(adam)))
        measured.append(mean("accuracy_with_adam", adam["test_accuracy"]))
        measured.append(mean("accuracy_with_sgd", sgd["test_accuracy"]))
        place = with_gradient(cell | {"optimizer": "sgd"}, axes)
        del place["optimizer"]
        number = 0.0 if gain is None else gain.mean
        found.append(CellVerdict(place, mostly(learned), number, tuple(measured)))
    return found


@claim("adam-robust", figure="test_accuracy", values={"behind": BEHIND, "level": LEVEL})
def adam_robust(tables):
    """Variance over starts under SGD and under Adam, the starts of either on the same seeds."""
    return less_sensitive_under(chosen_runs(tables), "optimizer", ("sgd", "adam"))


def _learned(runs):
    return views.learned(runs["status"])
