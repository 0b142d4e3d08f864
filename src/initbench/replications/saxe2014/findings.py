"""Deep linear networks: from orthogonal weights learning takes as long at any depth, from Gaussian ones ever longer."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import NETWORK, fastest, listed, losses

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


@replication(
    "saxe2014",
    paper="Saxe, McClelland & Ganguli 2014, “Exact solutions to the nonlinear dynamics of learning in deep linear neural "
    "networks” (ICLR), figure 6",
    scaling=(
        ("data", "MNIST", "the 8 × 8 digits"),
        ("width", "1,000 units", "64 units"),
        ("depths", "3 to 100 layers", "2 to 64 hidden layers"),
        ("loss", "squared error", "cross-entropy of a softmax"),
        ("Gaussian start", "standard deviation 1/√N (the caption of figure 6 says uniform)", "lecun_normal, the same"),
        ("training", "the fastest of twenty rates at each depth", "300 steps of SGD without momentum, batches of 64, the "
         "fastest of eight rates at each depth"),
        ("learned at", "a fixed training error, corresponding to nearly complete learning", f"a training loss of {TARGET:g} nats"),
    ),
    consequence="A product of D Gaussian matrices of width n loses its small singular values as D/n grows, so that 64 units and "
    "64 layers are what 1,000 units and 1,000 layers would be: the Gaussian start suffers at a smaller depth than in the "
    "paper. Softmax outputs leave the paper's exact solutions behind, not its depth scaling. Rules of a factor of two are wide: "
    "two seeds a rate tell no less.",
    quoted="Sections 2 and 3 and the captions of figures 4 and 6 were compared with the text.",
)  # fmt: skip
def saxe2014(tables):
    """Learning time by depth, the best rate by depth, and the singular values behind them."""
    times = learning_times(tables)
    tried = losses(tables)["learning_rate"].dropna()
    return [_constant(times), _growing(times), _rate(times, tried), _singular(conditioning(tables))]


def _of(times, scheme) -> pd.DataFrame:
    return times[times["scheme"] == scheme].set_index("depth")


def _text(steps) -> str:
    return f"{steps:.0f}" if np.isfinite(steps) else "never"


def _listed(table) -> str:
    return listed((f"depth {depth}:", _text(steps)) for depth, steps in table["steps"].items())


def _constant(times) -> Finding:
    found = _of(times, ORTHOGONAL)
    ratio = found["steps"].max() / found["steps"].min()
    return Finding(
        "From orthogonal weights, learning time does not depend on depth",
        "“This orthogonal random initialization condition yields depth independent learning times” (section 3, figure 6A, red).",
        f"Steps to {TARGET:g} nats at the fastest rate — {_listed(found)}: the slowest depth takes {ratio:.1f} times the fastest.",
        "the slowest depth takes at most twice the time of the fastest",
        verdict(bool(ratio <= 2)),
    )


def _growing(times) -> Finding:
    gaussian, orthogonal = _of(times, GAUSSIAN), _of(times, ORTHOGONAL)
    deepest, shallowest = gaussian.index.max(), gaussian.index.min()
    grows = gaussian["steps"][deepest] >= 2 * gaussian["steps"][shallowest]
    slower = gaussian["steps"][deepest] >= 2 * orthogonal["steps"][deepest]
    return Finding(
        "From scaled Gaussian weights it grows with depth",
        "“With this initialization, the learning time with depth on linear networks trained on MNIST grows with depth” "
        "(section 3, figure 6A, blue).",
        f"Steps to {TARGET:g} nats at the fastest rate — {_listed(gaussian)}.",
        "at the largest depth it takes at least twice as long as at the smallest, and as the orthogonal start there",
        verdict(bool(grows), bool(slower)),
    )


def _rate(times, tried) -> Finding:
    found = _of(times, ORTHOGONAL)
    found = found[np.isfinite(found["steps"])]
    slope = float(np.polyfit(np.log(found.index.to_numpy(float)), np.log(found["learning_rate"].to_numpy(float)), 1)[0])
    numbers = listed((f"depth {depth}:", f"{rate:g}") for depth, rate in found["learning_rate"].items())
    edge = found.index[found["learning_rate"].isin([tried.min(), tried.max()])]
    beyond = f" The best rate may lie beyond those tried at depth {', '.join(map(str, edge))}." if len(edge) else ""
    return Finding(
        "The best learning rate falls as one over the depth",
        "“Empirically optimal learning rates … scale like O(1/N_l) as predicted”, N_l the number of layers (section 2, figure 4: from "
        "decoupled starts of size 0.001; the best rates of orthogonal starts are in the middle of figure 6A).",
        f"Fastest rates of the orthogonal start — {numbers}: a power of depth with exponent {slope:.2f}.{beyond}",
        "the exponent is between −1.5 and −0.5",
        verdict(-1.5 <= slope <= -0.5),
    )


def _singular(table) -> Finding:
    table = table.assign(condition=table["jacobian_max"] / table["jacobian_min"]).set_index(["scheme", "depth"])
    orthogonal, gaussian = table.loc[ORTHOGONAL], table.loc[GAUSSIAN]
    numbers = listed((f"depth {depth}:", f"{value:.3g}") for depth, value in gaussian["condition"].items())
    isometric = abs(orthogonal[["jacobian_max", "jacobian_min"]] - 1).max().max()
    return Finding(
        "Orthogonal weights keep all singular values, Gaussian ones lose most",
        "A product of orthogonal matrices is an isometry; one of Gaussian matrices is highly anisotropic, the more the deeper "
        "(section 3, figure 6B).",
        f"Singular values of ∂logits/∂inputs deviate from 1 by {isometric:.1e} at most from orthogonal weights. Largest over "
        f"smallest from Gaussian weights — {numbers}.",
        "orthogonal: all within 1e-9 of 1; Gaussian: the ratio grows from each depth to the next",
        verdict(bool(isometric <= 1e-9), bool(gaussian["condition"].is_monotonic_increasing)),
    )
