"""Claims on the per-layer factor of the gradient, and on what follows from it in training."""

import numpy as np

from initbench.claims import Outcome, claim
from initbench.claims.measures import BLOCK, CELL, cells, mostly, share

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
    place=12,
)
def geometric_law(tables):
    """Linearity of ln δ² in the layer."""
    frame = tables.hidden_at_start
    outcomes = []
    for cell, part in cells(frame[frame["depth"] >= FEWEST_LAYERS]):
        delta = part.assign(delta=part["delta_rms_gaussian"] ** 2).groupby("layer")["delta"].mean()
        if len(delta) < cell["depth"] or not (np.isfinite(delta) & (delta > 0)).all():
            continue
        slope, _ = np.polyfit(delta.index, np.log(delta), 1)
        straight = float(np.corrcoef(delta.index, np.log(delta))[0, 1] ** 2) if np.ptp(np.log(delta)) > 0 else 1.0
        factor = float(np.exp(-slope))
        if not BELOW <= factor <= ABOVE:
            draws = part["seed"].nunique()
            text = f"factor {factor:.3g} a layer, R² {straight:.3f} over {cell['depth']} layers, mean of {draws} draws"
            outcomes.append(Outcome(cell, straight >= STRAIGHT, straight, text))
    return outcomes


@claim(
    "vanishing-stalls",
    statement="Where the factor is below 1, training stalls",
    statement_zh="梯度消失使训练停滞",
    rule=f"Cells: trained, at least two hidden layers, starts other than zeros and constants (whose symmetry stalls them too), with "
    f"a median factor χ̂ at step 0 below {BELOW:g}, at the cell's chosen learning rate. Holds if at least 90 % of the runs are "
    "stalled within the budget.",
    figure="run_status",
    place=13,
)
def vanishing_stalls(tables):
    """Stalled runs where the gradient shrinks."""
    trained = tables.chosen
    outcomes = []
    for cell, part, factor in _with_factor(tables, trained[trained["kind"] == "other"]):
        if factor < BELOW:
            stalled = part["status"] == "stalled"
            text = f"factor {factor:.3g}, {share(stalled.sum(), len(stalled), 'runs stalled')} within {part['steps'].max()} steps"
            outcomes.append(Outcome(cell, mostly(stalled), float(stalled.mean()), text))
    return outcomes


@claim(
    "exploding-unstable",
    statement="Where it is above 1, training is unstable: it diverges or oscillates",
    statement_zh="梯度爆炸使训练不稳定",
    rule=f"Cells: trained, at least two hidden layers, every start with a median factor χ̂ at step 0 above {ABOVE:g}, at the cell's "
    f"chosen learning rate. A run is unstable if it diverged or its training loss rose by more than {JUMP:g} nats between two "
    "records. Holds if at least half of the runs are unstable.",
    figure="learning_curves",
    place=14,
)
def exploding_unstable(tables):
    """Diverged or oscillating runs where the gradient grows."""
    run = [*CELL, "learning_rate", "seed"]
    curves = tables.history.sort_values([*run, "step"])
    rise = curves["train_loss"] - curves.groupby(run, observed=True)["train_loss"].shift()
    rises = curves.assign(rise=rise).groupby(run, observed=True, as_index=False)["rise"].max()
    chosen = tables.chosen.merge(rises, on=run)
    chosen = chosen.assign(unstable=(chosen["status"] == "diverged") | (chosen["rise"] > JUMP))
    judged = list(_with_factor(tables, chosen))
    steady = {}  # the control: runs of the same block whose gradient neither grows nor shrinks
    for cell, part, factor in judged:
        if BELOW <= factor <= ABOVE:
            steady.setdefault(tuple(cell[axis] for axis in BLOCK), []).extend(part["unstable"])
    outcomes = []
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
            outcomes.append(Outcome(cell, float(wild.mean()) >= 0.5, float(wild.mean()), text))
    return outcomes


def _with_factor(tables, runs):
    """(cell with its regime at the start, its runs, median factor) where the factor is defined."""
    start = tables.signal_at_start.dropna(subset="gradient_factor").groupby(CELL, observed=True)
    factors = start["gradient_factor"].median()
    regimes = start["gradient_regime"].agg(lambda regime: regime.mode().iloc[0])
    for cell, part in cells(runs):
        key = tuple(cell[axis] for axis in CELL)
        if key in factors.index:
            factor = float(factors[key])
            yield cell | {"regime": regimes[key], "factor": factor}, part, factor
