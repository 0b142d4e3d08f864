"""SELU networks hold mean 0 and variance 1 from layer to layer, and their gradients still grow by E φ′² a layer."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import gaussian_variances, hidden_at_start, listed
from initbench.statistics.jackknife import jackknife
from initbench.tables.views import layer_factor
from initbench.theory import chi

SELU, LECUN = "selu", "lecun_normal"
RANDOM, REAL = "noise", "digits"
MEAN, VARIANCE = 0.05, 0.05  # what counts as mean 0, and as variance 1 (relative)
MEANS, VARIANCES = (-0.03106, 0.06773), (0.80009, 1.48617)  # theorem 1, for 0.95 ≤ τ ≤ 1.1
LEAST, MOST = 0.16, 3.0  # theorems 2 and 3, for 0.8 ≤ τ ≤ 1.25
AGREES = 0.02  # relative, between factors
CELL = ["dataset", "activation", "scheme", "depth"]


def layer_moments(tables) -> pd.DataFrame:
    """A row a cell and layer, averaged over draws: mean and variance of the activations, over samples and units."""
    frame = hidden_at_start(tables, ["activation_mean", "activation_std"])
    frame = frame.assign(mean=frame["activation_mean"], variance=frame["activation_std"] ** 2)
    return frame.groupby([*CELL, "layer"])[["mean", "variance"]].mean().reset_index()


def deep_moments(tables) -> pd.DataFrame:
    """A row a cell: of the deeper half of its layers the moments furthest from 0 and 1, and those of the last layer."""
    rows = []
    for keys, part in layer_moments(tables).groupby(CELL):
        deep = part[part["layer"] > part["depth"] // 2]
        mean = deep["mean"].to_numpy()[deep["mean"].abs().to_numpy().argmax()]
        variance = deep["variance"].to_numpy()[(deep["variance"] - 1).abs().to_numpy().argmax()]
        last = deep.loc[deep["layer"].idxmax()]
        rows.append((*keys, mean, variance, last["mean"], last["variance"]))
    return pd.DataFrame(rows, columns=[*CELL, "mean", "variance", "last_mean", "last_variance"])


def growth(tables) -> pd.DataFrame:
    """A row a depth of the SELU networks with random inputs: the factor of δ² a layer towards the input, its interval, the ratio.

    δ² is averaged over draws before the logarithm is taken; intervals (95 %) are jackknifed over draws. ratio: δ² of the
    first hidden layer over that of the last.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"], activation=SELU, scheme=LECUN, dataset=RANDOM)
    rows = []
    for depth, part in frame.groupby("depth"):
        squares = part.pivot_table(index="seed", columns="layer", values="delta_rms_gaussian").pow(2)
        layers = squares.columns

        def factor(draws, layers=layers):
            return -np.log(layer_factor(pd.Series(draws.mean(axis=0), index=layers)))

        found = np.exp(jackknife(squares.to_numpy(), factor))
        mean = squares.mean()
        rows.append((depth, *found, mean.iloc[0] / mean.iloc[-1], len(squares)))
    return pd.DataFrame(rows, columns=["depth", "factor", "low", "high", "ratio", "draws"])


@replication(
    "klambauer2017",
    paper="Klambauer, Unterthiner, Mayr & Hochreiter 2017, “Self-normalizing neural networks” (NIPS)",
    scaling=(
        ("width", "infinite (theory), hundreds of units", "256 units"),
        ("depths", "8, 16 and 32 layers (figure 1)", "8, 16, 32 and 64 hidden layers"),
        ("data", "MNIST, CIFAR-10, 121 UCI data sets", "random inputs of mean 0 and variance 1; the 8 × 8 digits beside them"),
        ("measured", "test errors on benchmarks; the theory of the moments", "the moments and the gradients at initialisation; nothing "
         "is trained"),
        ("draws", "—", "30 networks a depth"),
    ),
    consequence="The theorems speak of one layer's moments and of independent inputs, and hold here with fluctuations of order 1/√256. "
    "Whether the networks train better is not repeated. The growth of the gradient is a property of φ at the fixed point and "
    "needs no training to be seen.",
)  # fmt: skip
def klambauer2017(tables):
    """The moments forward, the fixed points of other weights, other activations, and the gradient backward."""
    table, grown = deep_moments(tables), growth(tables)
    return [_hold(table), _drawn(table), _others(table), _bounded(grown), _factor(grown)]


