"""How far the first update moves hidden layers and logits, against the width: measured, and the exponents of infinite width."""

import numpy as np

from initbench.base.numbers import signed
from initbench.figures import Drawn, figure
from initbench.figures.end_labels import spread
from initbench.figures.selection import on_first_dataset
from initbench.figures.style import INK, PAGE, arrange, ink, legend, look, panels
from initbench.figures.telling import few
from initbench.study.cells import RUN
from initbench.tables.over_widths import FEWEST, KIND, QUANTITIES, Curve, curves, predicted, slope

COLUMNS, STARTS = 3, 5  # optimisers and lines
APART, LEAST = 0.11, 30.0  # of two slopes, as a share of a panel's height; from the bottom of a panel to its top
NETWORK = ("architecture", "depth", "activation", "normalization")  # the first of which is shown


@figure("width_scaling", tables=("runs", "layers"))
def width_scaling(tables, words):
    """Panels: first and last hidden layer and logits by optimiser; root mean square change of z at update 1 against the width."""
    shown = _shown(tables)
    if not shown:
        return None
    optimizers = few(dict.fromkeys(curve.key["optimizer"] for curve in shown), COLUMNS)
    layers = few(sorted({int(curve.key["layer"]) for curve in shown}), 3)
    picture, axes = panels(
        layers, optimizers, width=PAGE / max(len(optimizers), 2), height=1.75, sharex=True, sharey="row"
    )
    for row, layer in enumerate(layers):
        of_layer = [curve for curve in shown if int(curve.key["layer"]) == layer]
        for axis, optimizer in zip(axes[row], optimizers, strict=True):
            part = [curve for curve in of_layer if curve.key["optimizer"] == optimizer]
            if part:
                _panel(axis, part)
                _finish(axis, part, _limits(of_layer))
            if part and row == 0:
                rate = f"{part[0].key['learning_rate']:g}"
                axis.set_title(words("panel", optimizer=words.term(optimizer), rate=rate))
        axes[row, 0].set_ylabel(words("logits") if layer == layers[-1] else words("hidden", layer=layer))
    axes[-1, len(optimizers) // 2].set_xlabel(words("x"))
    legend(picture, [curve.key["scheme"] for curve in shown])
    arrange(picture)
    title, key = sentence(shown, words), shown[0].key
    caption = words(
        "caption", seeds=len(shown[0].seeds), depth=int(key["depth"]), activation=words.term(key["activation"]),
        data=words.term(key["dataset"]),
    )  # fmt: skip
    return Drawn(picture, title, caption, words("alt", finding=title))


def _shown(tables) -> list[Curve]:
    """Curves of the changes by update 1 at the smallest rate, of one kind of network by all optimisers and from some starts."""
    runs = on_first_dataset(tables.runs_at_every_rate)
    if runs["width"].nunique() < FEWEST:
        return []
    keys = [*RUN, "step", "layer", *QUANTITIES.values()]
    frame = on_first_dataset(tables.read("layers", keys, [("step", "==", 1), ("preactivation_change", ">=", 0)]))
    if frame.empty or frame["preactivation_change"].isna().all():
        return []
    frame = frame[frame["role"].isin(runs["role"].unique())]
    frame = frame[frame["learning_rate"] == frame.groupby(KIND, observed=True)["learning_rate"].transform("min")]
    found = [curve for curve in curves(frame) if curve.quantity == "change"]
    if not found:
        return []
    first = min(tuple(str(curve.key[axis]) for axis in NETWORK) for curve in found)
    found = [curve for curve in found if tuple(str(curve.key[axis]) for axis in NETWORK) == first]
    starts = few(sorted({curve.key["scheme"] for curve in found}), STARTS)
    return [curve for curve in found if curve.key["scheme"] in starts]


def _panel(axis, part: list[Curve]) -> None:
    """A line a start, its slope at the right end, and dotted the exponent predicted, through its widest point."""
    for curve in part:
        own, values = look(str(curve.key["scheme"])), _values(curve)
        axis.plot(
            curve.widths, values, color=own.colour, dashes=own.dash or (None, None), marker=own.marker, ms=3.6, lw=1.2
        )
        exponents = predicted(curve.key)
        if exponents:
            foreseen = values[-1] * (curve.widths / curve.widths[-1]) ** exponents.change[int(curve.key["layer"]) - 1]
            axis.plot(curve.widths, foreseen, color=INK, ls=":", lw=0.9, zorder=1.5)
    axis.set(xscale="log", yscale="log")


def _finish(axis, part: list[Curve], limits: tuple[float, float]) -> None:
    """The widths at the bottom, and the slopes at the right ends, none on another."""
    widths, (low, high) = max((curve.widths for curve in part), key=len), np.log(limits)
    axis.set_xticks(widths, [f"{width:g}" for width in widths])
    axis.set(xlim=(widths[0] / 1.15, widths[-1] * 1.15), ylim=limits)
    ends = [float((np.log(_values(curve)[-1]) - low) / (high - low)) for curve in part]
    for curve, height in zip(part, spread(ends, APART, 0.0, 1.0), strict=True):
        text, own = signed(slope(curve)[0], 2), look(str(curve.key["scheme"]))
        axis.text(1.02, height, text, transform=axis.transAxes, va="center", color=ink(own.colour), fontsize=7)


def _limits(part: list[Curve]) -> tuple[float, float]:
    """Of the axis of a row of panels: all values, and LEAST from bottom to top."""
    values = np.concatenate([_values(curve) for curve in part])
    low, high = values.min() / 1.3, values.max() * 1.3
    wider = max(1.0, (LEAST * low / high) ** 0.5)
    return float(low / wider), float(high * wider)


def _values(curve: Curve) -> np.ndarray:
    """Root mean square over seeds at each width."""
    return np.sqrt(curve.squares.mean(axis=0))


def sentence(shown: list[Curve], words) -> str:
    """The exponents of the logits' change, start by start."""
    parts = []
    for curve in shown:
        if int(curve.key["layer"]) == int(curve.key["depth"]) + 1:
            value, low, high = slope(curve)
            optimizer = words.term(curve.key["optimizer"])
            parts.append(
                words("exponent", start=curve.key["scheme"], optimizer=optimizer, value=value, low=low, high=high)
            )
    return words("title", parts=words.term("semicolon").join(parts))
