"""Claims on the per-layer factor of the gradient, and on what follows from it in training."""

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import cells, chosen_runs, hidden_at_start, mostly, share, signal_at_start
from initbench.study.cells import BLOCK, CELL, RUN
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
    f"in the layer with R² of at least {STRAIGHT:g}.",
    figure="backward_signal",
)
def geometric_law(tables):
    """Linearity of ln δ² in the layer."""
    frame = hidden_at_start(tables, ["delta_rms_gaussian"])
    found = []
    for cell, part in cells(frame[frame["depth"] >= FEWEST_LAYERS]):
        delta = mean_squares(part, "delta_rms_gaussian", by=["layer"])
        if len(delta) < cell["depth"] or not (np.isfinite(delta) & (delta > 0)).all():
            continue
        slope, _ = np.polyfit(delta.index, np.log(delta), 1)
        straight = float(np.corrcoef(delta.index, np.log(delta))[0, 1] ** 2) if np.ptp(np.log(delta)) > 0 else 1.0
        factor = float(np.exp(-slope))
        if not BELOW <= factor <= ABOVE:
            draws = part["seed"].nunique()
            text = f"factor {factor:.3g} a layer, R² {straight:.3f} over {cell['depth']} layers, mean of {draws} draws"
            found.append(CellVerdict(cell, straight >= STRAIGHT, straight, text))
    return found


@claim(
    "vanishing-stalls",
    statement="Where the factor is below 1, training stalls",
    statement_zh="梯度消失使训练停滞",
    rule=f"Cells: trained, at least two hidden layers, starts other than zeros and constants (whose symmetry stalls them too), with "
    f"a median factor χ̂ at step 0 below {BELOW:g}, at the cell's chosen learning rate. Holds if at least 90 % of the runs are "
    "stalled within the budget.",
    figure="run_status",
)
def vanishing_stalls(tables):
    """Stalled runs where the gradient shrinks."""
    trained = chosen_runs(tables)
    found = []
    for cell, part, factor in _with_factor(tables, trained[trained["kind"] == "other"]):
        if factor < BELOW:
            stalled = part["status"] == "stalled"
            text = f"factor {factor:.3g}, {share(stalled.sum(), len(stalled), 'runs stalled')} within {part['steps'].max()} steps"
            found.append(CellVerdict(cell, mostly(stalled), float(stalled.mean()), text))
    return found


@claim(
    "exploding-unstable",
    statement="Where it is above 1, training is unstable: it diverges or oscillates",
    statement_zh="梯度爆炸使训练不稳定",
    rule=f"Cells: trained, at least two hidden layers, every start with a median factor χ̂ at step 0 above {ABOVE:g}, at the cell's "
    f"chosen learning rate. A run is unstable if it diverged or its training loss rose by more than {JUMP:g} nats between two "
    "records. Holds if at least half of the runs are unstable.",
    figure="learning_curves",
)
def exploding_unstable(tables):
    """Diverged or oscillating runs where the gradient grows."""
    judged = list(_with_factor(tables, _with_instability(tables)))
    steady = {}  # the control: runs of the same block whose gradient neither grows nor shrinks
    for cell, part, factor in judged:
        if BELOW <= factor <= ABOVE:
            steady.setdefault(tuple(cell[axis] for axis in BLOCK), []).extend(part["unstable"])
    found = []
    for cell, part, factor in judged:
        if factor > ABOVE:
            wild = part["unstable"]
            diverged = int((part["status"] == "diverged").sum())
            others = steady.get(tuple(cell[axis] for axis in BLOCK), [])
            control = f"{sum(others)} of {len(others)} runs" if others else "no runs"
            text = (
                f"factor {factor:.3g}, {share(wild.sum(), len(wild), 'runs unstable')}, {diverged} of them diverged; unstable "
                f"from starts of a factor in [{BELOW:g}, {ABOVE:g}], all else the same: {control}"
            )
            found.append(CellVerdict(cell, float(wild.mean()) >= 0.5, float(wild.mean()), text))
    return found


def _with_instability(tables):
    """The chosen runs, each with whether it diverged or its training loss rose by more than JUMP."""
    curves = tables.read("history", [*RUN, "step", "train_loss"]).sort_values([*RUN, "step"])
    rise = curves["train_loss"] - curves.groupby(RUN, observed=True)["train_loss"].shift()
    rises = curves.assign(rise=rise).groupby(RUN, observed=True, as_index=False)["rise"].max()
    chosen = chosen_runs(tables).merge(rises, on=RUN)
    return chosen.assign(unstable=(chosen["status"] == "diverged") | (chosen["rise"] > JUMP))


def _with_factor(tables, runs):
    """(cell with its regime at the start, its runs, median factor) where the factor is defined."""
    start = signal_at_start(tables, ["gradient_factor", "gradient_regime"])
    start = start.dropna(subset="gradient_factor").groupby(CELL, observed=True)
    factors = start["gradient_factor"].median()
    regimes = start["gradient_regime"].agg(lambda regime: regime.mode().iloc[0])
    for cell, part in cells(runs):
        key = tuple(cell[axis] for axis in CELL)
        if key in factors.index:
            factor = float(factors[key])
            yield cell | {"regime": regimes[key], "factor": factor}, part, factor