def _hold(table) -> Finding:
    found = table[(table["activation"] == SELU) & (table["scheme"] == LECUN)]
    numbers = "; ".join(
        f"{row.dataset}, {row.depth} layers: mean {row.mean:+.3f}, variance {row.variance:.3f}"
        for row in found[["dataset", "depth", "mean", "variance"]].itertuples(index=False)
    )
    parts = [*(found["mean"].abs() <= MEAN), *((found["variance"] - 1).abs() <= VARIANCE)]
    return Finding(
        "With SELU and weights N(0, 1/n), activations keep mean 0 and variance 1",
        "“Neuron activations of SNNs automatically converge towards zero mean and unit variance” (abstract); (0, 1) is the fixed "
        "point of equations 4 and 5, and attracts.",
        f"Furthest from 0 and 1 in the deeper half of the layers, mean over draws — {numbers or 'no such networks'}.",
        f"in the deeper half of the layers every mean is within {MEAN:g} of 0 and every variance within {VARIANCE:.0%} of 1",
        verdict(*parts),
    )


def _drawn(table) -> Finding:
    found = table[(table["activation"] == SELU) & table["scheme"].str.startswith("gaussian(")]
    parts, numbers = [], []
    for row in found.itertuples():
        tau = gaussian_variances(row.scheme)[0]
        near = 0.95 <= tau <= 1.1
        low, high = VARIANCES if near else (LEAST, MOST)
        parts.append(low <= row.last_variance <= high and (not near or MEANS[0] <= row.last_mean <= MEANS[1]))
        numbers.append(f"τ = {tau:g}: mean {row.last_mean:+.3f}, variance {row.last_variance:.3f}")
    return Finding(
        "With weights near those, mean and variance go to a fixed point nearby",
        f"For squared weights that sum to τ in [0.95, 1.1] the fixed point has a mean in [{MEANS[0]:g}, {MEANS[1]:g}] and a variance in "
        f"[{VARIANCES[0]:g}, {VARIANCES[1]:g}] (theorem 1); for τ in [0.8, 1.25] variances above {MOST:g} fall and below {LEAST:g} rise "
        "(theorems 2 and 3).",
        f"Last hidden layer, mean over draws — {'; '.join(numbers) or 'no such networks'}.",
        "each τ's mean and variance lie in the interval that the paper's theorem gives for it",
        verdict(*parts),
    )


def _others(table) -> Finding:
    found = table[(table["activation"] != SELU) & (table["dataset"] == RANDOM)]
    holds = (found["mean"].abs() <= MEAN) & ((found["variance"] - 1).abs() <= VARIANCE)
    numbers = "; ".join(
        f"{row.activation}, {row.scheme}: {row.last_mean:.3g} and {row.last_variance:.3g}" for row in found.itertuples()
    )
    return Finding(
        "ReLU, leaky ReLU, tanh and sigmoid units do not keep them",
        "“SNNs cannot be derived with (scaled) rectified linear units (ReLUs), sigmoid units, tanh units, and leaky ReLUs” "
        "(section on constructing self-normalizing networks).",
        f"Mean and variance of the last hidden layer's activations — {numbers or 'no such networks'}.",
        f"none of them has both moments within {MEAN:g} of 0 and {VARIANCE:.0%} of 1 in the deeper half of the layers",
        verdict(*~holds),
    )


def _bounded(grown) -> Finding:
    numbers = listed((f"{row.depth} layers:", f"{row.ratio:.3g}") for row in grown.itertuples())
    held = [bool(row.low <= 1 <= row.high) for row in grown.itertuples()]
    return Finding(
        "Gradients cannot explode",
        "The variance of the activations is bounded, “thus, vanishing and exploding gradients are impossible” (abstract); theorem 2 "
        "“ensures that SNNs learn robustly and do not suffer from exploding gradients”.",
        f"δ² of the first hidden layer over that of the last — {numbers or 'no such networks'}: while the activations keep their "
        "variance, the gradient grows without bound in depth. A bound on the forward moments is none on the gradient.",
        "at every depth the 95 % interval of the factor of δ² a layer contains 1",
        verdict(*held),
    )


def _factor(grown) -> Finding:
    predicted = chi(SELU, 1.0, 1.0)
    numbers = "; ".join(
        f"{row.depth} layers: {row.factor:.4f} ({row.low:.4f} to {row.high:.4f})" for row in grown.itertuples()
    )
    error = (grown["factor"] / predicted - 1).abs()
    draws = f", {grown['draws'].min()} draws" if len(grown) else ""
    return Finding(
        f"The gradient gains E φ′² = {predicted:.4f} a layer",
        f"Not in the paper: by mean-field theory δ² grows towards the input by E φ′² = {predicted:.6f} a layer, at the paper's own fixed "
        "point and with its α and λ.",
        f"Factor of δ² a layer, with 95 % intervals{draws} — {numbers or 'no such networks'}.",
        f"at every depth the factor is within {AGREES:.0%} of E φ′² and its interval lies above 1",
        verdict(*(error <= AGREES), *(grown["low"] > 1)),
    )
