"""Deep linear networks: from orthogonal weights learning takes as long at any depth, from Gaussian ones ever longer."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.reading import NETWORK, fastest, losses
from initbench.replications.said import Listed, by_depth, listed, say

ORTHOGONAL, GAUSSIAN = "orthogonal", "lecun_normal"
NAMES = {ORTHOGONAL: "orthogonal", GAUSSIAN: "scaled Gaussian"}
TARGET = 0.25  # nats of training loss at which a network counts as having learned; it starts near ln 10 = 2.3


def learning_times(tables) -> pd.DataFrame:
    """A row a scheme and depth: steps to the target loss at the fastest rate, and that rate."""
    return fastest(tables, TARGET, ["scheme", "depth"])


def conditioning(tables) -> pd.DataFrame:
    """Median over seeds of the largest and the smallest singular value of ∂logits/∂inputs, by scheme and depth."""
    values = ["jacobian_max", "jacobian_min"]
    return tables.signal_at_start(values, **NETWORK).groupby(["scheme", "depth"])[values].median().reset_index()


@replication("saxe2014")
def saxe2014(tables):
    """Learning time by depth, the best rate by depth, and the singular values behind them."""
    times = learning_times(tables)
    tried = losses(tables)["learning_rate"].dropna()
    return [_constant(times), _growing(times), _rate(times, tried), _singular(conditioning(tables))]


def _of(times, scheme) -> pd.DataFrame:
    return times[times["scheme"] == scheme].set_index("depth")


def _steps(table) -> Listed:
    steps = table["steps"].items()
    return by_depth({depth: round(value) if np.isfinite(value) else say("never") for depth, value in steps})


def _constant(times) -> Finding:
    found = _of(times, ORTHOGONAL)
    if found.empty:
        return missing("constant")
    ratio = float(found["steps"].max() / found["steps"].min()) if np.isfinite(found["steps"]).all() else np.inf
    told = say("times", ratio=ratio) if np.isfinite(ratio) else ""
    return Finding("constant", verdict(ratio <= 2), {"target": TARGET, "numbers": _steps(found), "times": told})


def _growing(times) -> Finding:
    gaussian, orthogonal = _of(times, GAUSSIAN), _of(times, ORTHOGONAL)
    deepest, shallowest = gaussian.index.max(), gaussian.index.min()
    if gaussian.empty or deepest not in orthogonal.index:
        return missing("growing")
    grows = _twice(gaussian["steps"][deepest], gaussian["steps"][shallowest])
    slower = _twice(gaussian["steps"][deepest], orthogonal["steps"][deepest])
    return Finding("growing", verdict(grows, slower), {"target": TARGET, "numbers": _steps(gaussian)})


def _twice(steps: float, of: float) -> bool | None:
    """Whether it takes twice the time of another; None if the other never learned."""
    return bool(steps >= 2 * of) if np.isfinite(of) else None


def _rate(times, tried) -> Finding:
    found = _of(times, ORTHOGONAL)
    found = found[np.isfinite(found["steps"])]
    slope = None
    if len(found) > 1:
        depths, rates = (np.log(values.to_numpy(float)) for values in (found.index, found["learning_rate"]))
        slope = float(np.polyfit(depths, rates, 1)[0])
    edge = found.index[found["learning_rate"].isin([tried.min(), tried.max()])]
    beyond = say("beyond", depths=listed(map(int, edge))) if len(edge) else ""
    power = "" if slope is None else say("power", slope=slope)
    values = {"numbers": by_depth(found["learning_rate"]), "power": power, "beyond": beyond}
    return Finding("rate", verdict(None if slope is None else -1.5 <= slope <= -0.5), values)


def _singular(table) -> Finding:
    table = table.assign(condition=table["jacobian_max"] / table["jacobian_min"]).set_index(["scheme", "depth"])
    if not {ORTHOGONAL, GAUSSIAN} <= set(table.index.get_level_values("scheme")):
        return missing("singular")
    orthogonal, gaussian = table.loc[ORTHOGONAL], table.loc[GAUSSIAN]
    isometric = abs(orthogonal[["jacobian_max", "jacobian_min"]] - 1).max().max()
    held = verdict(bool(isometric <= 1e-9), bool(gaussian["condition"].is_monotonic_increasing))
    return Finding("singular", held, {"isometric": float(isometric), "numbers": by_depth(gaussian["condition"])})
