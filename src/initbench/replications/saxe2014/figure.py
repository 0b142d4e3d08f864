"""Learning time of deep linear networks and the best learning rate, by depth."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, line, logarithmic, of_look, panels
from initbench.replications.saxe2014.findings import GAUSSIAN, ORTHOGONAL, TARGET, conditioning, learning_times


@figure("saxe2014", tables=("history", "signal"), section="replication", replication="saxe2014")
def saxe2014(tables, words):
    """Steps to the target, fastest rate and singular values against depth; dashed, what the paper predicts. None if nothing learned."""
    times, values = learning_times(tables), conditioning(tables)
    if not np.isfinite(times["steps"]).any():
        return None
    picture, axes = panels([0], range(3), width=PAGE / 3, height=2.1)
    for scheme in (ORTHOGONAL, GAUSSIAN):
        _scheme(axes[0], times[times["scheme"] == scheme], values[values["scheme"] == scheme], scheme)
    _published(axes[0], times[times["scheme"] == ORTHOGONAL], words)
    axes[0, 0].set(ylabel=words("y_time", target=TARGET), title=words("time"))
    axes[0, 1].set(ylabel=words("y_rate"), title=words("rate"), xlabel=words.term("depth"))
    axes[0, 2].set(ylabel=words("y_values"), title=words("values"))
    depths = sorted(times["depth"].unique())
    for axis in axes[0]:
        logarithmic(axis, "x", "y")
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
    handles = [line(**of_look(scheme), label=f"{words(scheme)} ({scheme})") for scheme in (ORTHOGONAL, GAUSSIAN)]
    picture.legend(
        handles=[*handles, line(color=INK, ls="--", lw=0.9, label=words("law"))], loc="outside lower center", ncols=3
    )
    arrange(picture)
    title = sentence(times, words)
    return Drawn(picture, title, words("caption", target=TARGET), words("alt", finding=title))


def sentence(times, words) -> str:
    """How many times as long the deepest networks take as the shallowest, from both starts."""
    found = [times[times["scheme"] == scheme].sort_values("depth") for scheme in (ORTHOGONAL, GAUSSIAN)]
    if any(len(part) < 2 for part in found):
        return words("title_none")
    times_taken = [(part["steps"].iloc[0], part["steps"].iloc[-1]) for part in found]
    ratios = [deepest / shallowest if np.isfinite(shallowest) else np.inf for shallowest, deepest in times_taken]
    said = [words("times", ratio=f"{ratio:.2g}") if np.isfinite(ratio) else words("never") for ratio in ratios]
    ends = {"deep": int(times["depth"].max()), "shallow": int(times["depth"].min())}
    return words("title", orthogonal=said[0], gaussian=said[1], **ends)


def _scheme(axes, times, values, scheme: str) -> None:
    """Time, rate and range of singular values of one scheme, by depth."""
    time, rate, singular = axes
    reached, shown = times[np.isfinite(times["steps"])], of_look(scheme)
    time.plot(reached["depth"], reached["steps"], **shown)
    rate.plot(reached["depth"], reached["learning_rate"], **shown)
    low, high = values["jacobian_min"], values["jacobian_max"]
    singular.fill_between(values["depth"], low, high, color=shown["color"], alpha=0.2, lw=0)
    singular.plot(values["depth"], high, **shown)
    singular.plot(values["depth"], low, **shown)


def _published(axes, times, words) -> None:
    """A time independent of depth, and a rate of one over it."""
    reached = times[np.isfinite(times["steps"])]
    if reached.empty:
        return
    last = reached.iloc[-1]
    scaling = last["learning_rate"] * last["depth"] / reached["depth"]
    axes[0].axhline(reached["steps"].median(), color=INK, ls="--", lw=0.9)
    axes[1].plot(reached["depth"], scaling, "--", color=INK, lw=0.9)
