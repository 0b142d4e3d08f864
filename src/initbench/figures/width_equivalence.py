"""A layer of copies is a small layer: what 64 equal units reach, beside layers of a few random ones."""

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.selection import on_first_dataset
from initbench.figures.style import PAGE, arrange, ink, look, panels
from initbench.figures.telling import is_one_value, mean_accuracies, of_what, span, telling
from initbench.study.cells import BLOCK
from initbench.tables.views import trained_runs

FEWEST = 3  # widths that make a curve
PANELS = 6
SHALLOW = [key for key in BLOCK if key not in ("width", "activation")]  # what all panels share
RISEN = 0.9  # points of the curve are written out up to this share of its end
BELOW, GAP = 0.045, 0.085  # of a label below its line, and between labels, as accuracies
USUAL = ("xavier_tanh", "he_normal", "xavier_sigmoid")  # random starts, the one that is shown first


@figure("width_equivalence", tables=("runs",))
def width_equivalence(tables, words):
    """Test accuracy against width for a random start, and that of one-value starts of full width as lines."""
    runs, scheme = over_widths(trained_runs(tables.chosen_runs))
    if runs.empty:
        return None
    means = mean_accuracies(runs, ["activation", "scheme", "width"])
    activations = list(dict.fromkeys(means.index.get_level_values("activation")))[:PANELS]
    columns = min(3, len(activations))
    rows = -(-len(activations) // columns)
    picture, axes = panels(range(rows), range(columns), width=PAGE / max(columns, 2), height=2.3, sharey=True)
    for axis, activation in zip(axes.flat, activations, strict=False):
        _panel(axis, means.loc[activation], scheme, words)
        axis.set_title(words.term(activation))
    for axis in axes.flat[len(activations) :]:
        axis.set_visible(False)
    for axis in axes[:, 0]:
        axis.set_ylabel(words.term("test_accuracy"))
    arrange(picture)
    title = sentence(means, scheme, words)
    caption = words("caption", scheme=scheme, depth=int(runs["depth"].iloc[0])) + words.term("space")
    caption += of_what(runs, words)
    return Drawn(picture, title, caption, words("alt", finding=title, scheme=scheme))


def over_widths(runs: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """The runs of a random start at several widths and of the one-value starts at the largest of these, and its label.

    Those of the first data set, of the networks that have most widths, the shallowest of these; no rows where no start
    has FEWEST widths, or no one-value start stands beside it.
    """
    runs = on_first_dataset(runs[runs["depth"] > 0])
    drawn = runs[~runs["scheme"].map(is_one_value).astype(bool)]
    widths = drawn.groupby([*SHALLOW, "scheme"], observed=True)["width"].nunique().reset_index(name="widths")
    if widths.empty:
        return runs.iloc[:0], ""
    usual = widths["scheme"].map(lambda label: USUAL.index(label) if label in USUAL else len(USUAL))
    plain = widths["normalization"] == "none"
    order = widths.assign(usual=usual, plain=plain).sort_values(
        ["widths", "plain", "depth", "usual", "scheme"], ascending=[False, False, True, True, True], kind="stable"
    )
    first = order.iloc[0]
    alike = np.logical_and.reduce([runs[key] == first[key] for key in SHALLOW])
    full = (runs["width"] == runs.loc[alike & (runs["scheme"] == first["scheme"]), "width"].max()) & alike
    flat = full & runs["scheme"].map(is_one_value).astype(bool)
    if first["widths"] < FEWEST or not flat.any():
        return runs.iloc[:0], ""
    shown = flat & runs["scheme"].isin(telling(runs.loc[flat, "scheme"].unique(), most=2))
    of_start = alike & (runs["scheme"] == first["scheme"]) & runs["activation"].isin(runs.loc[shown, "activation"])
    return runs[shown | of_start], str(first["scheme"])


def equivalent_width(means: pd.DataFrame, scheme: str) -> int | None:
    """The least width at which the random start reaches more than the one-value starts, whatever the activation.

    means: as `mean_accuracies` gives them by activation, scheme and width. None where there is none.
    """
    needed = []
    for _, part in means["mean"].groupby(level="activation"):
        part = part.droplevel("activation")
        curve, copies = part.loc[scheme].sort_index(), part.drop(index=scheme, level="scheme").max()
        above = curve.index[curve > copies]
        if not len(above):
            return None
        needed.append(int(above[0]))
    return max(needed)


def sentence(means: pd.DataFrame, scheme: str, words) -> str:
    """How few random units reach more than all the copies."""
    copies = means["mean"].drop(index=scheme, level="scheme").groupby(level="activation").max()
    units, full = equivalent_width(means, scheme), int(means.index.get_level_values("width").max())
    few = means["mean"].xs((scheme, units or full), level=("scheme", "width"))
    key = "title_more" if units is None else "title_one" if units == 1 else "title"
    reach = {"copies": span(copies.min(), copies.max(), words), "few": span(few.min(), few.max(), words)}
    return words(key, full=full, units=units or full, **reach)


def _panel(axis, means: pd.DataFrame, scheme: str, words) -> None:
    """One activation: the curve of the random start with its numbers, a line and band a one-value start."""
    curve, own = means.loc[scheme].sort_index(), look(scheme)
    full = int(curve.index.max())
    ends = (curve.index.min() / 2.8, full * 1.5)
    axis.plot(curve.index, curve["mean"], color=own.colour, marker=own.marker, ms=4.5, lw=1.3, clip_on=False, zorder=4)
    axis.vlines(curve.index, curve["low"], curve["high"], color=own.colour, lw=1.3, zorder=3)
    for width, value in curve["mean"].items():
        if width == full or value < RISEN * curve["mean"].iloc[-1]:
            text, below = (scheme + words.term("colon") + percent(value), -9) if width == full else (percent(value), 4)
            axis.annotate(
                text, (width, value), (4 if width == full else -4, below), textcoords="offset points", ha="right",
                va="center" if below > 0 else "top", color=ink(own.colour), zorder=6,
            )  # fmt: skip
    _copies(axis, means.drop(index=scheme, level="scheme").droplevel("width"), full, ends, words)
    axis.set_xscale("log", base=2)
    axis.set_xticks(list(curve.index), [str(width) for width in curve.index])
    axis.set(xlim=ends, ylim=(0, 1.05), xlabel=words("x"))
    axis.yaxis.set_major_formatter(lambda value, position: f"{100 * value:.0f}\u202f%")


def _copies(axis, flat: pd.DataFrame, full: int, ends: tuple[float, float], words) -> None:
    """A level line with its interval for each start of one value, its label below it at the right, no two on each other."""
    for label, row in flat.iterrows():
        own = look(str(label))
        axis.plot(ends, [row["mean"]] * 2, color=own.colour, dashes=own.dash or (None, None), lw=1.4, zorder=2)
        axis.fill_between(ends, row["low"], row["high"], color=own.colour, alpha=0.18, lw=0, zorder=1)
    height = 1.0
    for label, row in flat.sort_values("mean", ascending=False).iterrows():
        height = min(np.nanmin([row["mean"], row["low"]]) - BELOW, height - GAP)
        text = words("copies", n=full, scheme=label, value=percent(row["mean"]))
        axis.text(ends[1] / 1.1, height, text, ha="right", va="center", color=ink(look(str(label)).colour), zorder=5)
