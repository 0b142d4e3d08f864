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
    share,
    signal_at_start,
)
from initbench.study.cells import BLOCK, RUN

DEEP = 5  # hidden layers from which on a network counts as deep
APART = 0.5  # share of the live units that are distinct where the symmetry is broken
REGIME = ["gradient_ratio", "gradient_regime"]
RECOMMENDED = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal"]


@claim(
    "random-breaks-symmetry",
    statement="Small random weights N(0, 0.01²) break the symmetry",
    statement_zh="小随机数打破对称性",
    rule="Cells: small_normal, trained, at least one hidden layer, every normalisation, at the cell's chosen learning rate. Holds if "
    "in at least 90 % of the runs, in every hidden layer and at every recorded step all units have distinct weights, and at least "
    "half of those that are not dead distinct activations and distinct weight gradients. A gradient that lies wholly below what "
    "float32 can tell from rounding or underflow counts as one unit: it sets none apart. Records of a network of which some hidden "
    "layer is wholly dead are left out: it has no units to tell apart.",
    figure="distinct_units",
)
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
        text = (
            f"{share(runs.sum(), len(runs), 'runs')}; at least {part['distinct_weights'].min():g} of {cell['width']} units distinct by "
            f"weights, {part['distinct_activations'].min():g} by activations, {part['distinct_gradients'].min():g} by gradients; "
            f"gradients below the floor in {part['below'].mean():.1%} of layers and records"
        )
        found.append(CellVerdict(with_gradient(cell, axes), mostly(runs), float(runs.mean()), text))
    return found


@claim(
    "small-normal-depth",
    statement="(beyond the source) N(0, 0.01²) still loses the signal in deep networks",
    statement_zh="（来源之外）N(0, 0.01²) 在深层网络中仍会丢失信号",
    rule=f"Cells: small_normal without normalisation at step 0, at least {DEEP} hidden layers. Holds if the gradient is vanishing or "
    "zero (δ²_1/δ²_H of an independent cotangent below the declared threshold, 0.01 by default) in at least 90 % of the draws.",
    figure="backward_signal",
)
def small_normal_depth(tables):
    """The regime of small random weights in deep networks."""
    frame = signal_at_start(tables, REGIME, scheme="small_normal", normalization="none")
    frame = frame[frame["depth"] >= DEEP]
    return _shares(tables, frame, frame["gradient_regime"].isin(["vanishing", "zero"]), "vanishing or zero")


@claim(
    "recommended-gradients",
    statement="Small random, Xavier and He mitigate vanishing and exploding gradients",
    statement_zh="可以缓解梯度消失或爆炸",
    rule="Cells: small_normal, xavier_sigmoid, xavier_tanh and he_normal without normalisation at step 0, at least two hidden layers, "
    "every activation. Holds if the gradient is stable (δ²_1/δ²_H of an independent cotangent within the declared thresholds, "
    "0.01 to 100 by default) in at least 90 % of the draws.",
    figure="backward_signal",
)
def recommended_gradients(tables):
    """The regime of the recommended starts."""
    frame = signal_at_start(tables, REGIME, scheme=RECOMMENDED, normalization="none")
    return _shares(tables, frame, frame["gradient_regime"] == "stable", "stable")


@claim(
    "recommended-train",
    statement="Small random, Xavier and He train where zero and constant do not",
    statement_zh="推荐方法避免上述问题",
    rule="Cells: small_normal, xavier_sigmoid, xavier_tanh and he_normal, trained without normalisation, at least one hidden layer, in "
    "blocks that have a start from zeros or a constant, each at its chosen learning rate. Holds if at least 90 % of the runs "
    "reach the declared training accuracy (0.95 by default) within the budget and no run from zeros or a constant does. The budget of "
    "updates stands in the condition, the rates in the evidence: more updates train more of them.",
    figure="run_status",
)
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
            text = (
                f"{share(trained.sum(), len(trained), 'runs trained')} (rate {part['learning_rate'].iloc[0]:g}), and {flat_trained} "
                f"of {flat_runs} from zeros or a constant"
            )
            place = with_gradient(cell, axes)
            found.append(CellVerdict(place, mostly(trained) and flat_trained == 0, float(trained.mean()), text))
    return found


def _shares(tables, frame: pd.DataFrame, flags: pd.Series, word: str) -> list[CellVerdict]:
    """Share of draws for which the flag is set, cell by cell; holds where most are. The ratio is the endpoint, no axis."""
    axes, found = gradient_axes(tables), []
    for cell, part in cells(frame.assign(flag=flags)):
        ratio = part["gradient_ratio"].median()
        size = f", median δ²_1/δ²_H {ratio:.3g}" if not np.isnan(ratio) else ""
        text = f"{share(part['flag'].sum(), len(part), 'draws ' + word)}{size}"
        place = {axis: value for axis, value in with_gradient(cell, axes).items() if axis != "gradient_ratio"}
        found.append(CellVerdict(place, mostly(part["flag"]), float(part["flag"].mean()), text))
    return found
