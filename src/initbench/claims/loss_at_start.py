"""The claim that a good start is known by its loss: ln K for K classes."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, signal_at_start, with_scheme
from initbench.study.cells import CELL, SCORING, START

NEAR = 0.1  # share of ln K that a loss may be above or below it


@claim(
    "loss-at-start",
    statement="The loss at the start is ln K for a good start, and above it for one that is too large",
    statement_zh="良好的初始化使初始损失为 ln K（K 为类别数），过大的初始化使其更高",
    rule="Cells: starts other than zeros and constants, without normalisation, at least two hidden layers, whose gradient at step 0 is "
    "stable (a good start) or exploding (too large), by most draws; ln K is the loss of a start from zeros on the same data. Holds "
    f"if the mean loss over draws is within {NEAR:.0%} of ln K for a stable start, and more than {NEAR:.0%} above it for an exploding "
    "one. (Starts that vanish are left out: their outputs are close to 0 and their loss is ln K, however bad they are.)",
    figure="loss_at_start",
    claimed_in="CS231n notes, Neural Networks Part 3 (sanity checks): “Look for correct loss at chance performance”; Karpathy 2019, “A "
    "Recipe for Training Neural Networks”: “Verify that your loss starts at the correct loss value”",
)
def loss_at_start(tables):
    """Loss at step 0 against that of equal probabilities."""
    losses = starting_losses(tables)
    chance = losses[losses["kind"] == "zeros"].groupby("dataset")["train_loss"].median()
    start = signal_at_start(tables, ["gradient_regime"], normalization="none").dropna(subset="gradient_regime")
    regimes = start.groupby(CELL, observed=True)["gradient_regime"].agg(lambda regime: regime.mode().iloc[0])
    found = []
    for cell, part in cells(losses[(losses["kind"] == "other") & losses["dataset"].isin(chance.index)]):
        regime = regimes.get(tuple(cell[axis] for axis in CELL))
        if regime in ("stable", "exploding"):
            ratio = float(part["train_loss"].mean() / chance[cell["dataset"]])
            text = f"{regime}, mean loss {ratio * chance[cell['dataset']]:.4g}, {ratio:.3g} times ln K (over {len(part)} draws)"
            holds = ratio > 1 + NEAR if regime == "exploding" else abs(ratio - 1) <= NEAR
            found.append(CellVerdict(cell, bool(holds), ratio, text))
    return found


def starting_losses(tables):
    """Training loss at step 0, a row a scoring start, where it is finite."""
    filters = [("step", "==", 0), ("role", "==", SCORING)]
    frame = tables.read("history", [*START, "step", "train_loss"], filters).drop_duplicates(START)
    return with_scheme(frame[np.isfinite(frame["train_loss"].astype(float))])
