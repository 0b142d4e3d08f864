"""ReLU networks by depth from He and from "Xavier": learning curves, outcomes and gradients."""

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, line, logarithmic, look, of_look, panels
from initbench.replications.he2015.findings import HE, NAMES, XAVIER, outcomes
from initbench.replications.reading import hidden_at_start, losses, lowest_loss_runs
from initbench.study.cells import RUN
from initbench.tables.views import mean_squares

CURVES = (22, 30)  # the depths of the paper's figures 2 and 3


@figure("he2015", tables=("runs", "history", "layers"), section="replication", replication="he2015")
def he2015(tables, words):
    """Training loss at 22 and 30 layers, accuracy by depth, and the gradient by layer with its prediction dashed."""
    history, table = losses(tables).merge(lowest_loss_runs(tables)[RUN], on=RUN), outcomes(tables)
    layers = hidden_at_start(tables, ["delta_rms_gaussian"])
    if not {*table["scheme"], *layers["scheme"]} & {HE, XAVIER}:
        return None
    picture, axes = panels([0], range(4), width=PAGE / 4, height=2.0)
    for axis, depth in zip(axes[0], CURVES, strict=False):
        for scheme in (HE, XAVIER):
            _curves(axis, history[(history["scheme"] == scheme) & (history["depth"] == depth)], scheme)
        axis.set(xlabel=words("x_updates"), ylabel=words("y_loss"), title=words("layers", n=depth))
        logarithmic(axis, "x")
    for scheme in (HE, XAVIER):
        rows = table[table["scheme"] == scheme]
        axes[0, 2].plot(rows["depth"], rows["train_accuracy"], **of_look(scheme))
    axes[0, 2].set(xlabel=words.term("depth"), ylabel=words("y_accuracy"), ylim=(0, 1.03), title=words("by_depth"))
    _gradients(axes[0, 3], layers, words)
    handles = [line(**of_look(scheme), label=f"{NAMES[scheme]} ({scheme})") for scheme in (HE, XAVIER)]
    handles.append(line(color=INK, ls="--", lw=0.9, label=words("theory")))
    picture.legend(handles=handles, loc="outside lower center", ncols=3)
    arrange(picture)
    title = sentence(table, words)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def sentence(table: pd.DataFrame, words) -> str:
    """What both starts reach in the deepest networks."""
    last = table[table["depth"] == table["depth"].max()].set_index("scheme")["train_accuracy"]
    if not {HE, XAVIER} <= set(last.index):
        return words("title_none")
    reached = {"he": percent(float(last[HE])), "xavier": percent(float(last[XAVIER]))}
    return words("title", depth=int(table["depth"].max()), **reached)


def _curves(axis, history, scheme: str) -> None:
    """A thin line a seed, and their mean."""
    shown = of_look(scheme) | {"marker": ""}
    for _, run in history.groupby("seed"):
        axis.plot(run["step"] + 1, run["train_loss"], **shown | {"lw": 0.5, "alpha": 0.5, "linestyle": "-"})
    mean = history.groupby("step")["train_loss"].mean()
    axis.plot(mean.index + 1, mean, **shown | {"lw": 1.6})


def _gradients(axis, layers, words) -> None:
    """δ² by layer in the widest networks at their largest depth, and what the paper says of it."""
    layers = layers[layers["width"] == layers["width"].max()]
    layers = layers[layers["depth"] == layers["depth"].max()]
    if layers.empty:
        return
    depth = int(layers["depth"].iloc[0])
    squares = mean_squares(layers, "delta_rms_gaussian", by=["scheme", "layer"])
    for scheme in (HE, XAVIER):
        if not {HE, scheme} <= set(squares.index.get_level_values("scheme")):
            continue
        relative = squares[scheme] / squares[HE].iloc[-1]
        axis.plot(relative.index, relative, color=look(scheme).colour, lw=1.4)
        layer, factor = np.arange(1, depth + 1), 1.0 if scheme == HE else 0.5
        axis.plot(layer, relative.iloc[-1] * factor ** (depth - layer), "--", color=INK, lw=0.9)
    axis.set(xlabel=words.term("layers_forward"), ylabel=words("y_gradient"))
    logarithmic(axis, "y")
    axis.set_title(words("gradient", n=depth))
