"""Singular values of deep networks at the start, and how long they take to learn, by depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.pennington2017.findings import NAMES, ORTHOGONAL_TANH, singular_values
from initbench.replications.pennington2017.learning import TARGET, learning_times


@figure(
    "pennington2017",
    tables=("history", "signal"),
    section="replication",
    replication="pennington2017",
)
def pennington2017(tables, words):
    """Range of singular values, their ratio, and updates to the target by depth, a colour a network."""
    values, times = singular_values(tables), learning_times(tables)
    shown = [key for key in NAMES if len(_of(values, key))]
    if not shown:
        return None
    figure_, axes = panels([0], [0, 1, 2], width=4.4, height=3.8)
    for key, colour in zip(shown, colours(len(shown)), strict=True):
        _network(axes[0], _of(values, key), _of(times, key), NAMES[key], colour)
    _root(axes[0, 2], _of(times, ORTHOGONAL_TANH))
    axes[0, 0].set(ylabel="singular values of ∂logits/∂inputs", title="largest and smallest")
    axes[0, 1].set(ylabel="largest over smallest", title="spread")
    axes[0, 2].set(ylabel=f"updates to a loss of {TARGET:g} nats", title="learning time")
    depths = sorted(values["depth"].unique())
    for axis in axes[0]:
        axis.set(xscale="log", yscale="log" if axis.has_data() else "linear", xlabel="hidden layers")
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
    axes[0, 1].legend(frameon=False, fontsize="small")
    arrange(figure_)
    caption = (
        "Networks at their critical point (σ_w = 1 for tanh, σ_w² = 2 for ReLU, no biases). Left: largest and smallest singular value of "
        "the input–output Jacobian at the start, median over draws. Middle: their ratio, with its range over draws. Right: updates until "
        f"the training loss falls to {TARGET:g} nats at the fastest learning rate; a network that never did is not drawn; dashed, a time "
        "that grows as the root of the depth."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _of(table, key):
    return table[(table["activation"] == key[0]) & (table["scheme"] == key[1])].sort_values("depth")


def _network(axes, values, times, name: str, colour) -> None:
    """The lines of one network in the three panels."""
    values, reached = values[np.isfinite(values["condition"])], times[np.isfinite(times["steps"])]
    for column in ("jacobian_max", "jacobian_min"):
        axes[0].plot(values["depth"], values[column], "o-", ms=4, color=colour)
    axes[1].plot(values["depth"], values["condition"], "o-", color=colour, label=name)
    axes[1].fill_between(values["depth"], values["low"], values["high"], color=colour, alpha=0.25, lw=0)
    if len(reached):
        axes[2].plot(reached["depth"], reached["steps"], "o-", color=colour)


def _root(axis, times) -> None:
    """A time that grows as √depth, from the shallowest network on."""
    reached = times[np.isfinite(times["steps"])]
    if len(reached):
        first = reached.iloc[0]
        axis.plot(times["depth"], first["steps"] * np.sqrt(times["depth"] / first["depth"]), "--", color=INK, lw=1.2)
