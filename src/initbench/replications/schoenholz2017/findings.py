"""Tanh networks train about as deep as information travels at initialisation: some six depth scales ξ_c."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.reading import chosen_runs, crossing, gaussian_variances, hidden_at_start
from initbench.replications.said import Said, listed, say
from initbench.tables.views import layer_factor, mean_squares
from initbench.theory import mean_field

PUBLISHED_SCALES = 6.0  # trainable depth in units of ξ_c
PUBLISHED_CRITICAL = 1.76  # σ_w² at σ_b² = 0.05
BIAS, LARGEST = 0.05, 1e6  # σ_b² of the paper, and a σ_w² far beyond all of its own
LEVEL = 0.5  # training accuracy that counts as trained, between chance (0.1) and 1
OTHER_LEVELS = (0.3, 0.7)  # how far the ratio depends on it


def trainability(tables, seed: int | None = None) -> pd.DataFrame:
    """A row a cell: σ_w², σ_b², depth, mean training accuracy at the chosen learning rate (diverged counts as 0), ξ_c.

    Over all seeds, or of one.
    """
    runs = _of_the_paper(chosen_runs(tables)).fillna({"train_accuracy": 0.0})
    runs = runs if seed is None else runs[runs["seed"] == seed]
    means = runs.groupby(["scheme", "depth"])["train_accuracy"].mean().reset_index()
    fields = [mean_field("tanh", *gaussian_variances(scheme)) for scheme in means["scheme"]]
    return means.assign(
        weight_variance=[float(field.weight_variance) for field in fields],
        bias_variance=[float(field.bias_variance) for field in fields],
        xi=[abs(field.xi_c) for field in fields],
        chi=[field.chi for field in fields],
    ).sort_values(["weight_variance", "depth"], ignore_index=True)


def _of_the_paper(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of tanh networks with Gaussian weights and the paper's σ_b², whose layers are not all zero."""
    known = {label: label.startswith("gaussian(") and gaussian_variances(label) for label in frame["scheme"].unique()}
    told = [label for label, pair in known.items() if pair and 0 < pair[0] <= LARGEST and pair[1] == BIAS]
    return frame[frame["scheme"].isin(told) & (frame["activation"] == "tanh") & (frame["depth"] > 0)]


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
    frame = _of_the_paper(hidden_at_start(tables, ["delta_rms_gaussian"]))
    frame = frame[(frame["layer"] > frame["depth"] // 2) & (frame["depth"] >= 20)]
    rows = []
    for (width, scheme), part in frame.groupby(["width", "scheme"]):
        steps = []
        for _, net in part.groupby("depth"):
            steps.append(-np.log(layer_factor(mean_squares(net, "delta_rms_gaussian", by=["layer"]))))
        variances = gaussian_variances(scheme)
        rows.append((width, variances[0], float(np.exp(np.mean(steps))), mean_field("tanh", *variances).chi))
    table = pd.DataFrame(rows, columns=["width", "weight_variance", "measured", "predicted"]).dropna()
    return table.sort_values(["width", "weight_variance"], ignore_index=True)


def crossing_of_one(measured: pd.DataFrame) -> float | None:
    """σ_w² at which the measured factor crosses 1, linear in its logarithm; None where it does not."""
    logs, weight = np.log(measured["measured"].to_numpy()), measured["weight_variance"].to_numpy()
    at = np.flatnonzero((logs[:-1] < 0) & (logs[1:] >= 0))
    if not len(at):
        return None
    k = at[0]
    return float(weight[k] + (weight[k + 1] - weight[k]) * -logs[k] / (logs[k + 1] - logs[k]))


@replication("schoenholz2017")
def schoenholz2017(tables):
    """Order of trainable depths by ξ_c, the critical variance, gradients against χ, and the constant last."""
    table = trainability(tables)
    reached = trainable_depths(table)
    measured = factors(tables)
    each = {seed: ratios(trainability(tables, seed)) for seed in sorted(chosen_runs(tables)["seed"].unique())}
    return [_ordering(reached), _critical(measured), _gradients(measured), _depth_scale(table, reached, each)]


def _depth_scale(table, reached, each) -> Finding:
    if table.empty:
        return missing("depth_scale")
    ratio = ratios(table)
    agree = (table["train_accuracy"] >= LEVEL) == (table["depth"] <= PUBLISHED_SCALES * table["xi"])
    rows = (
        say("row", variance=row.weight_variance, bound=row.bound, depth=row.depth, xi=_scale(row.xi))
        for row in reached.itertuples()
    )
    typical = _median(ratio)
    values = {
        "level": LEVEL, "numbers": listed(rows, between="semicolon"), "variances": len(ratio), "low": ratio.min(),
        "high": ratio.max(), "median": typical, "agree": int(agree.sum()), "cells": len(agree),
        "seeds": listed(say("seed", seed=int(seed), value=_median(found)) for seed, found in each.items()),
        "levels": listed(say("at_level", level=level, value=_median(ratios(table, level))) for level in OTHER_LEVELS),
    }  # fmt: skip
    return Finding(
        "depth_scale", verdict(None if not len(ratio) else 3 <= typical <= 12, bool(agree.mean() >= 0.8)), values
    )


def _scale(xi: float) -> Said:
    return say("xi", value=xi) if xi < 1000 else say("xi_large")


def _median(values) -> float:
    return float(np.median(values)) if len(values) else np.nan


def _ordering(reached) -> Finding:
    if reached.empty:
        return missing("ordering", critical=PUBLISHED_CRITICAL)
    varied = reached["depth"].nunique() > 1 and reached["xi"].nunique() > 1  # a constant has no ranks to correlate
    correlation = float(reached["depth"].corr(reached["xi"], method="spearman")) if varied else 0.0
    deepest = int(reached["depth"].to_numpy().argmax())
    critical = int((reached["weight_variance"] - PUBLISHED_CRITICAL).abs().to_numpy().argmin())
    row = reached.iloc[deepest]
    values = {
        "critical": PUBLISHED_CRITICAL, "variances": len(reached), "correlation": correlation,
        "variance": float(row["weight_variance"]), "bound": row["bound"], "depth": float(row["depth"]),
    }  # fmt: skip
    return Finding("ordering", verdict(correlation >= 0.8, abs(deepest - critical) <= 1), values)


def _critical(measured) -> Finding:
    found = {width: crossing_of_one(part) for width, part in measured.groupby("width")}
    if not found:
        return missing("critical", critical=PUBLISHED_CRITICAL)
    rows = (
        say("nowhere", width=int(width))
        if at is None
        else say("row", width=int(width), at=at, off=at / PUBLISHED_CRITICAL - 1)
        for width, at in found.items()
    )
    widest = found[max(found)]
    held = verdict(None if widest is None else abs(widest / PUBLISHED_CRITICAL - 1) <= 0.05)
    return Finding("critical", held, {"critical": PUBLISHED_CRITICAL, "numbers": listed(rows)})


def _gradients(measured) -> Finding:
    measured = measured[measured["width"] == measured["width"].max()]
    if measured.empty:
        return missing("gradients")
    error = measured["measured"] / measured["predicted"] - 1
    rows = (
        say("row", variance=row.weight_variance, measured=row.measured, predicted=row.predicted)
        for row in measured.itertuples()
    )
    values = {"width": int(measured["width"].iloc[0]), "numbers": listed(rows, between="semicolon")}
    return Finding("gradients", verdict(*(error.abs() <= 0.10)), values | {"low": error.min(), "high": error.max()})
