"""Sigmoid networks saturate from the top, and the "standard" initialisation lets activations and gradients decay."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.reading import NETWORK, chosen_runs, hidden_at_start, per_layer
from initbench.replications.said import Listed, listed, named, say
from initbench.tables.views import hidden, layer_factor

STANDARD, NORMALIZED = "xavier_sigmoid", "xavier_tanh"
NAMES = {STANDARD: "standard", NORMALIZED: "normalized"}
SINGULAR = {STANDARD: 0.5, NORMALIZED: 0.8}  # section 4.2.1
MEAN_OF_QUARTER_CIRCLE = 8 / (3 * np.pi)  # mean over root mean square of the singular values of a square random matrix
OTHERS = 0.48  # mean activation of the layers below the top when that is saturated
MNIST_ERRORS = {"sigmoid": 2.21, "tanh": 1.76, "tanh N": 1.64}  # table 1, per cent


def profiles(tables) -> dict[str, pd.DataFrame]:
    """By scheme, for tanh at step 0 on the widest networks: columns activation (standard deviation of a), gradient (√δ²
    of an independent cotangent) and weight_gradient (‖∂loss/∂W‖ over √entries), by hidden layer."""
    names = {"activation_std": "activation", "delta_rms_gaussian": "gradient", "gradient_norm": "weight_gradient"}
    frame = hidden_at_start(tables, names, activation="tanh", scheme=list(NAMES))
    frame = frame[(frame["width"] == frame["width"].max()) & (frame["depth"] == frame["depth"].max())]
    return {
        scheme: pd.DataFrame({new: per_layer(part, old) for old, new in names.items()})
        for scheme, part in frame.groupby("scheme")
    }


def saturation(tables) -> pd.DataFrame:
    """Mean sigmoid activation by depth, step and hidden layer (mean over seeds), standard start at the chosen rate."""
    values = ["activation_mean", "saturated_fraction"]
    runs = chosen_runs(tables)
    frame = hidden(tables.at_every_step("layers", runs, values, activation="sigmoid", scheme=STANDARD, **NETWORK))
    return frame.groupby(["depth", "step", "layer"])[values].mean().reset_index()


def errors_by_depth(tables) -> pd.DataFrame:
    """Test error in per cent: rows activation, scheme and depth, a column a seed; a diverged run has an error of 100 %."""
    runs = chosen_runs(tables).fillna({"test_accuracy": 0.0})
    accuracy = runs.pivot_table(index=["activation", "scheme", "depth"], columns="seed", values="test_accuracy")
    return 100 * (1 - accuracy)


@replication("glorot2010")
def glorot2010(tables):
    """Saturation of sigmoid networks by depth; activations and gradients per layer; singular values; test errors."""
    profile = profiles(tables)
    track = saturation(tables)
    runs = chosen_runs(tables)
    return [
        _saturates(track),
        _deepest(runs, track),
        _decay(profile),
        _singular(profile),
        _weight_gradients(profile),
        _errors(errors_by_depth(tables)),
    ]


def _saturates(track) -> Finding:
    four = track[track["depth"] == 4].pivot(index="step", columns="layer", values="activation_mean")
    if 4 not in four or four[4].isna().all():
        return missing("saturates", least=OTHERS)
    lowest = four[4].idxmin()
    top, others, first, last = four.loc[lowest, 4], four.loc[lowest, [1, 2, 3]], four[4].iloc[0], four[4].iloc[-1]
    rows = listed(say("row", layer=int(layer), value=value) for layer, value in others.items())
    values = {"first": first, "top": top, "step": int(lowest), "others": rows, "last": last, "least": OTHERS}
    return Finding("saturates", verdict(
        bool(top < 0.1), bool(others.min() >= OTHERS and others.is_monotonic_increasing), bool(last >= top + 0.05)
    ), values)  # fmt: skip


def _deepest(runs, track) -> Finding:
    sigmoid = runs[(runs["activation"] == "sigmoid") & (runs["scheme"] == STANDARD)]
    accuracy = sigmoid.groupby("depth")["train_accuracy"].mean()
    stalled = sigmoid.assign(stalled=sigmoid["status"] == "stalled").groupby("depth")["stalled"].mean()
    last = track[(track["depth"] == 5) & (track["layer"] == 5)].sort_values("step")["activation_mean"]
    if last.empty or not {4, 5} <= set(stalled.index):
        return missing("deepest")
    top = last.iloc[-1]
    rows = listed(say("row", depth=int(d), accuracy=accuracy[d], stalled=stalled[d]) for d in accuracy.index)
    held = verdict(bool(stalled[5] > 0.5 and top < 0.1), bool(stalled[4] <= 0.5))
    return Finding("deepest", held, {"steps": int(runs["steps"].max()), "numbers": rows, "top": top})


def _named(values) -> Listed:
    """Numbers by initialisation, under its name."""
    return named((say(name), values[scheme]) for scheme, name in NAMES.items() if scheme in values)


def _both_deep(profile) -> bool:
    """Whether there are profiles of both initialisations over several layers."""
    return all(scheme in profile and len(profile[scheme]) > 1 for scheme in (STANDARD, NORMALIZED))


def _decay(profile) -> Finding:
    if not _both_deep(profile):
        return missing("decay")
    steps = {s: (layer_factor(p["activation"]), 1 / layer_factor(p["gradient"])) for s, p in profile.items()}
    numbers = _named({s: say("row", up=up, down=down) for s, (up, down) in steps.items()})
    gone = {s: say("two", value=p["gradient"].iloc[0] / p["gradient"].iloc[-1]) for s, p in profile.items()}
    held = verdict(max(steps[STANDARD]) < 0.7, min(steps[NORMALIZED]) > 0.75)
    return Finding("decay", held, {"numbers": numbers, "gone": _named(gone)})


def _singular(profile) -> Finding:
    if not _both_deep(profile):
        return missing("singular")
    means = {s: MEAN_OF_QUARTER_CIRCLE / layer_factor(p["gradient"]) for s, p in profile.items()}
    numbers = _named({s: say("row", value=means[s], published=SINGULAR[s]) for s in SINGULAR})
    held = verdict(*(abs(means[s] - SINGULAR[s]) <= 0.15 for s in (STANDARD, NORMALIZED)))
    return Finding("singular", held, {"numbers": numbers})


def _weight_gradients(profile) -> Finding:
    inner = {s: p["weight_gradient"].loc[2:] for s, p in profile.items()}  # layer 1 has another fan-in
    if STANDARD not in inner or len(inner[STANDARD]) < 2:
        return missing("weight_gradients")
    spread = {s: v.max() / v.min() for s, v in inner.items()}
    decay = profile[STANDARD]["gradient"].loc[2:]
    values = {"numbers": _named({s: say("two", value=v) for s, v in spread.items()}), "back": decay.max() / decay.min()}
    return Finding("weight_gradients", verdict(bool(spread[STANDARD] < 2), bool(decay.max() / decay.min() > 2)), values)


def _errors(errors) -> Finding:
    published = {
        "published_errors": named((name, say("published_one", value=value)) for name, value in MNIST_ERRORS.items())
    }
    deepest = errors.index.get_level_values("depth").max()
    if not {("sigmoid", STANDARD, deepest), ("tanh", STANDARD, deepest), ("tanh", NORMALIZED, deepest)} <= set(
        errors.index
    ):
        return missing("errors", **published)
    depth = int(errors.index.get_level_values("depth").max())
    here = {
        "sigmoid": errors.loc["sigmoid", STANDARD, depth], "tanh": errors.loc["tanh", STANDARD, depth],
        "tanh N": errors.loc["tanh", NORMALIZED, depth],
    }  # fmt: skip
    starts = [s for s in (STANDARD, NORMALIZED) if ("softsign", s, depth) in errors.index]
    softsign = {s: say("one", value=errors.loc["softsign", s, depth].mean()) for s in starts}
    leads = [here["sigmoid"] > here["tanh"], here["tanh"] > here["tanh N"]]
    values = {
        "depth": depth, **published,
        "numbers": listed(say("row", name=k, mean=v.mean(), low=v.min(), high=v.max()) for k, v in here.items()),
        "softsign": _named(softsign), "tanh": int(leads[0].sum()), "of": len(leads[0]), "normalized": int(leads[1].sum()),
    }  # fmt: skip
    return Finding("errors", verdict(*(bool(lead.all()) for lead in leads)), values)
