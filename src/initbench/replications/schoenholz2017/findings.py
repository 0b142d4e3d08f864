"""Tanh networks train about as deep as information travels at initialisation: some six depth scales ξ_c."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import chosen_runs, crossing, gaussian_variances, hidden_at_start, listed
from initbench.tables.views import layer_factor, mean_squares
from initbench.theory import mean_field

PUBLISHED_SCALES = 6.0  # trainable depth in units of ξ_c
PUBLISHED_CRITICAL = 1.76  # σ_w² at σ_b² = 0.05
LEVEL = 0.5  # training accuracy that counts as trained, between chance (0.1) and 1
OTHER_LEVELS = (0.3, 0.7)  # how far the ratio depends on it


def trainability(tables, seed: int | None = None) -> pd.DataFrame:
    """A row a cell: σ_w², σ_b², depth, mean training accuracy at the chosen learning rate (diverged counts as 0), ξ_c.

    Over all seeds, or of one.
    """
    runs = chosen_runs(tables).fillna({"train_accuracy": 0.0})
    runs = runs if seed is None else runs[runs["seed"] == seed]
    means = runs.groupby(["scheme", "depth"])["train_accuracy"].mean().reset_index()
    pairs = means["scheme"].map(gaussian_variances)
    return means.assign(
        weight_variance=pairs.str[0],
        bias_variance=pairs.str[1],
        xi=[abs(mean_field("tanh", *pair).xi_c) for pair in pairs],
        chi=[mean_field("tanh", *pair).chi for pair in pairs],
    ).sort_values(["weight_variance", "depth"], ignore_index=True)


def trainable_depths(table: pd.DataFrame, level: float = LEVEL) -> pd.DataFrame:
    """A row a σ_w²: the depth at which training accuracy falls through `level`, `bound` > or < where it is only bounded."""
    rows = []
    for weight, part in table.groupby("weight_variance"):
        depth, bound = crossing(part["depth"], part["train_accuracy"], level)
        rows.append((weight, depth, bound, part["xi"].iloc[0], part["chi"].iloc[0]))
    return pd.DataFrame(rows, columns=["weight_variance", "depth", "bound", "xi", "chi"])


def ratios(table: pd.DataFrame, level: float = LEVEL) -> pd.Series:
    """Trainable depth over ξ_c for the variances whose depth is more than a bound and whose 6 ξ_c was tried."""
    reached = trainable_depths(table, level)
    within = reached[(reached["bound"] == "") & (PUBLISHED_SCALES * reached["xi"] <= table["depth"].max())]
    return within["depth"] / within["xi"]


def factors(tables) -> pd.DataFrame:
    """A row a width and σ_w²: per-layer factor of δ² over the deeper half of networks of 20 and more layers, at step 0."""
    frame = hidden_at_start(tables, ["delta_rms_gaussian"])
    frame = frame[(frame["layer"] > frame["depth"] // 2) & (frame["depth"] >= 20)]
    rows = []
    for (width, scheme), part in frame.groupby(["width", "scheme"]):
        steps = []
        for _, net in part.groupby("depth"):
            steps.append(-np.log(layer_factor(mean_squares(net, "delta_rms_gaussian", by=["layer"]))))
        variances = gaussian_variances(scheme)
        rows.append((width, variances[0], float(np.exp(np.mean(steps))), mean_field("tanh", *variances).chi))
    table = pd.DataFrame(rows, columns=["width", "weight_variance", "measured", "predicted"])
    return table.sort_values(["width", "weight_variance"], ignore_index=True)


def crossing_of_one(measured: pd.DataFrame) -> float | None:
    """σ_w² at which the measured factor crosses 1, linear in its logarithm; None where it does not."""
    logs, weight = np.log(measured["measured"].to_numpy()), measured["weight_variance"].to_numpy()
    at = np.flatnonzero((logs[:-1] < 0) & (logs[1:] >= 0))
    if not len(at):
        return None
    k = at[0]
    return float(weight[k] + (weight[k + 1] - weight[k]) * -logs[k] / (logs[k + 1] - logs[k]))


@replication(
    "schoenholz2017",
    paper="Schoenholz, Gilmer, Ganguli & Sohl-Dickstein 2017, “Deep information propagation” (ICLR), figure 5",
    scaling=(
        ("width", "300 units", "64 units in training, 300 for gradients at initialisation"),
        ("data", "MNIST, 784 features", "the 8 × 8 digits, 64 features, 1,078 training samples"),
        ("depths", "10 to 300 layers", "10 to 100 layers"),
        ("variances", "σ_w² from 1 to 4, σ_b² = 0.05", "nine σ_w² from 0.8 to 4, σ_b² = 0.05"),
        ("training", "SGD, rate 1e-3, 200 to 14,000 steps; RMSProp", "200 steps of SGD with momentum 0.9, the better of two "
         "rates per cell, chosen on validation data"),
        ("draws", "one network a point", "2 seeds a point"),
    ),
    consequence="Networks of 64 units fluctuate more from layer to layer than the theory's infinite ones, the more the deeper, "
    "which blurs the edge. The factor six depends on the number of steps and the rate (the paper's own panels differ), on the "
    "accuracy that counts as trained, and on which variances have their edge within the depths tried; with two seeds and a "
    "rule of a factor of two it is weak evidence. The ordering carries the evidence, not the constant.",
    quoted="The abstract was compared with the text; the body was not found: the factor six, the critical variance, the settings "
    "and the numbers of figures and equations come from secondary sources and are unverified. Nothing of it is quoted.",
)  # fmt: skip
def schoenholz2017(tables):
    """Order of trainable depths by ξ_c, the critical variance, gradients against χ, and the constant last."""
    table = trainability(tables)
    reached = trainable_depths(table)
    measured = factors(tables)
    each = {seed: ratios(trainability(tables, seed)) for seed in sorted(chosen_runs(tables)["seed"].unique())}
    return [_ordering(reached), _critical(measured), _gradients(measured), _depth_scale(table, reached, each)]


def _depth_scale(table, reached, each) -> Finding:
    ratio = ratios(table)
    agree = (table["train_accuracy"] >= LEVEL) == (table["depth"] <= PUBLISHED_SCALES * table["xi"])
    numbers = "; ".join(
        f"σ_w² {row.weight_variance:g}: depth {row.bound}{row.depth:.0f}, ξ_c {_scale(row.xi)}"
        for row in reached.itertuples()
    )
    typical = _median(ratio)
    seeds = listed((f"seed {seed}:", f"{_median(values):.1f}") for seed, values in each.items())
    levels = listed((f"{level:g}:", f"{_median(ratios(table, level)):.1f}") for level in OTHER_LEVELS)
    return Finding(
        "Networks train up to a depth of about 6 ξ_c (weak: see what the scaling changes)",
        "Training accuracy falls to chance beyond the curve 6 ξ_c (figure 5).",
        f"Depth at which training accuracy falls through {LEVEL:g} — {numbers}. For the {len(ratio)} variances whose 6 ξ_c lies "
        f"within the depths tried it is {ratio.min():.1f} to {ratio.max():.1f} ξ_c, median {typical:.1f} ({seeds}; at accuracies of "
        f"{levels}); {agree.sum()} of {len(agree)} cells lie on the side of 6 ξ_c that they should.",
        "the median ratio is within a factor of two of 6, and at least 80 % of the cells lie on the right side",
        verdict(None if not len(ratio) else 3 <= typical <= 12, bool(agree.mean() >= 0.8)),
    )


def _scale(xi: float) -> str:
    return f"{xi:.1f}" if xi < 1000 else "over 1,000"


def _median(values) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _ordering(reached) -> Finding:
    varied = reached["depth"].nunique() > 1 and reached["xi"].nunique() > 1  # a constant has no ranks to correlate
    correlation = float(reached["depth"].corr(reached["xi"], method="spearman")) if varied else 0.0
    deepest = int(reached["depth"].to_numpy().argmax())
    critical = int((reached["weight_variance"] - PUBLISHED_CRITICAL).abs().to_numpy().argmin())
    return Finding(
        "The nearer to criticality, the deeper a network trains, on both sides",
        f"Trainable depth peaks at the critical point, σ_w² = {PUBLISHED_CRITICAL}, and falls off in both phases (figure 5).",
        f"Spearman's correlation of trainable depth and ξ_c over {len(reached)} variances is {correlation:.2f}; the deepest "
        f"networks train at σ_w² = {reached['weight_variance'].iloc[deepest]:g}, to depth "
        f"{reached['bound'].iloc[deepest]}{reached['depth'].iloc[deepest]:.0f}.",
        "the correlation is at least 0.8, and the deepest networks are those of the critical variance or its neighbour in the grid",
        verdict(correlation >= 0.8, abs(deepest - critical) <= 1),
    )


def _critical(measured) -> Finding:
    found = {width: crossing_of_one(part) for width, part in measured.groupby("width")}
    numbers = listed(
        (f"{width} units:", "nowhere" if at is None else f"{at:.3f} ({at / PUBLISHED_CRITICAL - 1:+.1%})")
        for width, at in found.items()
    )
    widest = found[max(found)]
    return Finding(
        "Between vanishing and exploding gradients lies one critical σ_w²",
        f"χ = 1 at σ_w² = {PUBLISHED_CRITICAL} for σ_b² = 0.05 (figures 1 and 5).",
        f"The measured per-layer factor of δ² crosses 1 at σ_w² — {numbers}.",
        "in the widest networks the crossing is within 5 % of the published value",
        verdict(None if widest is None else abs(widest / PUBLISHED_CRITICAL - 1) <= 0.05),
    )


def _gradients(measured) -> Finding:
    measured = measured[measured["width"] == measured["width"].max()]
    error = measured["measured"] / measured["predicted"] - 1
    numbers = "; ".join(
        f"σ_w² {row.weight_variance:g}: {row.measured:.3f} (theory {row.predicted:.3f})"
        for row in measured.itertuples()
    )
    return Finding(
        "Gradients vanish in the ordered phase and explode in the chaotic one, by χ a layer",
        "δ² changes by the factor χ a layer (eq. 15, figure 4).",
        f"{measured['width'].iloc[0]} units — {numbers}; deviations from {error.min():+.1%} to {error.max():+.1%}.",
        "every factor is within 10 % of χ",
        verdict(*(error.abs() <= 0.10)),
    )
