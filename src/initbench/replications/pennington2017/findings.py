"""Orthogonal weights make deep tanh networks near-isometries that learn fast; Gaussian weights and ReLU cannot."""

import numpy as np
import pandas as pd

from initbench.replications import NOT, REPRODUCED, UNTESTED, UNTOLD, Finding, replication, verdict
from initbench.replications.pennington2017.learning import TARGET, exponent, learning_times
from initbench.replications.reading import NETWORK, chosen_runs, listed

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
FURTHER = {("tanh", "orthogonal(gain=1.05)"): "orthogonal", ("tanh", "gaussian(1.1025)"): "Gaussian"}
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


@replication(
    "pennington2017",
    paper="Pennington, Schoenholz & Ganguli 2017, “Resurrecting the sigmoid in deep learning through dynamical isometry: theory and "
    "practice” (NIPS)",
    scaling=(
        ("width", "infinite in the theory; wider networks in training", "64 units in training, 128 for singular values"),
        ("Jacobian", "square, of the hidden layers", "from the 64 inputs to the 10 logits, pooled over 8 samples"),
        ("data", "CIFAR-10", "the 8 × 8 digits"),
        ("depths", "to 200 layers and more", "10, 50 and 200 hidden layers"),
        ("critical point", "tanh with σ_w just above 1 and small biases", "σ_w = 1 without biases, where the length of the signal falls as "
         "one over the depth; σ_w = 1.05 beside it"),
        ("training", "several optimisers, many more updates", "200 updates of SGD with momentum 0.9, batches of 64, the fastest of five "
         "rates at each depth"),
    ),
    consequence="The digits come in with a length far from the fixed point, so that the first layers bend them and spread the values "
    "of orthogonal networks too. Ten outputs of 64 or 128 units leave out most of the spectrum's small values, so that the spread of "
    "the Gaussian and ReLU networks is smaller here than of a square Jacobian, while narrow layers make it larger. Where a "
    "network does not reach the loss in 200 updates, how many times slower it is cannot be said, only that it is.",
)  # fmt: skip
def pennington2017(tables):
    """Singular values by depth for both starts and both activations, then learning times and test accuracy."""
    values, times = singular_values(tables), learning_times(tables)
    growth = exponent(_of(times, ORTHOGONAL_TANH), tables.runs["learning_rate"])
    return [_isometry(values), _relu(values), _faster(times), _growth(times, growth), _outperform(tables)]


def _of(table, key) -> pd.DataFrame:
    activation, scheme = key
    return table[(table["activation"] == activation) & (table["scheme"] == scheme)].set_index("depth").sort_index()


def _conditions(found) -> str:
    return listed((f"depth {depth}:", f"{value:.3g}") for depth, value in found["condition"].items()) or "not measured"


def _spreads(found) -> bool | None:
    """Whether the spread of singular values grows from each depth to the next, to SPREAD or more; None if not measured."""
    if len(found) < 2:
        return None
    return bool(found["condition"].is_monotonic_increasing and found["condition"].iloc[-1] >= SPREAD)


def _isometry(values) -> Finding:
    orthogonal, gaussian = _of(values, ORTHOGONAL_TANH), _of(values, GAUSSIAN_TANH)
    beside = "; ".join(
        f"{name} {_conditions(_of(values, key))}" for key, name in FURTHER.items() if len(_of(values, key))
    )
    held = bool(orthogonal["condition"].max() <= ISOMETRIC) if len(orthogonal) else None
    return Finding(
        "Deep tanh networks can be near-isometries, but only with orthogonal weights",
        "“Sigmoidal networks can achieve isometry, but only with orthogonal weight initialization” (abstract).",
        f"Largest over smallest singular value of ∂logits/∂inputs, median over draws, σ_w = 1 — orthogonal "
        f"{_conditions(orthogonal)}; Gaussian {_conditions(gaussian)}."
        + (f" With σ_w = 1.05 — {beside}." if beside else ""),
        f"σ_w = 1, orthogonal: at most {ISOMETRIC:g} at every depth; Gaussian: grows from each depth to the next, to {SPREAD:g} or more",
        verdict(held, _spreads(gaussian)),
    )


