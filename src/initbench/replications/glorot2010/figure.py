"""Sigmoid saturation during training, and activations and gradients per layer under two initialisations."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.style import INK, PAGE, arrange, colours, hexadecimal, logarithmic, of_look, panels
from initbench.replications.glorot2010.findings import NAMES, NORMALIZED, STANDARD, profiles, saturation

DEPTHS = (4, 5)  # of the sigmoid networks of the paper's figure 2


@figure("glorot2010", tables=("runs", "layers"), section="replication", replication="glorot2010")
def glorot2010(tables, words):
    """Mean activation per layer during training at depths 4 and 5; spread of a and √δ² per layer at the start."""
    track, profile = saturation(tables), profiles(tables)
    if track[track["depth"].isin(DEPTHS)].empty and not {STANDARD, NORMALIZED} & set(profile):
        return None
    picture, axes = panels([0], range(4), width=PAGE / 4, height=2.0)
    for axis, depth in zip(axes[0], DEPTHS, strict=False):
        _saturation(axis, track[track["depth"] == depth], depth, words)
    for scheme in (STANDARD, NORMALIZED):
        if scheme in profile:
            _profile(axes[0, 2], axes[0, 3], profile[scheme], scheme, words)
    layers = np.arange(1, 1 + max((len(part) for part in profile.values()), default=1))
    axes[0, 3].plot(layers, 3.0 ** -((layers[-1] - layers) / 2), "--", color=INK, lw=0.9, label=words("law"))
    axes[0, 2].set(ylabel=words("y_activation"), title=words("activations"))
    axes[0, 3].set(ylabel=words("y_gradient"), title=words("gradients"))
    for axis in axes[0, 2:]:
        axis.set(xlabel=words.term("layer"), xticks=list(layers))
        logarithmic(axis, "y")
    handles, names = axes[0, 3].get_legend_handles_labels()
    picture.legend(handles, names, loc="outside lower center", ncols=5)
    arrange(picture)
    title = sentence(track, profile, words)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def sentence(track: pd.DataFrame, profile: dict, words) -> str:
    """How far the top sigmoid layer falls, and what the standard start makes of a gradient a layer."""
    top = track[(track["depth"] == DEPTHS[0]) & (track["layer"] == DEPTHS[0])].dropna(subset="activation_mean")
    if top.empty or STANDARD not in profile:
        return words("title_none")
    lowest, gradient = top.loc[top["activation_mean"].idxmin()], profile[STANDARD]["gradient"]
    factor = (gradient.iloc[0] / gradient.iloc[-1]) ** (1 / max(len(gradient) - 1, 1))
    values = {"depth": DEPTHS[0], "top": number(float(lowest["activation_mean"]), 2), "step": int(lowest["step"])}
    return words("title", factor=number(float(factor), 2), **values)


def _saturation(axis, track, depth: int, words) -> None:
    """Mean activation during training, a line a layer."""
    axis.set(xlabel=words("x_updates"), ylabel=words("y_mean"), ylim=(-0.03, 1))
    axis.set_title(words("sigmoid", depth=depth))
    if track.empty:
        return
    means, ends = track.pivot(index="step", columns="layer", values="activation_mean"), []
    for layer, colour in zip(means, colours(len(means.columns), "viridis"), strict=True):
        axis.plot(means.index + 1, means[layer], color=colour)
        ends.append(EndLabel(float(means[layer].iloc[-1]), str(layer), hexadecimal(colour)))
    axis.axhline(0, color=INK, ls="--", lw=0.9)
    axis.set_xscale("log")
    label_ends(axis, ends, 0.1)


def _profile(left, right, profile, scheme: str, words) -> None:
    """Spread of activations, and both gradients relative to the last layer, by layer."""
    name = words.of("replications.glorot2010")(NAMES[scheme])
    left.plot(profile.index, profile["activation"], **of_look(scheme), label=name)
    signal, weights = (profile[what] / profile[what].iloc[-1] for what in ("gradient", "weight_gradient"))
    right.plot(profile.index, signal, **of_look(scheme), label=name)
    right.plot(profile.index, weights, ":", color=of_look(scheme)["color"], label=words("weights", name=name))
