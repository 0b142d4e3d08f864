"""The claim that a good start is known by its loss: ln K for K classes."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, signal_at_start, with_scheme
from initbench.claims.quantities import number, word
from initbench.study.cells import CELL, SCORING, START

NEAR = 0.1  # share of ln K that a loss may be above or below it


@claim("loss-at-start", figure="loss_at_start", values={"near": NEAR})
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
            measured = (
                number("loss_ratio", ratio, len(part)),
                number("mean_loss", part["train_loss"].mean(), len(part)),
                word("regime", regime),
            )
            holds = ratio > 1 + NEAR if regime == "exploding" else abs(ratio - 1) <= NEAR
            found.append(CellVerdict(cell, bool(holds), ratio, measured))
    return found


def starting_losses(tables):
    """Training loss at step 0, a row a scoring start, where it is finite."""
    filters = [("step", "==", 0), ("role", "==", SCORING)]
    frame = tables.read("history", [*START, "step", "train_loss"], filters).drop_duplicates(START)
    return with_scheme(frame[np.isfinite(frame["train_loss"].astype(float))])
