"""Claims on batch normalisation."""

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, chosen_runs, hidden_at_start
from initbench.claims.quantities import between, number
from initbench.claims.sensitivity import BEHIND, LEVEL, less_sensitive_under

NORMAL = 0.01  # how far a mean may be from 0 and a standard deviation from 1


@claim("batchnorm-normalises", figure="backward_signal", values={"near": NORMAL})
def batchnorm_normalises(tables):
    """Mean and deviation of what enters the activation."""
    columns = ["preactivation_mean", "preactivation_std", "activation_mean"]
    frame = hidden_at_start(tables, columns, normalization="batch")
    found = []
    for cell, part in cells(frame):
        mean = float(part["preactivation_mean"].abs().max())
        low, high = part["preactivation_std"].min(), part["preactivation_std"].max()
        off = max(mean, abs(low - 1), abs(high - 1))
        measured = (
            number("off_normal", off),
            between("deviation_of_z", low, high),
            number("mean_of_z", mean),
            number("mean_of_phi", part["activation_mean"].mean()),
        )
        found.append(CellVerdict(cell, bool(off <= NORMAL), float(off), measured))
    return found


@claim("batchnorm-robust", figure="test_accuracy", values={"behind": BEHIND, "level": LEVEL})
def batchnorm_robust(tables):
    """Variance over starts with and without, the starts of either arm on the same seeds."""
    return less_sensitive_under(chosen_runs(tables), "normalization", ("none", "batch"))
