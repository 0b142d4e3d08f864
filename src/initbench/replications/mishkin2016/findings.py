"""LSUV gives every layer's output variance 1 on data; deep thin networks train from it as well as from any other start."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import NETWORK, chosen_runs, fastest
from initbench.replications.said import listed, named, say

LSUV = "lsuv"
NAMES = {LSUV: "LSUV", "orthogonal": "orthonormal", "xavier_tanh": "Xavier", "he_normal": "He"}
PUBLISHED = ("relu", "leaky_relu", "tanh")  # the ReLU family and tanh, of which the abstract speaks
TOLERANCE = 0.1  # of the variance, in the paper's algorithm 1
MARGIN = 0.02  # of mean test accuracy: as good as
TARGET = 0.5  # nats of training loss, for how long learning takes
FAST = 1.1  # times the updates of the fastest start: as fast as


def variances(tables) -> pd.DataFrame:
    """A row an activation and scheme: lowest, highest and last over layers of the variance of z, mean over draws first."""
    layers = tables.layers_at_start(["preactivation_std"], **NETWORK)
    layers = layers.assign(variance=layers["preactivation_std"] ** 2)
    by_layer = layers.groupby(["activation", "scheme", "layer"])["variance"].mean().groupby(["activation", "scheme"])
    return by_layer.agg(["min", "max", "last"]).reset_index()


def outcomes(tables) -> pd.DataFrame:
    """A row an activation and scheme: runs, share trained, mean test accuracy (diverged counts as 0) and its deviation."""
    runs = chosen_runs(tables).fillna({"test_accuracy": 0.0})
    runs = runs.assign(trained=runs["status"] == "trained")
    by = runs.groupby(["activation", "scheme"])
    return by.agg(
        runs=("trained", "size"),
        trained=("trained", "mean"),
        accuracy=("test_accuracy", "mean"),
        deviation=("test_accuracy", "std"),
    ).reset_index()


@replication("mishkin2016")
def mishkin2016(tables):
    """Variances at the start, then who trains, how well and how fast."""
    spread, table = variances(tables), outcomes(tables)
    times = fastest(tables, TARGET, ["activation", "scheme"])
    return [_variance(spread), _trains(table), _as_good(table), _as_fast(times), _others(table)]


def _variance(spread) -> Finding:
    ours = spread[spread["scheme"] == LSUV]
    known = spread[spread["scheme"].isin(NAMES)]
    rows = (
        say("by", name=activation, values=listed(
            say("row", start=NAMES[scheme], low=low, high=high)
            for scheme, low, high in part[["scheme", "min", "max"]].itertuples(index=False)))
        for activation, part in known.groupby("activation")
    )  # fmt: skip
    parts = [
        bool(low >= 1 - TOLERANCE and high <= 1 + TOLERANCE) for low, high in zip(ours["min"], ours["max"], strict=True)
    ]
    return Finding("variance", verdict(*parts), {"numbers": listed(rows, between="semicolon"), "tolerance": TOLERANCE})


def _trains(table) -> Finding:
    ours = table[(table["scheme"] == LSUV) & table["activation"].isin(PUBLISHED)]
    numbers = (say("row", activation=row.activation, share=row.trained, runs=row.runs) for row in ours.itertuples())
    return Finding("trains", verdict(*(ours["trained"] == 1)), {"numbers": listed(numbers, between="semicolon")})


def _as_good(table) -> Finding:
    parts, numbers = [], []
    for activation in PUBLISHED:
        found = table[(table["activation"] == activation) & table["scheme"].isin(NAMES)].set_index("scheme")
        if LSUV not in found.index or len(found) < 2:
            continue
        parts.append(bool(found["accuracy"][LSUV] >= found["accuracy"].drop(LSUV).max() - MARGIN))
        rows = (
            say("row", start=NAMES[row.Index], mean=row.accuracy, deviation=row.deviation) for row in found.itertuples()
        )
        numbers.append(say("by", name=activation, values=listed(rows)))
    return Finding("as_good", verdict(*parts), {"numbers": listed(numbers, between="semicolon"), "margin": MARGIN})


def _as_fast(times) -> Finding:
    parts, numbers = [], []
    for activation in PUBLISHED:
        found = times[(times["activation"] == activation) & times["scheme"].isin(NAMES)].set_index("scheme")
        if LSUV not in found.index or len(found) < 2:
            continue
        steps = found["steps"]
        parts.append(bool(np.isfinite(steps[LSUV]) and steps[LSUV] <= FAST * steps.drop(LSUV).min()))
        shown = ((NAMES[name], round(value) if np.isfinite(value) else say("never")) for name, value in steps.items())
        numbers.append(say("by", name=activation, values=listed(say("row", start=name, steps=n) for name, n in shown)))
    values = {"target": TARGET, "numbers": listed(numbers, between="semicolon"), "fast": FAST}
    return Finding("as_fast", verdict(*parts), values)


def _others(table) -> Finding:
    """What the study sees beyond the paper's abstract: where each start fails."""
    found = table[table["scheme"].isin(NAMES)]
    failing = {
        name: list(found.loc[(found["scheme"] == name) & (found["trained"] < 0.5), "activation"]) for name in NAMES
    }
    numbers = named(((NAMES[name], listed(where, "none")) for name, where in failing.items()), between="semicolon")
    ours, others = failing[LSUV], [where for name, where in failing.items() if name != LSUV]
    compared = LSUV in set(found["scheme"]) and found["scheme"].nunique() > 1 and (found["trained"] >= 0.5).any()
    held = bool(all(len(ours) <= len(where) for where in others)) if compared else None
    return Finding("others", verdict(held), {"numbers": numbers})
