"""Batch normalisation makes gradients explode at initialisation, whatever the scale of the weights."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import gaussian_variances, hidden_at_start, listed
from initbench.tables.views import layer_factor, mean_squares
from initbench.theory import batchnorm_rate

AGREES = 0.05  # relative, between rates: the theory's batches are infinite, the probe has 64 samples
UNMOVED = 0.02  # relative, over weight scales
PROBE = 64
RANDOM, REAL = "noise", "digits"


def growth_factors(tables) -> pd.DataFrame:
    """Measured per-layer factor of δ² over the deeper half of the layers, with its prediction under batch normalisation.

    A row a data set, normalisation, activation and weight variance; δ² is averaged over seeds before logarithms are taken.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"])
    frame = frame[frame["layer"] > frame["depth"] // 2]
    rows = []
    for (data, norm, activation, scheme), part in frame.groupby(["dataset", "normalization", "activation", "scheme"]):
        mean = mean_squares(part, "delta_rms_gaussian", by=["layer"])
        predicted = batchnorm_rate(activation) if norm == "batch" else None
        rows.append((data, norm, activation, gaussian_variances(scheme)[0], 1 / layer_factor(mean), predicted))
    names = ["dataset", "normalization", "activation", "weight_variance", "measured", "predicted"]
    return pd.DataFrame(rows, columns=names).sort_values(names[:4], ignore_index=True)


@replication(
    "yang2019",
    paper="Yang, Pennington, Rao, Sohl-Dickstein & Schoenholz 2019, “A mean field theory of batch normalization” (ICLR)",
    scaling=(
        ("width", "infinite (theory)", "512 units, 24 hidden layers"),
        ("batch", "infinite for the rates quoted", "the probe's 64 samples"),
        ("data", "random inputs, MNIST, CIFAR-10", "random inputs; the 8 × 8 digits beside them"),
        ("measured", "gradient norms at initialisation, and trainability", "gradients at initialisation only"),
    ),
    consequence="A batch of B samples adds to the rates a term of order 1/B (for linear units exactly B − 2 over B − 3), and n units "
    "one of order depth × B/n, since a product of random matrices stretches some directions of the batch. Real data have such "
    "directions from the start, and near-linear networks keep them for many layers. How deep such networks still train is not "
    "repeated here.",
)
def yang2019(tables):
    """Rates against theory, independence of the weights' scale, and the linear network as the mildest case."""
    table = growth_factors(tables)
    real = table[(table["dataset"] == REAL) & (table["normalization"] == "batch")]
    table = table[table["dataset"] == RANDOM]
    batch, none = (table[table["normalization"] == name] for name in ("batch", "none"))
    return [_rate(batch), _scale(batch, none), _linear(batch), _real(real)]


def _rate(batch) -> Finding:
    mean = batch.groupby("activation")[["measured", "predicted"]].mean()
    error = (mean["measured"] / mean["predicted"] - 1).abs()
    numbers = listed((name, f"{row.measured:.3f} (theory {row.predicted:.3f})") for name, row in mean.iterrows())
    relu = f"; ReLU’s is π/(π − 1) = {np.pi / (np.pi - 1):.3f}"
    return Finding(
        "Gradients explode at the rate E φ′²/Var φ a layer",
        f"The factor of δ² towards the input is E φ′²/Var φ for large batches{relu}.",
        f"Mean over weight scales: {numbers}. Largest deviation {error.max():.1%} ({error.idxmax()}).",
        f"each activation's measured factor is within {AGREES:.0%} of the rate",
        verdict(*(error <= AGREES)),
    )


def _scale(batch, none) -> Finding:
    def spread(table):
        by = table.groupby("activation")["measured"]
        return by.max() / by.min() - 1

    with_norm, without = spread(batch), spread(none)
    values = ", ".join(f"{value:g}" for value in sorted(batch["weight_variance"].unique()))
    return Finding(
        "The scale of the weights has no part in it",
        "“Exploding gradients cannot be eliminated by tuning the initial weight variances” (abstract).",
        f"Over σ_w² = {values} the factor changes by {with_norm.max():.2%} at most ({with_norm.idxmax()}); without "
        f"normalisation it changes by {without.min():.0%} ({without.idxmin()}) to {without.max():.0%} ({without.idxmax()}).",
        f"under batch normalisation every activation's factor changes by less than {UNMOVED:.0%}",
        verdict(*(with_norm <= UNMOVED)),
    )


def _linear(batch) -> Finding:
    mean = batch.groupby("activation")["measured"].mean()
    exact = (PROBE - 2) / (PROBE - 3)
    linear = mean.get("linear")
    close = None if linear is None else abs(linear / exact - 1) <= UNMOVED
    return Finding(
        "No activation avoids it; near-linear networks have the least",
        "“Batch normalization itself is the cause of gradient explosion”, which “can be reduced by tuning the network close to the "
        "linear regime” (abstract); for linear units and a batch of B samples, equally far apart, the factor is "
        f"(B − 2)/(B − 3), {exact:.4f} for B = {PROBE}.",
        f"All {len(mean)} activations have a factor above 1: {'yes' if (mean > 1).all() else 'no'}; the smallest is "
        f"{mean.idxmin()}'s, {mean.min():.4f}; " + ("" if linear is None else f"linear units have {linear:.4f}."),
        f"all factors exceed 1, linear units have the smallest, and theirs is within {UNMOVED:.0%} of (B − 2)/(B − 3)",
        verdict(bool((mean > 1).all()), None if linear is None else mean.idxmin() == "linear", close),
    )


def _real(real) -> Finding:
    mean = real.groupby("activation")[["measured", "predicted"]].mean()
    numbers = listed((name, f"{row.measured:.3f} (theory {row.predicted:.3f})") for name, row in mean.iterrows())
    return Finding(
        "The same on real data",
        "Whatever the inputs, the batch goes to a fixed point where any two samples are equally far apart; the rate is that of the "
        "fixed point.",
        f"Digits, σ_w² = 1: {numbers}.",
        f"each activation's factor is within {AGREES:.0%} of the rate",
        verdict(*((mean["measured"] / mean["predicted"] - 1).abs() <= AGREES)),
    )
