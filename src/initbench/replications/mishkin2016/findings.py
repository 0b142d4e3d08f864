"""LSUV gives every layer's output variance 1 on data; deep thin networks train from it as well as from any other start."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import NETWORK, chosen_runs, fastest

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


@replication(
    "mishkin2016",
    paper="Mishkin & Matas 2016, “All you need is a good init” (ICLR)",
    scaling=(
        ("network", "convolutional: FitNets, residual nets, GoogLeNet, CaffeNet", "a perceptron of 17 hidden layers of 32 units"),
        ("data", "MNIST, CIFAR-10 and -100, ImageNet", "the 8 × 8 digits"),
        ("activations", "maxout, ReLU, very leaky ReLU (0.333), tanh", "ReLU, leaky ReLU (0.01), tanh; sigmoid beside them"),
        ("batch of the scaling", "a mini-batch; a tolerance of 0.1 of the variance", "64 samples; the division by the deviation is exact"),
        ("training", "many epochs", "600 updates of SGD with momentum 0.9, batches of 64, the best of four "
         "rates on validation data of three other seeds"),
    ),
    consequence="Images of 64 pixels are learned by all starts that keep the signal, so that differences of a per cent are not to be seen; "
    "what is seen is which start fails where. With tanh, a variance of 1 before φ means σ_w² = 1/E φ² = 2.54 in a "
    "wide network, within the chaotic phase: δ² grows by E φ′²/E φ² = 1.18 a layer, and LSUV is no neutral start there.",
)  # fmt: skip
def mishkin2016(tables):
    """Variances at the start, then who trains, how well and how fast."""
    spread, table = variances(tables), outcomes(tables)
    times = fastest(tables, TARGET, ["activation", "scheme"])
    return [_variance(spread), _trains(table), _as_good(table), _as_fast(times), _others(table)]


def _variance(spread) -> Finding:
    ours = spread[spread["scheme"] == LSUV]
    numbers = "; ".join(
        f"{activation}: "
        + ", ".join(
            f"{NAMES[row.scheme]} {row.min:.3g} to {row.max:.3g}" for row in part.itertuples() if row.scheme in NAMES
        )
        for activation, part in spread.groupby("activation")
    )
    parts = [
        bool(low >= 1 - TOLERANCE and high <= 1 + TOLERANCE) for low, high in zip(ours["min"], ours["max"], strict=True)
    ]
    return Finding(
        "LSUV sets the variance of every layer's output to 1",
        "“Proceed from the first to the final layer, normalizing the variance of the output of each layer to be equal to one” (abstract).",
        f"Lowest and highest variance of W a over the layers, mean over draws — {numbers or 'no such networks'}.",
        f"with LSUV the variance of every layer is within {TOLERANCE:g} of 1",
        verdict(*parts),
    )


def _trains(table) -> Finding:
    ours = table[(table["scheme"] == LSUV) & table["activation"].isin(PUBLISHED)]
    numbers = "; ".join(f"{row.activation}: {row.trained:.0%} of {row.runs} runs" for row in ours.itertuples())
    return Finding(
        "Very deep networks learn from it, whatever the activation",
        "“Experiment with different activation functions (maxout, ReLU-family, tanh) show that the proposed initialization leads to "
        "learning of very deep nets” (abstract).",
        f"Runs that are trained at the chosen rate — {numbers or 'no such networks'}.",
        "every run with ReLU, leaky ReLU and tanh is trained at the end",
        verdict(*(ours["trained"] == 1)),
    )


def _as_good(table) -> Finding:
    parts, numbers = [], []
    for activation in PUBLISHED:
        found = table[(table["activation"] == activation) & table["scheme"].isin(NAMES)].set_index("scheme")
        if LSUV not in found.index or len(found) < 2:
            continue
        parts.append(bool(found["accuracy"][LSUV] >= found["accuracy"].drop(LSUV).max() - MARGIN))
        numbers.append(
            f"{activation}: "
            + ", ".join(f"{NAMES[row.Index]} {row.accuracy:.3f} ± {row.deviation:.3f}" for row in found.itertuples())
        )
    return Finding(
        "Test accuracies are better than, or equal to, those of standard starts",
        "It “produces networks with test accuracy better or equal to standard methods” (abstract).",
        f"Mean test accuracy and deviation over seeds — {'; '.join(numbers) or 'no such networks'}.",
        f"for ReLU, leaky ReLU and tanh LSUV's mean is at most {MARGIN:g} below the best of the others",
        verdict(*parts),
    )


def _as_fast(times) -> Finding:
    parts, numbers = [], []
    for activation in PUBLISHED:
        found = times[(times["activation"] == activation) & times["scheme"].isin(NAMES)].set_index("scheme")
        if LSUV not in found.index or len(found) < 2:
            continue
        steps = found["steps"]
        parts.append(bool(np.isfinite(steps[LSUV]) and steps[LSUV] <= FAST * steps.drop(LSUV).min()))
        shown = (
            f"{NAMES[name]} {value:.0f}" if np.isfinite(value) else f"{NAMES[name]} never"
            for name, value in steps.items()
        )
        numbers.append(f"{activation}: " + ", ".join(shown))
    return Finding(
        "Learning from it is as fast as from the others",
        "It “is at least as fast as the complex schemes proposed specifically for very deep nets” (abstract: FitNets, Highway networks); "
        "here it is compared with plain starts instead.",
        f"Updates to {TARGET:g} nats of training loss at the fastest rate, median over seeds — {'; '.join(numbers) or 'no such networks'}.",
        f"for ReLU, leaky ReLU and tanh LSUV takes at most {FAST:g} times the updates of the fastest of the others",
        verdict(*parts),
    )


def _others(table) -> Finding:
    """What the study sees beyond the paper's abstract: where each start fails."""
    found = table[table["scheme"].isin(NAMES)]
    failing = {
        name: list(found.loc[(found["scheme"] == name) & (found["trained"] < 0.5), "activation"]) for name in NAMES
    }
    numbers = "; ".join(f"{NAMES[name]}: {', '.join(where) or 'none'}" for name, where in failing.items())
    ours, others = failing[LSUV], [where for name, where in failing.items() if name != LSUV]
    compared = LSUV in set(found["scheme"]) and found["scheme"].nunique() > 1 and (found["trained"] >= 0.5).any()
    return Finding(
        "No other start trains with more activations",
        "Not stated so: the paper's advice is that one start serves all activations and architectures.",
        f"Activations with which less than half of the runs are trained within the budget — {numbers}.",
        "some network is trained, and LSUV fails with fewer activations than each of the other starts, or with as many",
        verdict(bool(all(len(ours) <= len(where) for where in others)) if compared else None),
    )