def _relu(values) -> Finding:
    found = {NAMES[key]: _of(values, key) for key in (ORTHOGONAL_RELU, GAUSSIAN_RELU)}
    return Finding(
        "ReLU networks cannot be",
        "“ReLU networks are incapable of dynamical isometry” (abstract), whatever the weights.",
        "Largest over smallest singular value at the critical point, σ_w² = 2 — "
        + "; ".join(f"{name} {_conditions(table)}" for name, table in found.items())
        + ".",
        f"from both starts it grows from each depth to the next, to {SPREAD:g} or more",
        verdict(*map(_spreads, found.values())),
    )


def _text(steps) -> str:
    return f"{steps:.0f}" if np.isfinite(steps) else "never"


def _times(found) -> str:
    return listed((f"depth {depth}:", _text(steps)) for depth, steps in found["steps"].items()) or "not trained"


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
    return Finding(
        "Isometric networks learn faster than all others",
        "“Deep nonlinear networks achieving dynamical isometry learn orders of magnitude faster than networks that do not” (abstract).",
        f"Updates to {TARGET:g} nats of training loss at the fastest rate — "
        + "; ".join(f"{NAMES[key]}, {_times(table)}" for key, table in found.items())
        + ".",
        f"at the largest depth each of the other three takes at least {SLOWER:g} times the updates of the orthogonal tanh network, which "
        "learns",
        verdict(*parts),
    )


def _growth(times, growth) -> Finding:
    found = _of(times, ORTHOGONAL_TANH)
    said = "no power of depth"
    if growth:
        ends = [
            f"{end:.2f} at {word}" for word, end in zip(("least", "most"), growth[1:], strict=True) if np.isfinite(end)
        ]
        said = f"a power of depth with exponent {growth[0]:.2f}; at the best rates of all it is {' and '.join(ends) or 'unknown'}"
    return Finding(
        "Their learning time grows no faster than the root of the depth",
        "Learning time grows like the square root of the number of layers (the experiments; as others quote it, not compared with the "
        "text).",
        f"Orthogonal tanh networks — {_times(found)}: {said}.",
        f"they learn at every depth, and the exponent is at most {EXPONENT:g}, whatever the best rates between those tried; not reproduced "
        "if it is larger whatever they are, else it cannot be told",
        _growth_verdict(found, growth),
    )


def _growth_verdict(found, growth) -> str:
    if len(found) < 2:
        return UNTESTED
    if growth is None or growth[1] > EXPONENT:
        return NOT
    return REPRODUCED if growth[2] <= EXPONENT else UNTOLD


def _outperform(tables) -> Finding:
    runs = chosen_runs(tables).fillna({"test_accuracy": 0.0})
    runs = runs[runs["depth"] == runs["depth"].max()]
    by = {key: runs[(runs["activation"] == key[0]) & (runs["scheme"] == key[1])].set_index("seed") for key in NAMES}
    ours, parts = by[ORTHOGONAL_TANH]["test_accuracy"], []
    for key in (ORTHOGONAL_RELU, GAUSSIAN_RELU):
        ahead = (ours - by[key]["test_accuracy"]).dropna()
        parts.append(bool((ahead > 0).all()) if len(ahead) else None)
    numbers = "; ".join(
        f"{NAMES[key]}: {table['test_accuracy'].mean():.3f} ({table['test_accuracy'].min():.3f} to {table['test_accuracy'].max():.3f})"
        for key, table in by.items()
        if len(table)
    )
    return Finding(
        "Deep sigmoidal networks outperform deep ReLU networks",
        "“Properly-initialized deep sigmoidal networks consistently outperform deep ReLU networks” (abstract).",
        f"Test accuracy of the deepest networks at the rate chosen on validation data, mean and range over {len(ours)} seeds — {numbers}.",
        "at the largest depth the orthogonal tanh network is ahead of both ReLU networks on every seed",
        verdict(*parts),
    )
