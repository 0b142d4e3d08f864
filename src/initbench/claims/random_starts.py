"""Claims on random starts."""

import numpy as np
import pandas as pd

from initbench.claims import CellVerdict, claim
from initbench.claims.measures import (
    cells,
    chosen_runs,
    factors_with_errors,
    hidden_at_every_step,
    hidden_at_start,
    mostly,
    share,
    signal_at_start,
)
from initbench.study.cells import BLOCK, CELL

KEPT = (0.9, 1.1)  # bounds of the per-layer factors of a start that keeps the variance
DEEP = 5  # hidden layers from which on a network counts as deep
MOMENTS = ["preactivation_second_moment", "delta_rms_gaussian"]
REGIME = ["gradient_ratio", "gradient_regime"]
RECOMMENDED = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal"]
KEEPS = (
    "Cells: {scheme} with {activation} without normalisation at step 0, at least two hidden layers, at the study's largest width. "
    "Holds if the forward per-layer factor of E[z²] and the backward factor of δ² (independent cotangent), both averaged over "
    "draws before the logarithm, lie in [0.9, 1.1]."
)


@claim(
    "random-breaks-symmetry",
    statement="Small random weights N(0, 0.01²) break the symmetry",
    statement_zh="小随机数打破对称性",
    rule="Cells: small_normal, at least one hidden layer, every normalisation. Holds if in every hidden layer of every run all units "
    "have distinct weights at every recorded step, and at step 0 at least as many distinct gradients as units that are not dead.",
    figure="distinct_units",
)
def random_breaks_symmetry(tables):
    """Distinct units under small random weights."""
    columns = ["distinct_weights", "distinct_gradients", "dead_fraction"]
    frame = hidden_at_every_step(tables, columns, ["small_normal"]).dropna(subset="distinct_weights")
    live = np.floor(frame["width"] * (1 - frame["dead_fraction"]) + 1e-6)
    broken = (frame["distinct_weights"] == frame["width"]) & (
        (frame["step"] > 0) | (frame["distinct_gradients"] >= live)
    )
    found = []
    for cell, part in cells(frame.assign(broken=broken)):
        runs = part.groupby(["learning_rate", "seed"], dropna=False)["broken"].all()
        fewest = part.loc[part["step"] == 0, "distinct_gradients"].min()
        text = (
            f"{share(runs.sum(), len(runs), 'runs')}, at least {part['distinct_weights'].min():g} of {cell['width']} distinct by "
            f"weights and {fewest:g} by gradients at step 0"
        )
        found.append(CellVerdict(cell, bool(runs.all()), float(runs.mean()), text))
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
    return _shares(frame, frame["gradient_regime"].isin(["vanishing", "zero"]), "vanishing or zero")


@claim(
    "xavier-sigmoid",
    statement="U(±1/√n) keeps the variance from layer to layer with sigmoid",
    statement_zh="Xavier（Sigmoid）保持方差一致",
    rule=KEEPS.format(scheme="xavier_sigmoid", activation="sigmoid"),
    figure="backward_signal",
)
def xavier_sigmoid(tables):
    """The heuristic of Glorot & Bengio 2010, eq. 1."""
    return _keeps(tables, "xavier_sigmoid", "sigmoid")


@claim(
    "xavier-tanh",
    statement="U(±√6/√(n+m)) keeps the variance from layer to layer with tanh",
    statement_zh="Xavier（Tanh）保持方差一致",
    rule=KEEPS.format(scheme="xavier_tanh", activation="tanh"),
    figure="backward_signal",
)
def xavier_tanh(tables):
    """Glorot & Bengio 2010, eq. 16."""
    return _keeps(tables, "xavier_tanh", "tanh")


@claim(
    "he-relu",
    statement="N(0, 2/n) keeps the variance from layer to layer with ReLU",
    statement_zh="He 保持 ReLU 方差一致",
    rule=KEEPS.format(scheme="he_normal", activation="relu"),
    figure="backward_signal",
)
def he_relu(tables):
    """He et al. 2015, eq. 10."""
    return _keeps(tables, "he_normal", "relu")


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
    return _shares(frame, frame["gradient_regime"] == "stable", "stable")


@claim(
    "recommended-train",
    statement="Small random, Xavier and He train where zero and constant do not",
    statement_zh="推荐方法避免上述问题",
    rule="Cells: small_normal, xavier_sigmoid, xavier_tanh and he_normal, trained without normalisation, at least one hidden layer, in "
    "blocks that have a start from zeros or a constant, each at its chosen learning rate. Holds if at least 90 % of the runs "
    "reach the declared training accuracy (0.95 by default) within the budget and no run from zeros or a constant does.",
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
    found = []
    for cell, part in cells(chosen[chosen["scheme"].isin(RECOMMENDED)]):
        block = tuple(cell[axis] for axis in BLOCK)
        if block in known.index:
            trained, (flat_trained, flat_runs) = part["status"] == "trained", known.loc[block]
            text = (
                f"{share(trained.sum(), len(trained), 'runs trained')} within {part['steps'].max()} steps, and {flat_trained} of "
                f"{flat_runs} from zeros or a constant"
            )
            found.append(CellVerdict(cell, mostly(trained) and flat_trained == 0, float(trained.mean()), text))
    return found


def _shares(frame: pd.DataFrame, flags: pd.Series, word: str) -> list[CellVerdict]:
    """Share of draws for which the flag is set, cell by cell; holds where most are."""
    found = []
    for cell, part in cells(frame.assign(flag=flags)):
        ratio = part["gradient_ratio"].median()
        size = f", median δ²_1/δ²_H {ratio:.3g}" if not np.isnan(ratio) else ""
        text = f"{share(part['flag'].sum(), len(part), 'draws ' + word)}{size}"
        found.append(CellVerdict(cell, mostly(part["flag"]), float(part["flag"].mean()), text))
    return found


def _keeps(tables, scheme: str, activation: str) -> list[CellVerdict]:
    """Both per-layer factors of a scheme with an activation, with their errors; the number is the larger |ln factor|."""
    start = hidden_at_start(tables, MOMENTS, scheme=scheme, activation=activation, normalization="none")
    start = start[start["depth"] > 1]
    found = []
    for cell, part in cells(start[start["width"] == start["width"].max()]):
        forward, backward = factors_with_errors(part[[*CELL, "seed", "layer", *MOMENTS]])
        texts = [
            f"{value:.3f}" + (f" ± {error:.2g}" if not np.isnan(error) else "") for value, error in (forward, backward)
        ]
        kept = all(KEPT[0] <= value <= KEPT[1] for value, _ in (forward, backward))
        off = max(abs(np.log(value)) for value, _ in (forward, backward))
        text = f"E[z²] × {texts[0]} and δ² × {texts[1]} a layer (standard error over {part['seed'].nunique()} draws)"
        found.append(CellVerdict(cell, kept, float(off), text))
    return found
