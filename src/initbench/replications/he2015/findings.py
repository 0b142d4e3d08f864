"""ReLU networks of growing depth from "Xavier" and from He: where the first stalls, and why."""

import numpy as np
import pandas as pd

from initbench.replications import Finding, replication, verdict
from initbench.replications.reading import chosen_runs, hidden_at_start, listed, losses
from initbench.study.cells import RUN
from initbench.tables.views import step_reaching

HE, XAVIER = "he_normal", "lecun_normal"
NAMES = {HE: "He", XAVIER: "“Xavier”"}


def outcomes(tables) -> pd.DataFrame:
    """A row a scheme and depth: shares of runs trained and stalled, mean training accuracy, at the chosen rate."""
    runs = chosen_runs(tables).fillna({"train_accuracy": 0.0})
    runs = runs.assign(trained=runs["status"] == "trained", stalled=runs["status"] == "stalled")
    return runs.groupby(["scheme", "depth"])[["trained", "stalled", "train_accuracy"]].mean().reset_index()


def first_half(tables) -> pd.Series:
    """Steps until the training loss is half of its value at the start, by scheme and depth: median over seeds.

    Interpolated between recorded steps on the logarithm of the step; infinite where it never is.
    """
    curves = losses(tables).merge(chosen_runs(tables)[RUN], on=RUN).sort_values("step")
    halves = curves.groupby(RUN)[["step", "train_loss"]].apply(
        lambda run: step_reaching(run["step"], run["train_loss"], run["train_loss"].iloc[0] / 2)
    )
    return halves.groupby(["scheme", "depth"]).median()


def gradient_factors(tables) -> tuple[float, float, float]:
    """(He's factor of δ² a layer, Xavier's, Xavier's relative to He's of the same draw), over all depths.

    The first two from δ² averaged over draws, layer by layer, as geometric means over neighbouring layers; the third from
    the slope of each pair's ratio.
    """
    frame = hidden_at_start(tables, ["delta_rms_gaussian"])
    by = frame.assign(delta=frame["delta_rms_gaussian"] ** 2).pivot_table(
        index=["depth", "seed", "layer"], columns="scheme", values="delta"
    )
    means = by.groupby(["depth", "layer"]).mean()
    steps = np.log(means).groupby("depth").agg(lambda v: (v.iloc[0] - v.iloc[-1]) / (len(v) - 1))
    ratio = (
        np.log(by[XAVIER] / by[HE]).groupby(["depth", "seed"]).agg(lambda v: (v.iloc[0] - v.iloc[-1]) / (len(v) - 1))
    )
    return float(np.exp(steps[HE].mean())), float(np.exp(steps[XAVIER].mean())), float(np.exp(ratio.mean()))


@replication(
    "he2015",
    paper="He, Zhang, Ren & Sun 2015, “Delving deep into rectifiers” (ICCV), section 2.2, figures 2 and 3",
    scaling=(
        ("network", "convolutional, 22 and 30 layers, up to 512 filters", "fully connected, 5 to 50 hidden layers of 64 units"),
        ("data", "ImageNet, 1.2 million images", "the 8 × 8 digits, 1,078 training samples"),
        ("training", "75 epochs, SGD with momentum 0.9", "800 steps (about 50 epochs), SGD with momentum 0.9, the best of four "
         "rates per cell, chosen on validation data"),
        ("draws", "one network", "6 seeds"),
        ("“Xavier”", "N(0, 1/n), as the paper states it", "the same: lecun_normal"),
    ),
    consequence="A fully connected network has no weight sharing, and the logits of a shallow one are not yet small, so that "
    "the depth at which Xavier stalls need not be the paper's; it depends on the number of steps and on the largest rate "
    "tried. What carries over is the factor a layer and the order of events.",
)  # fmt: skip
def he2015(tables):
    """Both at 22 layers, one at 30, the factor of 1/√2 a layer, and the depth at which Xavier stalls."""
    table = outcomes(tables)
    return [_both(table, first_half(tables)), _stalls(table), _factor(tables), _where(table)]


def _share(table, scheme, depth, what) -> float:
    return float(table[(table["scheme"] == scheme) & (table["depth"] == depth)][what].iloc[0])


def _words(table, depth) -> str:
    return listed(
        (
            NAMES[s],
            f"{_share(table, s, depth, 'trained'):.0%} trained and {_share(table, s, depth, 'stalled'):.0%} stalled",
        )
        for s in (HE, XAVIER)
    )


def _both(table, halves) -> Finding:
    he, xavier = halves[HE, 22], halves[XAVIER, 22]
    both = all(_share(table, s, 22, "train_accuracy") > 0.5 for s in (HE, XAVIER))
    accuracy = listed((NAMES[s], f"{_share(table, s, 22, 'train_accuracy'):.2f}") for s in (HE, XAVIER))
    return Finding(
        "At 22 layers both converge, He sooner",
        "“Both of them are able to make them converge”, but He “starts reducing error earlier” (figure 2).",
        f"22 hidden layers: {_words(table, 22)}; mean training accuracy {accuracy}; the training loss is halved after "
        f"{_steps(he)} (He) and {_steps(xavier)} (“Xavier”).",
        "both reach a mean training accuracy above one half, and He halves its loss first",
        verdict(both, bool(he < xavier)),
    )


def _steps(value) -> str:
    return f"{value:.0f} steps" if np.isfinite(value) else "no number of steps within the budget"


def _stalls(table) -> Finding:
    return Finding(
        "At 30 layers Xavier stalls completely, He converges",
        "“Our initialization is able to make the extremely deep model converge. On the contrary, the ‘Xavier’ method "
        "completely stalls the learning” (30 layers, figure 3).",
        f"30 hidden layers: {_words(table, 30)}.",
        "most of Xavier's runs stall and most of He's train at 30 layers",
        verdict(_share(table, XAVIER, 30, "stalled") > 0.5, _share(table, HE, 30, "trained") > 0.5),
    )


def _factor(tables) -> Finding:
    he, xavier, ratio = gradient_factors(tables)
    return Finding(
        "Xavier loses a factor of √2 a layer against He",
        "Over L layers the signal's standard deviation is 1/√2^L of He's (section 2.2), so δ² is 1/2 of it a layer.",
        f"δ² changes by {he:.3f} a layer under He and {xavier:.3f} under “Xavier” (theory 1 and 0.5); draw for draw, which the "
        f"two share, the ratio is {ratio:.6f} a layer.",
        "the ratio is 1/2 to six digits, as the two scale the same draws and ReLU is homogeneous, and He's factor within 5 % of 1",
        verdict(abs(ratio - 0.5) < 1e-6, abs(he - 1) <= 0.05),
    )


def _where(table) -> Finding:
    xavier = table[table["scheme"] == XAVIER].sort_values("depth")
    stalled = xavier[xavier["stalled"] > 0.5]["depth"]
    numbers = listed((f"depth {row.depth}:", f"{row.stalled:.0%}") for row in xavier.itertuples())
    first = f"most stall from depth {stalled.min()} on" if len(stalled) else "at no depth do most stall"
    he = table[table["scheme"] == HE].sort_values("depth")
    return Finding(
        "Where does Xavier stall?",
        "Between 22 and 30 layers (figures 2 and 3).",
        f"Stalled runs of “Xavier” by depth: {numbers}; {first}. Trained runs of He: "
        f"{listed((f'depth {row.depth}:', f'{row.trained:.0%}') for row in he.itertuples())}.",
        "the first depth at which most runs stall is 30",
        verdict(bool(len(stalled) and stalled.min() == 30)),
    )
