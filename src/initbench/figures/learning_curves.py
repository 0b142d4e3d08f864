"""Learning curves."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.lines import draw_line
from initbench.figures.per_layer import fitting
from initbench.figures.selection import layers_named, trained_cells
from initbench.figures.style import INK, PAGE, arrange, legend, panels
from initbench.figures.telling import few, is_one_value, network_shown, of_what, rows_of
from initbench.study.cells import RUN
from initbench.tables.views import trained_runs

ROWS, COLUMNS = 3, 4  # activations and depths shown
SHOWN = (1e-3, 10.0)  # losses between which the axes run


@figure("learning_curves", tables=("runs", "history"))
def learning_curves(tables, words):
    """Training loss over updates, a panel an activation and depth, at each cell's chosen learning rate."""
    network = network_shown(tables)
    runs = rows_of(trained_runs(trained_cells(tables)), network)
    runs = runs[
        runs["activation"].isin(few(runs["activation"], ROWS)) & runs["depth"].isin(few(runs["depth"], COLUMNS))
    ]
    if not network or runs.empty:
        return None
    parts = [
        part[part["scheme"].isin(fitting(part["scheme"].unique(), name))] for name, part in runs.groupby("activation")
    ]
    runs = pd.concat(parts)
    curves = tables.read("history", [*RUN, "step", "train_loss"]).merge(runs[RUN], on=RUN)
    curves = curves.groupby(["activation", "depth", "scheme", "step"], observed=True)["train_loss"].median()
    title = sentence(curves, words)
    return Drawn(_picture(curves, words), title, words("caption", of=of_what(runs, words)), words("alt", finding=title))


def sentence(curves: pd.Series, words) -> str:
    """Which start of which activation has the lowest loss at the largest depth, and what one-value starts have."""
    depth = int(curves.index.get_level_values("depth").max())
    last = curves.xs(depth, level="depth").groupby(["activation", "scheme"], observed=True).last().dropna()
    flat = last[[is_one_value(scheme) for scheme in last.index.get_level_values("scheme")]]
    drawn = last.drop(flat.index)
    values: dict = {"depth": depth}
    if len(drawn):
        activation, scheme = drawn.idxmin()
        values |= {"scheme": scheme, "activation": words.term(activation), "loss": number(float(drawn.min()), 2)}
    if len(flat):
        values |= {"flat": number(float(flat.min()), 3)}
    key = ("title_both" if len(flat) else "title") if len(drawn) else "title_flat" if len(flat) else "title_none"
    return words(key, **values)


def _picture(curves: pd.Series, words):
    keys = curves.index.to_frame(index=False)
    activations, depths = sorted(keys["activation"].unique()), sorted(keys["depth"].unique())
    picture, axes = panels(activations, depths, width=PAGE / max(len(depths), 2), height=1.45, sharex=True, sharey=True)
    start = float(curves[curves.index.get_level_values("step") == 0].min())
    for row, activation in zip(axes, activations, strict=True):
        for axis, depth in zip(row, depths, strict=True):
            part = curves[(keys["activation"] == activation).to_numpy() & (keys["depth"] == depth).to_numpy()]
            axis.set_visible(len(part) > 0)
            for shift, (scheme, line) in enumerate(part.groupby(level="scheme", observed=True)):
                steps = line.index.get_level_values("step").to_numpy()
                draw_line(axis, np.log10(1 + steps), np.log10(line.clip(*SHOWN)), str(scheme), shift)
            axis.axhline(np.log10(start), color=INK, lw=0.5, ls=":", zorder=1)
            axis.set_title(words.term(activation) + words.term("comma") + layers_named(words, depth))
    steps = [0, *(10**k for k in range(1, 7) if 10**k <= keys["step"].max()), keys["step"].max()]
    steps = [step for k, step in enumerate(steps) if k == len(steps) - 1 or steps[-1] > 2 * step]
    axes[0, 0].set_xticks(np.log10(1 + np.array(steps)), [number(int(step)) for step in steps])
    exponents = np.arange(np.log10(SHOWN[0]), np.log10(SHOWN[1]) + 1)
    axes[0, 0].set_yticks(exponents, [number(10.0**k, 1) for k in exponents])
    axes[0, 0].set_ylim(exponents[0], exponents[-1])
    axes[len(activations) // 2, 0].set_ylabel(words("y"))
    axes[-1, len(depths) // 2].set_xlabel(words.term("step"))
    legend(picture, keys["scheme"].unique())
    arrange(picture)
    return picture
