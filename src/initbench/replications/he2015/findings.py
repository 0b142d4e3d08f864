"""ReLU networks of growing depth from "Xavier" and from He: where the first stalls, and why."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import hidden_at_start, listed, losses, lowest_loss_runs
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


@replication(
    "he2015",
    paper="He, Zhang, Ren & Sun 2015, “Delving deep into rectifiers” (ICCV), section 2.2, figures 2 and 3",
    scaling=(
        ("network", "convolutional, 22 and 30 layers, up to 512 filters", "fully connected, 5 to 30 hidden layers of 64 units; 256 "
         "for the factor a layer"),
        ("data", "ImageNet, 1.2 million images", "the 8 × 8 digits, 1,078 training samples"),
        ("training", "75 epochs, SGD with momentum 0.9", "2,400 updates (about 140 epochs), SGD with momentum 0.9, the rate of five "
         "with the lowest training loss per cell"),
        ("draws", "one network", "3 seeds in training, 10 for the factor a layer"),
        ("“Xavier”", "N(0, 1/n), as the paper states it", "the same: lecun_normal"),
    ),
    consequence="What carries over is the factor a layer. The depth at which training stalls is one of a budget: a signal of 2^−30 "
    "takes many updates to grow, and a small network on easy data can be given them. That Xavier's δ² is exactly half of He's a "
    "layer, draw for draw, is an identity of ReLU with shared draws; the two factors are one measurement.",
    quoted="Quotations and the depths 22 and 30 were compared with secondary copies that agree; the paper's own text was not "
    "found: unverified.",
)  # fmt: skip
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
    return Finding(
        "A ReLU layer halves the variance under “Xavier” and keeps it under He",
        "Over L layers the signal's standard deviation is 1/√2^L of He's (section 2.2), so δ² is halved a layer; under He its factor is 1.",
        f"δ² changes by {xavier[0]:.3f} a layer under “Xavier” and {he[0]:.3f} under He, ± {he[1]:.1%} (standard error over draws, "
        "which the two share).",
        f"the factors are within {CLOSE:.0%} of 1/2 and of 1",
        verdict(_tested(abs(xavier[0] / 0.5 - 1) <= CLOSE, xavier[0]), _tested(abs(he[0] - 1) <= CLOSE, he[0])),
    )


def _both(table, halves, steps: int) -> Finding:
    he, xavier = halves.get((HE, 22), np.nan), halves.get((XAVIER, 22), np.nan)
    trained = [_share(table, s, 22, "trained") for s in (HE, XAVIER)]
    numbers = listed(
        (NAMES[s], f"{_share(table, s, 22, 'trained'):.0%} trained, mean training accuracy {_share(table, s, 22, 'train_accuracy'):.2f}")
        for s in (HE, XAVIER)
    )  # fmt: skip
    return Finding(
        f"At 22 layers both converge, He sooner (within {steps:,} updates)",
        "“Both of them are able to make them converge”, but He “starts reducing error earlier” (figure 2).",
        f"22 hidden layers: {numbers}; the training loss is halved after {_steps(he)} (He) and {_steps(xavier)} (“Xavier”).",
        "most runs of both reach the target accuracy, and He halves its loss first",
        verdict(*(_tested(share > 0.5, share) for share in trained), _tested(he < xavier, he, xavier)),
    )


def _steps(value) -> str:
    return f"{value:.0f} updates" if np.isfinite(value) else "no number of updates within the budget"


def _stalls(table, steps: int) -> Finding:
    rows = table.sort_values("depth")
    numbers = "; ".join(
        f"{NAMES[s]}: " + listed((f"depth {r.depth}", f"{r.early:.0%}, {r.stalled:.0%}, {r.train_accuracy:.2f}")
        for r in rows[rows["scheme"] == s].itertuples()) for s in (HE, XAVIER)
    )  # fmt: skip
    stalled, trained = _share(table, XAVIER, 30, "stalled"), _share(table, HE, 30, "trained")
    return Finding(
        f"At 30 layers Xavier stalls and He converges (within {steps:,} updates)",
        "“Our initialization is able to make the extremely deep model converge. On the contrary, the ‘Xavier’ method "
        "completely stalls the learning” (30 layers, figure 3), and it does not converge given more epochs.",
        f"Share of runs stalled after {steps // 3:,} updates, after all {steps:,}, and mean training accuracy then — {numbers}.",
        f"most of Xavier's runs are still stalled after {steps:,} updates at 30 layers, and most of He's train",
        verdict(_tested(stalled > 0.5, stalled), _tested(trained > 0.5, trained)),
    )
