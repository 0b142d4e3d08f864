"""Claims on the per-layer factor of the gradient, and on what follows from it in training."""

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.gradients import gradient_axes, with_gradient
from initbench.claims.measures import cells, chosen_runs, hidden_at_start, lowest_loss_runs, mostly
from initbench.claims.phase import phase_of
from initbench.claims.quantities import Quantity, count, number, share
from initbench.study.cells import BLOCK, RUN, SCORING
from initbench.tables.views import mean_squares

STRAIGHT = 0.98  # R² of ln δ² against the layer from which it is geometric; a power law 1/l has 0.92 over 8 layers
BELOW, ABOVE = 0.9, 1.1  # factors between these neither shrink nor grow
FEWEST_LAYERS = 4  # hidden layers needed to tell a line from a curve
JUMP = 0.1  # rise of the training loss from one record to the next, in nats, that counts as oscillation


@claim(
    "geometric-law",
    figure="backward_signal",
    values={"layers": FEWEST_LAYERS, "below": BELOW, "above": ABOVE, "straight": STRAIGHT},
)
def geometric_law(tables):
    """Linearity of ln δ² in the layer, beside its linearity in the logarithm of the layer."""
    frame = hidden_at_start(tables, ["delta_rms_gaussian", "weight_norm", "saturated_fraction"])
    found = []
    for cell, part in cells(frame[frame["depth"] >= FEWEST_LAYERS]):
        delta = mean_squares(part, "delta_rms_gaussian", by=["layer"])
        if len(delta) < cell["depth"] or not (np.isfinite(delta) & (delta > 0)).all():
            continue
        layer, log_delta = delta.index.to_numpy(float), np.log(delta.to_numpy())
        slope, straight = _line(layer, log_delta)
        power, curved = _line(np.log(layer), log_delta)
        factor = float(np.exp(-slope))
        if not BELOW <= factor <= ABOVE:
            measured = [number("straightness", straight), number("factor", factor, part["seed"].nunique())]
            if curved > straight:
                measured += [number("power", power), number("power_straightness", curved)]
            place = cell | {"phase": phase_of(cell, part)}
            found.append(CellVerdict(place, straight >= STRAIGHT, straight, tuple(measured)))
    return found


@claim("vanishing-stalls", figure="factor_outcome", values={"below": BELOW})
def vanishing_stalls(tables):
    """Stalled runs where the gradient shrinks, at the rate that trains best."""
    trained = lowest_loss_runs(tables)
    found = []
    for cell, part in _with_factor(tables, trained[trained["kind"] == "other"]):
        if cell["factor"] < BELOW:
            stalled = part["status"] == "stalled"
            measured = (
                share("stalled_runs", stalled.sum(), len(stalled)),
                number("learning_rate", part["learning_rate"].iloc[0]),
            )
            found.append(CellVerdict(cell, mostly(stalled), float(stalled.mean()), measured))
    return found


@claim("exploding-unstable", figure="learning_curves", values={"above": ABOVE, "jump": JUMP})
def exploding_unstable(tables):
    """Diverged, oscillating or dead runs where the gradient grows."""
    judged = list(_with_factor(tables, _with_instability(tables)))
    steady = {}  # the control: runs of the same block whose gradient neither grows nor shrinks
    for cell, part in judged:
        if BELOW <= cell["factor"] <= ABOVE:
            steady.setdefault(tuple(cell[axis] for axis in BLOCK), []).extend(part["unstable"])
    found = []
    for cell, part in judged:
        if cell["factor"] > ABOVE:
            wild = float(part["unstable"].mean())
            others = steady.get(tuple(cell[axis] for axis in BLOCK), [])
            found.append(CellVerdict(cell, wild >= 0.5, wild, _how_unstable(part, others)))
    return found


def _how_unstable(part: pd.DataFrame, others: list[bool]) -> tuple[Quantity, ...]:
    """How many runs were unstable, in which ways, and of the `others`, whose gradient is steady, all else the same."""
    measured = (
        share("unstable_runs", part["unstable"].sum(), len(part)),
        count("diverged_runs", (part["status"] == "diverged").sum(), len(part)),
        count("dead_runs", part["dead"].sum(), len(part)),
        count("rising_runs", (part["rise"] > JUMP).sum(), len(part)),
    )
    return (*measured, count("unstable_steady", sum(others), len(others))) if others else measured


def _line(x: np.ndarray, y: np.ndarray) -> tuple[float, float]:
    """(slope, R²) of the least-squares line; R² is 1 where y does not vary."""
    straight = float(np.corrcoef(x, y)[0, 1] ** 2) if np.ptp(y) > 0 else 1.0
    return float(np.polyfit(x, y, 1)[0]), straight


def _with_instability(tables) -> pd.DataFrame:
    """The chosen runs, each with `rise` (largest, of the training loss), `dead` and whether it was `unstable`."""
    curves = tables.read("history", [*RUN, "step", "train_loss"]).sort_values([*RUN, "step"])
    rise = curves["train_loss"] - curves.groupby(RUN, observed=True)["train_loss"].shift()
    rises = curves.assign(rise=rise).groupby(RUN, observed=True, as_index=False)["rise"].max()
    chosen = chosen_runs(tables).merge(rises, on=RUN).merge(_dead(tables), on=RUN, how="left")
    chosen["dead"] = chosen["dead"].eq(True)
    return chosen.assign(unstable=(chosen["status"] == "diverged") | (chosen["rise"] > JUMP) | chosen["dead"])


def _dead(tables) -> pd.DataFrame:
    """Whether some hidden layer passes no gradient at all at the first record after step 0, a row a run."""
    filters = [("step", ">", 0), ("role", "==", SCORING)]
    frame = tables.read("signal", [*RUN, "step", "gradient_regime"], filters)
    first = frame[frame["step"] == frame.groupby(RUN, observed=True)["step"].transform("min")]
    return first[RUN].assign(dead=first["gradient_regime"].eq("zero"))


def _with_factor(tables, runs):
    """(cell with factor and gradient_ratio at the start, its runs) where the factor is defined."""
    axes = gradient_axes(tables)
    for cell, part in cells(runs):
        cell = with_gradient(cell, axes)
        if "factor" in cell:
            yield cell, part
