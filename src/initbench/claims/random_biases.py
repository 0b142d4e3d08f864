"""The claim that zero weights never learn, judged where random biases break the symmetry."""

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, chosen_runs
from initbench.claims.quantities import mean, share
from initbench.tables import views


@claim("zero-weights-never-learn", figure="further_starts")
def zero_weights_never_learn(tables):
    """What becomes of runs from zero weights and random biases."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    found = []
    for cell, part in cells(
        chosen[(chosen["start"] == "zero weights") & chosen["bias"].isna()]
    ):  # no bias is that of all units
        learned = views.learned(part["status"])
        measured = (
            share("learned_runs", learned.sum(), len(part)),
            share("trained_runs", (part["status"] == "trained").sum(), len(part)),
            mean("test_accuracy", part["test_accuracy"]),
        )
        found.append(CellVerdict(cell, not learned.any(), float(learned.mean()), measured))
    return found
