"""Orthogonal weights make deep tanh networks near-isometries that learn fast; Gaussian weights and ReLU cannot."""

import numpy as np
import pandas as pd

from initbench.replications import NOT, REPRODUCED, UNTESTED, UNTOLD, Finding, replication, verdict
from initbench.replications.pennington2017.learning import TARGET, exponent, learning_times
from initbench.replications.reading import NETWORK, chosen_runs
from initbench.replications.said import Listed, by_depth, listed, named, say

ORTHOGONAL_TANH = ("tanh", "orthogonal")
GAUSSIAN_TANH = ("tanh", "gaussian(1)")
ORTHOGONAL_RELU = ("relu", "orthogonal(gain=1.4142)")
GAUSSIAN_RELU = ("relu", "he_normal")
NAMES = {
    ORTHOGONAL_TANH: "tanh, orthogonal",
    GAUSSIAN_TANH: "tanh, Gaussian",
    ORTHOGONAL_RELU: "ReLU, orthogonal",
    GAUSSIAN_RELU: "ReLU, Gaussian",
}
KEYS = dict(
    zip(NAMES, ("tanh_orthogonal", "tanh_gaussian", "relu_orthogonal", "relu_gaussian"), strict=True)
)  # of the catalogue
FURTHER = {("tanh", "orthogonal(gain=1.05)"): "orthogonal", ("tanh", "gaussian(1.1025)"): "gaussian"}
ISOMETRIC, SPREAD = 2.0, 10.0  # largest over smallest singular value: at most, and at least
SLOWER = 2.0  # times as many updates
EXPONENT = 0.75  # of learning time on depth: nearer to the published 1/2, or to 0, than to 1


def singular_values(tables) -> pd.DataFrame:
    """A row an activation, scheme and depth of the widest networks: the singular values of ∂logits/∂inputs, median over draws.

    condition: the median of largest over smallest; low, high: its lowest and highest over draws.
    """
    values = ["jacobian_max", "jacobian_min"]
    frame = tables.signal_at_start(values, **NETWORK)
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame.assign(condition=frame["jacobian_max"] / frame["jacobian_min"].where(frame["jacobian_min"] > 0))
    by = frame.fillna({"condition": np.inf}).groupby(["activation", "scheme", "depth"])
    spread = by["condition"].agg(condition="median", low="min", high="max", draws="size")
    return spread.join(by[values].median()).reset_index()


@replication("pennington2017")
def pennington2017(tables):
    """Singular values by depth for both starts and both activations, then learning times and test accuracy."""
    values, times = singular_values(tables), learning_times(tables)
    growth = exponent(_of(times, ORTHOGONAL_TANH), tables.runs["learning_rate"])
    return [_isometry(values), _relu(values), _faster(times), _growth(times, growth), _outperform(tables)]


def _of(table, key) -> pd.DataFrame:
    activation, scheme = key
    return table[(table["activation"] == activation) & (table["scheme"] == scheme)].set_index("depth").sort_index()


def _conditions(found) -> Listed:
    return by_depth(found["condition"])


def _spreads(found) -> bool | None:
    """Whether the spread of singular values grows from each depth to the next, to SPREAD or more; None if not measured."""
    if len(found) < 2:
        return None
    return bool(found["condition"].is_monotonic_increasing and found["condition"].iloc[-1] >= SPREAD)


def _isometry(values) -> Finding:
    orthogonal, gaussian = _of(values, ORTHOGONAL_TANH), _of(values, GAUSSIAN_TANH)
    further = ((say(name), _conditions(_of(values, key))) for key, name in FURTHER.items() if len(_of(values, key)))
    beside = named(further, between="semicolon")
    held = bool(orthogonal["condition"].max() <= ISOMETRIC) if len(orthogonal) else None
    said = {
        "orthogonal": _conditions(orthogonal),
        "gaussian": _conditions(gaussian),
        "isometric": ISOMETRIC,
        "spread": SPREAD,
    }
    said["beside"] = say("beside_it", numbers=beside) if beside.items else ""
    return Finding("isometry", verdict(held, _spreads(gaussian)), said)


def _relu(values) -> Finding:
    found = {key: _of(values, key) for key in (ORTHOGONAL_RELU, GAUSSIAN_RELU)}
    numbers = named(((say(KEYS[key]), _conditions(table)) for key, table in found.items()), between="semicolon")
    return Finding("relu", verdict(*map(_spreads, found.values())), {"numbers": numbers, "spread": SPREAD})


def _times(found) -> Listed:
    steps = found["steps"].items()
    return by_depth({d: round(value) if np.isfinite(value) else say("never") for d, value in steps}, "not_trained")


def _faster(times) -> Finding:
    found = {key: _of(times, key) for key in NAMES}
    orthogonal = found[ORTHOGONAL_TANH]
    deepest = orthogonal.index.max() if len(orthogonal) else None
    parts = [
        bool(
            np.isfinite(orthogonal["steps"][deepest])
            and table["steps"][deepest] >= SLOWER * orthogonal["steps"][deepest]
        )
        if deepest in table.index
        else None
        for key, table in found.items()
        if key != ORTHOGONAL_TANH
    ]
    numbers = named(((say(KEYS[key]), _times(table)) for key, table in found.items()), between="semicolon")
    return Finding("faster", verdict(*parts), {"target": TARGET, "numbers": numbers, "slower": SLOWER})


def _growth(times, growth) -> Finding:
    found, power = _of(times, ORTHOGONAL_TANH), say("no_power")
    if growth:
        ends = [say(key, value=end) for key, end in zip(("least", "most"), growth[1:], strict=True) if np.isfinite(end)]
        power = say("power", value=growth[0], ends=listed(ends, "unknown", "and"))
    values = {"numbers": _times(found), "power": power, "exponent": EXPONENT}
    return Finding("growth", _growth_verdict(found, growth), values)


def _growth_verdict(found, growth) -> str:
    if len(found) < 2:
        return UNTESTED
    if growth is None or growth[1] > EXPONENT:
        return NOT
    return REPRODUCED if growth[2] <= EXPONENT else UNTOLD


def _outperform(tables) -> Finding:
    runs = chosen_runs(tables).fillna({"test_accuracy": 0.0})
    runs = runs[runs["depth"] == runs["depth"].max()]
    by = {
        key: runs[(runs["activation"] == key[0]) & (runs["scheme"] == key[1])].groupby("seed")["test_accuracy"].mean()
        for key in NAMES
    }
    ours, parts = by[ORTHOGONAL_TANH], []
    for key in (ORTHOGONAL_RELU, GAUSSIAN_RELU):
        ahead = (ours - by[key]).dropna()
        parts.append(bool((ahead > 0).all()) if len(ahead) else None)
    scores = ((KEYS[key], found) for key, found in by.items() if len(found))
    rows = (say("row", name=say(name), mean=score.mean(), low=score.min(), high=score.max()) for name, score in scores)
    return Finding("outperform", verdict(*parts), {"seeds": len(ours), "numbers": listed(rows, between="semicolon")})
