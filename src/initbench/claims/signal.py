"""Claims on the per-layer factor of the gradient, and on what follows from it in training."""

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.gradients import gradient_axes, with_gradient
from initbench.claims.measures import cells, chosen_runs, hidden_at_start, lowest_loss_runs, mostly, share
from initbench.claims.phase import phase_of
from initbench.study.cells import BLOCK, RUN, SCORING
from initbench.tables.views import mean_squares

STRAIGHT = 0.98  # R² of ln δ² against the layer from which it is geometric; a power law 1/l has 0.92 over 8 layers
BELOW, ABOVE = 0.9, 1.1  # factors between these neither shrink nor grow
FEWEST_LAYERS = 4  # hidden layers needed to tell a line from a curve
JUMP = 0.1  # rise of the training loss from one record to the next, in nats, that counts as oscillation


@claim(
    "geometric-law",
    statement="The per-layer gradient factor decides: below 1 gradients shrink geometrically with depth, above 1 they grow",
    statement_zh="每层因子小于 1 则消失，大于 1 则爆炸",
    rule=f"Cells: every start at step 0 with at least {FEWEST_LAYERS} hidden layers, a backward signal in all of them and a factor "
    f"outside [{BELOW:g}, {ABOVE:g}]. Holds if ln δ² (independent cotangent, averaged over draws before the logarithm) is linear "
    f"in the layer with R² of at least {STRAIGHT:g}. Where it is straighter in ln of the layer, the evidence names the power law "
    "instead: that is what theory has at the critical point (χ = 1: tanh with σ_w² = 1).",
    figure="backward_signal",
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
            law = f"; δ² ∝ l^{power:.2g} with R² {curved:.3f}" if curved > straight else ""
            draws = part["seed"].nunique()
            text = f"factor {factor:.3g} a layer, R² {straight:.3f} over {cell['depth']} layers, mean of {draws} draws{law}"
            found.append(CellVerdict(cell | {"phase": phase_of(cell, part)}, straight >= STRAIGHT, straight, text))
    return found


@claim(
    "vanishing-stalls",
    statement="Where the factor is below 1, training stalls",
    statement_zh="梯度消失使训练停滞",
    rule=f"Cells: trained, at least two hidden layers, starts other than zeros and constants (whose symmetry stalls them too), with "
    f"a median factor χ̂ at step 0 below {BELOW:g}. Judged at the learning rate with the lowest training loss (median over seeds) "
    "of the runs that have every rate: the tuning runs. Holds if at least 90 % of them are stalled within the budget.",
    figure="run_status",
)
def vanishing_stalls(tables):
    """Stalled runs where the gradient shrinks, at the rate that trains best."""
    trained = lowest_loss_runs(tables)
    found = []
    for cell, part in _with_factor(tables, trained[trained["kind"] == "other"]):
        if cell["factor"] < BELOW:
            stalled = part["status"] == "stalled"
            text = (
                f"factor {cell['factor']:.3g} a layer, δ²_1/δ²_H {cell['gradient_ratio']:.2g}, "
                f"{share(stalled.sum(), len(stalled), 'runs stalled')} at rate {part['learning_rate'].iloc[0]:g}"
            )
            found.append(CellVerdict(cell, mostly(stalled), float(stalled.mean()), text))
    return found


@claim(
    "exploding-unstable",
    statement="Where it is above 1, training is unstable: it diverges or oscillates",
    statement_zh="梯度爆炸使训练不稳定",
    rule=f"Cells: trained, at least two hidden layers, every start with a median factor χ̂ at step 0 above {ABOVE:g}, at the cell's "
    f"chosen learning rate. A run is unstable if it diverged, if its training loss rose by more than {JUMP:g} nats between two "
    "records, or if it died at once: at the first record after step 0 some hidden layer passes no gradient. Holds if at least half "
    "of the runs are unstable.",
    figure="learning_curves",
)
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
            wild = part["unstable"]
            others = steady.get(tuple(cell[axis] for axis in BLOCK), [])
            control = f"{sum(others)} of {len(others)} runs" if others else "no runs"
            ways = (
                ((part["status"] == "diverged").sum(), "diverged"),
                (part["dead"].sum(), "dead at the first record"),
                ((part["rise"] > JUMP).sum(), "with a loss that rose"),
            )
            how = ", ".join(f"{count} {words}" for count, words in ways if count)
            text = (
                f"factor {cell['factor']:.3g}, {share(wild.sum(), len(wild), 'runs unstable')}{': ' * bool(how)}{how}; of those from "
                f"a factor in [{BELOW:g}, {ABOVE:g}], all else the same, {control}"
            )
            found.append(CellVerdict(cell, float(wild.mean()) >= 0.5, float(wild.mean()), text))
    return found


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
