"""Singular values of deep networks at the start, and how long they take to learn, by depth."""

import numpy as np

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, colours, logarithmic, panels
from initbench.replications.pennington2017.findings import (
    GAUSSIAN_TANH,
    KEYS,
    NAMES,
    ORTHOGONAL_TANH,
    singular_values,
)
from initbench.replications.pennington2017.learning import TARGET, learning_times

DASHES, MARKERS = ("-", (0, (5, 1.5)), (0, (1, 1.2)), (0, (4, 1.2, 1, 1.2))), "os^D"


@figure("pennington2017", tables=("history", "signal"), section="replication", replication="pennington2017")
def pennington2017(tables, words):
    """Range of singular values, their ratio, and updates to the target by depth, a look a network."""
    values, times = singular_values(tables), learning_times(tables)
    shown = [key for key in NAMES if len(_of(values, key))]
    if not shown:
        return None
    picture, axes = panels([0], range(3), width=PAGE / 3, height=2.1)
    said = words.of("replications.pennington2017")
    for k, (key, colour) in enumerate(zip(shown, colours(len(shown)), strict=True)):
        look = {"color": colour, "ls": DASHES[k], "marker": MARKERS[k]}
        _network(axes[0], _of(values, key), _of(times, key), said(KEYS[key]), look)
    _root(axes[0, 2], _of(times, ORTHOGONAL_TANH))
    axes[0, 0].set(ylabel=words("y_values"), title=words("values"))
    axes[0, 1].set(ylabel=words("y_ratio"), title=words("ratio"))
    axes[0, 2].set(ylabel=words("y_time", target=TARGET), title=words("time"))
    depths = sorted(values["depth"].unique())
    for axis in axes[0]:
        logarithmic(axis, "x", "y")
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
    axes[0, 1].set_xlabel(words.term("depth"))
    picture.legend(*axes[0, 1].get_legend_handles_labels(), loc="outside lower center", ncols=4)
    arrange(picture)
    title = sentence(values, words)
    return Drawn(picture, title, words("caption", target=TARGET), words("alt", finding=title))


def sentence(values, words) -> str:
    """How far singular values spread in the deepest tanh networks of both starts."""
    found = [_of(values, key) for key in (ORTHOGONAL_TANH, GAUSSIAN_TANH)]
    if any(part.empty for part in found):
        return words("title_none")
    ratios = [number(float(part["condition"].iloc[-1]), 2) for part in found]
    return words("title", depth=int(values["depth"].max()), orthogonal=ratios[0], gaussian=ratios[1])


def _of(table, key):
    return table[(table["activation"] == key[0]) & (table["scheme"] == key[1])].sort_values("depth")


def _network(axes, values, times, name: str, look: dict) -> None:
    """The lines of one network in the three panels."""
    values, reached = values[np.isfinite(values["condition"])], times[np.isfinite(times["steps"])]
    for column in ("jacobian_max", "jacobian_min"):
        axes[0].plot(values["depth"], values[column], **look)
    axes[1].plot(values["depth"], values["condition"], **look, label=name)
    axes[1].fill_between(values["depth"], values["low"], values["high"], color=look["color"], alpha=0.2, lw=0)
    if len(reached):
        axes[2].plot(reached["depth"], reached["steps"], **look)


def _root(axis, times) -> None:
    """A time that grows as √depth, from the shallowest network on."""
    reached = times[np.isfinite(times["steps"])]
    if len(reached):
        first = reached.iloc[0]
        axis.plot(times["depth"], first["steps"] * np.sqrt(times["depth"] / first["depth"]), "--", color=INK, lw=0.9)
