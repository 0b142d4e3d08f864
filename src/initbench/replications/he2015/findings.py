"""ReLU networks of growing depth from "Xavier" and from He: where the first stalls, and why."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, missing, replication, verdict
from initbench.replications.reading import hidden_at_start, losses, lowest_loss_runs
from initbench.replications.said import Said, listed, say
from initbench.study.cells import RUN
from initbench.tables.views import layer_factor, mean_squares, step_reaching

HE, XAVIER = "he_normal", "lecun_normal"
NAMES = {HE: "He", XAVIER: "“Xavier”"}
CLOSE = 0.05  # relative, of the factors a layer
STALLED = 0.95 * np.log(10)  # a training loss that has not fallen below this has not begun to learn


def outcomes(tables) -> pd.DataFrame:
    """A row a scheme and depth: share of runs trained, mean training accuracy, at the rate with the lowest training loss.

    stalled: the share whose loss never fell, `early` by a third of the updates and `stalled` by all.
    """
    runs = lowest_loss_runs(tables).fillna({"train_accuracy": 0.0})
    curves = losses(tables).merge(runs[RUN], on=RUN)
    third = curves[curves["step"] <= curves["step"].max() / 3]
    early = third.groupby(RUN)["train_loss"].min().ge(STALLED).rename("early").reset_index()
    runs = runs.merge(early, on=RUN)
    runs = runs.assign(trained=runs["status"] == "trained", stalled=runs["status"] == "stalled")
    return runs.groupby(["scheme", "depth"])[["trained", "early", "stalled", "train_accuracy"]].mean().reset_index()


def first_half(tables) -> pd.Series:
    """Steps until the training loss is half of its value at the start, by scheme and depth: median over seeds.

    Interpolated between recorded steps on the logarithm of the step; infinite where it never is.
    """
    curves = losses(tables).merge(lowest_loss_runs(tables)[RUN], on=RUN).sort_values("step")
    halves = curves.groupby(RUN)[["step", "train_loss"]].apply(
        lambda run: step_reaching(run["step"], run["train_loss"], run["train_loss"].iloc[0] / 2)
    )
    return halves.groupby(["scheme", "depth"]).median()


def gradient_factors(tables) -> dict[str, tuple[float, float]]:
    """By scheme: (factor of δ² a layer towards the input, standard error of its logarithm over draws).

    From the least-squares slope of ln δ² on the layer, in the widest networks at their largest depth; δ² is averaged over
    draws first.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"])
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].max()]

    def factor(part) -> float:
        return 1 / layer_factor(mean_squares(part, "delta_rms_gaussian", by=["layer"]))

    found = {}
    for scheme, part in frame.groupby("scheme"):
        each = [np.log(factor(one)) for _, one in part.groupby("seed")]
        error = np.std(each, ddof=1) / np.sqrt(len(each)) if len(each) > 1 else np.nan
        found[scheme] = factor(part), float(error)
    return found


@replication("he2015")
def he2015(tables):
    """The factor a layer, and what trains at 22 and 30 layers within the budget."""
    table = outcomes(tables)
    steps = int(tables.runs["steps"].max())
    return [_factor(gradient_factors(tables)), _both(table, first_half(tables), steps), _stalls(table, steps)]


def _share(table, scheme, depth, what) -> float:
    found = table[(table["scheme"] == scheme) & (table["depth"] == depth)][what]
    return float(found.iloc[0]) if len(found) else np.nan


def _tested(condition, *values) -> bool | None:
    """The condition, or None where a value that it needs was not measured."""
    return None if any(np.isnan(value) for value in values) else bool(condition)


def _factor(found) -> Finding:
    he, xavier = (found.get(scheme, (np.nan, np.nan)) for scheme in (HE, XAVIER))
    if np.isnan(he[0]) and np.isnan(xavier[0]):
        return missing("factor", close=CLOSE)
    held = verdict(_tested(abs(xavier[0] / 0.5 - 1) <= CLOSE, xavier[0]), _tested(abs(he[0] - 1) <= CLOSE, he[0]))
    return Finding("factor", held, {"xavier": xavier[0], "he": he[0], "error": he[1], "close": CLOSE})


def _both(table, halves, steps: int) -> Finding:
    he, xavier = halves.get((HE, 22), np.nan), halves.get((XAVIER, 22), np.nan)
    trained = [_share(table, s, 22, "trained") for s in (HE, XAVIER)]
    if np.isnan(trained).all():
        return missing("both", steps=steps)
    numbers = listed(
        say(
            "row",
            name=NAMES[s],
            trained=_share(table, s, 22, "trained"),
            accuracy=_share(table, s, 22, "train_accuracy"),
        )
        for s in (HE, XAVIER)
    )
    held = verdict(*(_tested(share > 0.5, share) for share in trained), _tested(he < xavier, he, xavier))
    return Finding("both", held, {"steps": steps, "numbers": numbers, "he": _steps(he), "xavier": _steps(xavier)})


def _steps(value) -> Said:
    return say("updates", n=round(value)) if np.isfinite(value) else say("no_updates")


def _stalls(table, steps: int) -> Finding:
    rows = table.sort_values("depth")
    if rows[rows["scheme"].isin(NAMES)].empty:
        return missing("stalls", steps=steps)
    numbers = listed((
        say("by", name=NAMES[s], values=listed(
            say("row", depth=int(r.depth), early=r.early, stalled=r.stalled, accuracy=r.train_accuracy)
            for r in rows[rows["scheme"] == s].itertuples()))
        for s in (HE, XAVIER)
    ), between="semicolon")  # fmt: skip
    stalled, trained = _share(table, XAVIER, 30, "stalled"), _share(table, HE, 30, "trained")
    held = verdict(_tested(stalled > 0.5, stalled), _tested(trained > 0.5, trained))
    return Finding("stalls", held, {"steps": steps, "third": steps // 3, "numbers": numbers})
