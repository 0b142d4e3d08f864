"""Claims on random starts."""

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.gradients import gradient_axes, with_gradient
from initbench.claims.measures import (
    cells,
    chosen_runs,
    hidden_at_every_step,
    mostly,
    signal_at_start,
)
from initbench.claims.quantities import count, number, percent, share
from initbench.study.cells import BLOCK, RUN

DEEP = 5  # hidden layers from which on a network counts as deep
APART = 0.5  # share of the live units that are distinct where the symmetry is broken
REGIME = ["gradient_ratio", "gradient_regime"]
RECOMMENDED = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal"]


@claim("random-breaks-symmetry", figure="units_parting")
def random_breaks_symmetry(tables):
    """Distinct units under small random weights, at the start and in training."""
    counts = ["distinct_weights", "distinct_activations", "distinct_gradients"]
    chosen = chosen_runs(tables)
    frame = hidden_at_every_step(tables, [*counts, "dead_fraction"], ["small_normal"], chosen).dropna(subset=counts)
    frame = frame.merge(chosen[[*RUN, "steps", "rate"]], on=RUN)
    dead = frame["dead_fraction"].groupby([frame[key] for key in (*RUN, "step")], observed=True).transform("max") == 1
    live = np.floor(frame["width"] * (1 - frame["dead_fraction"]) + 1e-6)
    broken = (frame[counts].sub(APART * live, axis=0) >= 0).all(axis=1) & (frame["distinct_weights"] == frame["width"])
    axes, found = gradient_axes(tables), []
    for cell, part in cells(frame.assign(broken=broken, below=frame["distinct_gradients"] == 1)[~dead]):
        runs = part.groupby("seed")["broken"].all()
        measured = (
            share("broken_runs", runs.sum(), len(runs)),
            *(count(f"least_{name}", part[name].min(), cell["width"]) for name in counts),
            percent("below_floor", part["below"].mean()),
        )
        found.append(CellVerdict(with_gradient(cell, axes), mostly(runs), float(runs.mean()), measured))
    return found


@claim("small-normal-depth", figure="backward_signal", values={"deep": DEEP})
def small_normal_depth(tables):
    """The regime of small random weights in deep networks."""
    frame = signal_at_start(tables, REGIME, scheme="small_normal", normalization="none")
    frame = frame[frame["depth"] >= DEEP]
    return _shares(tables, frame, frame["gradient_regime"].isin(["vanishing", "zero"]), "draws_vanishing")


@claim("recommended-gradients", figure="backward_signal")
def recommended_gradients(tables):
    """The regime of the recommended starts."""
    frame = signal_at_start(tables, REGIME, scheme=RECOMMENDED, normalization="none")
    return _shares(tables, frame, frame["gradient_regime"] == "stable", "draws_stable")


@claim("recommended-train", figure="learning_curves")
def recommended_train(tables):
    """Trained runs of the recommended starts against those of zeros and constants."""
    chosen = chosen_runs(tables)
    chosen = chosen[(chosen["normalization"] == "none") & (chosen["depth"] > 0)]
    flat = chosen[chosen["kind"].isin(["zeros", "constant"])]
    known = (
        flat.assign(trained=flat["status"] == "trained").groupby(BLOCK, observed=True)["trained"].agg(["sum", "count"])
    )
    axes, found = gradient_axes(tables), []
    for cell, part in cells(chosen[chosen["scheme"].isin(RECOMMENDED)]):
        block = tuple(cell[axis] for axis in BLOCK)
        if block in known.index:
            trained, (flat_trained, flat_runs) = part["status"] == "trained", known.loc[block]
            measured = (
                share("trained_runs", trained.sum(), len(trained)),
                number("learning_rate", part["learning_rate"].iloc[0]),
                count("trained_flat", flat_trained, flat_runs),
            )
            place = with_gradient(cell, axes)
            found.append(CellVerdict(place, mostly(trained) and flat_trained == 0, float(trained.mean()), measured))
    return found


def _shares(tables, frame: pd.DataFrame, flags: pd.Series, name: str) -> list[CellVerdict]:
    """Share of draws for which the flag is set, cell by cell; holds where most are. The ratio is the endpoint, no axis."""
    axes, found = gradient_axes(tables), []
    for cell, part in cells(frame.assign(flag=flags)):
        measured = (
            share(name, part["flag"].sum(), len(part)),
            number("gradient_ratio", part["gradient_ratio"].median(), len(part)),
        )
        place = {axis: value for axis, value in with_gradient(cell, axes).items() if axis != "gradient_ratio"}
        found.append(CellVerdict(place, mostly(part["flag"]), float(part["flag"].mean()), measured))
    return found
