"""A claim of my own, judged by the data: supported, refuted, or supported under a condition."""

from initbench.claims import CellVerdict
from initbench.claims.quantities import share
from initbench.extend import claim


@claim(
    "my_name",
    statement="Every start reaches half of its training labels.",
    rule="The mean training accuracy of the chosen runs of a cell is above one half.",
)
def my_name(tables):
    """A verdict for each cell that the claim speaks of; none where the study lacks such cells."""
    runs = tables.chosen_runs  # the scoring runs at the rate that was chosen for their cell
    keys = ["dataset", "depth", "activation", "normalization", "scheme"]
    return [
        CellVerdict(
            dict(zip(keys, cell, strict=True)),
            bool(part["train_accuracy"].mean() > 0.5),
            float(part["train_accuracy"].mean()),
            (share("runs above one half", (part["train_accuracy"] > 0.5).sum(), len(part)),),
        )
        for cell, part in runs.groupby(keys, observed=True)
    ]
