"""Batch normalisation makes gradients explode at initialisation, and the deepest networks do not train."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import chosen_runs, crossing, hidden_at_start
from initbench.replications.said import Listed, listed, say
from initbench.tables.views import layer_factor, mean_squares
from initbench.theory import batchnorm_rate
from initbench.theory.batchnorm import batch_rate

AGREES = 0.15  # of ln measured / ln predicted from 1: no explosion (a factor of 1) is off by 1, twice the rate too
PROBE = 64  # samples of the probe's batch
RANDOM, REAL = "noise", "digits"
LEVEL = 0.5  # training accuracy that counts as trained, between chance (0.1) and 1
PUBLISHED_SCALES = 16  # trainable depth in units of ξ = 1/ln rate


def growth_factors(tables) -> pd.DataFrame:
    """Per-layer factor of δ² over the deeper half of the layers of the widest networks at step 0, with its prediction.

    A row a data set and activation; δ² is averaged over seeds before logarithms are taken. error: standard error of ln
    measured over seeds. predicted: of the probe's batch size; limit: of large batches.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"], normalization="batch")
    frame = frame[(frame["layer"] > frame["depth"] // 2) & (frame["width"] == frame["width"].max())]
    rows = []
    for (data, activation), part in frame.groupby(["dataset", "activation"]):
        mean = mean_squares(part, "delta_rms_gaussian", by=["layer"])
        each = [
            -np.log(layer_factor(mean_squares(one, "delta_rms_gaussian", by=["layer"])))
            for _, one in part.groupby("seed")
        ]
        error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
        rates = batch_rate(activation, PROBE), batchnorm_rate(activation)
        rows.append((data, activation, 1 / layer_factor(mean), error, *rates))
    names = ["dataset", "activation", "measured", "error", "predicted", "limit"]
    table = pd.DataFrame(rows, columns=names).dropna(subset="measured")  # of one hidden layer there is no factor
    return table.assign(ratio=np.log(table["measured"]) / np.log(table["predicted"]))


def trainability(tables) -> pd.DataFrame:
    """A row an activation and depth: mean training accuracy at the chosen learning rate (diverged counts as 0), and ξ."""
    runs = chosen_runs(tables).fillna({"train_accuracy": 0.0})
    means = runs.groupby(["activation", "depth"])["train_accuracy"].agg(["mean", "min", "max"]).reset_index()
    scale = {name: 1 / np.log(batch_rate(name, PROBE)) for name in means["activation"].unique()}
    return means.assign(xi=means["activation"].map(scale))


def trainable_depths(table: pd.DataFrame) -> pd.DataFrame:
    """By activation: the depth at which training accuracy falls through LEVEL, `bound` > or < where it is only bounded."""
    rows = []
    for name, part in table.sort_values("depth").groupby("activation"):
        depth, bound = crossing(part["depth"], part["mean"], LEVEL)
        rows.append((name, depth, bound, part["xi"].iloc[0]))
    return pd.DataFrame(rows, columns=["activation", "depth", "bound", "xi"]).set_index("activation")


@replication("yang2019")
def yang2019(tables):
    """Rates against theory on random inputs and on digits, the linear network as the mildest, and trainable depth."""
    table = growth_factors(tables)
    trained = trainability(tables)
    random, real = (table[table["dataset"] == data] for data in (RANDOM, REAL))
    return [_rate(random), _mildest(random), _real(real), _trains(trained, trainable_depths(trained))]


def _numbers(table) -> Listed:
    rows = (
        say("agreement", activation=row.activation, measured=row.measured, predicted=row.predicted, ratio=row.ratio,
            error=row.error / np.log(row.predicted))
        for row in table.itertuples()
    )  # fmt: skip
    return listed(rows, "not_measured")


def _agree(table) -> list[bool]:
    return [bool(abs(ratio - 1) <= AGREES) for ratio in table["ratio"]]


def _rate(table) -> Finding:
    limits = listed(
        (say("limit", activation=row.activation, value=row.limit) for row in table.itertuples()), "not_measured"
    )
    agree = _agree(table)
    values = {
        "relu": np.pi / (np.pi - 1), "limits": limits, "batch": PROBE, "numbers": _numbers(table), "agree": sum(agree),
        "of": len(agree), "agrees": AGREES,
    }  # fmt: skip
    return Finding("rate", verdict(*agree), values)


def _mildest(table) -> Finding:
    measured = table.set_index("activation")["measured"]
    errors = table.set_index("activation")["error"]
    linear = measured.get("linear")
    low = np.log(measured) - 2 * errors.fillna(np.inf)
    known = not measured.empty
    mildest = say("smallest", activation=measured.idxmin(), value=measured.min()) if known else say("unknown")
    values = {"exact": (PROBE - 2) / (PROBE - 3), "batch": PROBE, "above": int((low > 0).sum()), "of": len(measured)}
    held = verdict(
        bool((low > 0).all()) if len(low) and np.isfinite(low).all() else None,
        None if linear is None or len(measured) < 2 else measured.idxmin() == "linear",
    )
    return Finding("mildest", held, values | {"mildest": mildest})


def _real(real) -> Finding:
    return Finding("real", verdict(*_agree(real)), {"numbers": _numbers(real), "agrees": AGREES})


def _trains(table, reached) -> Finding:
    numbers = listed(
        (
            say("by", name=name, values=listed(say("row", depth=int(row.depth), accuracy=row.mean)
                for row in part[["depth", "mean"]].itertuples(index=False)))
            for name, part in table.groupby("activation")
        ),
        "nothing_trained", "semicolon",
    )  # fmt: skip
    depths = listed(
        (say("reached", name=name, bound=row.bound, depth=row.depth, scale=PUBLISHED_SCALES * row.xi, scales=PUBLISHED_SCALES)
         for name, row in reached.iterrows()), "not_measured",
    )  # fmt: skip
    relu = reached.loc["relu"] if "relu" in reached.index else None
    both = {"relu", "tanh"} <= set(reached.index)
    held = verdict(
        None if relu is None else relu["bound"] == "",
        None
        if relu is None
        else bool(relu["bound"] == "" and 0.5 <= relu["depth"] / (PUBLISHED_SCALES * relu["xi"]) <= 2),
        bool(reached["depth"]["tanh"] > reached["depth"]["relu"]) if both else None,
    )
    values = {"numbers": numbers, "level": LEVEL, "depths": depths, "scales": PUBLISHED_SCALES}
    return Finding("trains", held, values)
