"""Training loss against learning rate, a line a width: does the best rate stay where it is?"""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.selection import on_first_dataset
from initbench.figures.style import PAGE, arrange, colours, line, panels
from initbench.figures.telling import few
from initbench.tables.rates_over_widths import Rates, rate_slope, rates_over_widths
from initbench.tables.views import trained_runs

ROWS, COLUMNS = 3, 3  # starts and optimisers
NETWORK = ("architecture", "depth", "activation", "normalization")
HIGHEST = 3.0  # loss at the top of a panel, at most


@figure("width_rates", tables=("runs",))
def width_rates(tables, words):
    """Panels: start by optimiser; median training loss after the last update against the rate, the lowest of each width marked."""
    runs = on_first_dataset(trained_runs(tables.runs_at_every_rate))
    found = list(rates_over_widths(runs)) if len(runs) else []
    if not found:
        return None
    first = min(tuple(str(each.key[axis]) for axis in NETWORK) for each in found)
    found = [each for each in found if tuple(str(each.key[axis]) for axis in NETWORK) == first]
    picture = _picture(runs, found, words)
    title, key = sentence(found, words), found[0].key
    caption = words(
        "caption", seeds=len(found[0].seeds), steps=int(runs["steps"].max()), data=words.term(key["dataset"])
    )
    return Drawn(picture, title, caption, words("alt", finding=title))


def _picture(runs: pd.DataFrame, found: list[Rates], words):
    """A row of panels a start, a column an optimiser, a colour a width."""
    starts, optimizers = (
        few(dict.fromkeys(each.key[axis] for each in found), most)
        for axis, most in (("scheme", ROWS), ("optimizer", COLUMNS))
    )
    size = {"width": PAGE / max(len(optimizers), 2), "height": 1.9}
    picture, axes = panels(starts, optimizers, **size, sharex="col", sharey=True)
    widths = sorted({width for each in found for width in each.widths.tolist()})
    shades = dict(zip(widths, colours(len(widths), "viridis"), strict=True))
    for across, start in zip(axes, starts, strict=True):
        for axis, optimizer in zip(across, optimizers, strict=True):
            for each in found:
                if (each.key["scheme"], each.key["optimizer"]) == (start, optimizer):
                    _panel(axis, _losses(runs, each), shades)
            axis.set_title(words("panel", start=start, optimizer=words.term(optimizer)))
        across[0].set_ylabel(words("y"))
    for axis in axes[-1]:
        axis.set_xlabel(words.term("learning_rate"))
    handles = [line(color=shade, marker="o", ms=3, label=f"{width:g}") for width, shade in shades.items()]
    picture.legend(handles=handles, title=words.term("width"), loc="outside lower center", ncols=len(handles))
    arrange(picture)
    return picture


def _losses(runs: pd.DataFrame, each: Rates) -> pd.Series:
    """Median training loss by width and rate, a diverged run's being infinite."""
    alike = np.logical_and.reduce([runs[axis] == value for axis, value in each.key.items()])
    part = runs[alike]
    loss = part["train_loss"].astype(float).where(part["status"] != "diverged", np.inf)
    return loss.groupby([part["width"], part["learning_rate"]]).median()


def _panel(axis, losses: pd.Series, shades: dict) -> None:
    """A line a width, its lowest point larger."""
    for width in losses.index.unique("width"):
        curve, shade = losses.loc[width], shades[float(width)]
        curve = curve[np.isfinite(curve) & (curve <= HIGHEST)]
        if len(curve):
            axis.plot(curve.index, curve, color=shade, marker="o", ms=2.2, lw=1.1)
            axis.plot([curve.idxmin()], [curve.min()], "o", color=shade, ms=5.5, zorder=4)
    axis.set(xscale="log", yscale="log")


def sentence(found: list[Rates], words) -> str:
    """Where the best rate goes as the width grows, start by start."""
    parts = []
    for each in found:
        value, low, high = rate_slope(each)
        parts.append(
            words(
                "exponent",
                start=each.key["scheme"],
                optimizer=words.term(each.key["optimizer"]),
                value=value,
                low=low,
                high=high,
            )
        )
    widths = found[0].widths
    return words(
        "title", low=number(int(widths[0])), high=number(int(widths[-1])), parts=words.term("semicolon").join(parts)
    )
