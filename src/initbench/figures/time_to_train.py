"""How long until trained: the share of seeds that have reached the target accuracy, against updates."""

import numpy as np
import pandas as pd

from initbench.base.numbers import number
from initbench.figures import Drawn, figure
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.style import INK, PAGE, arrange, look, ordered, panels
from initbench.figures.telling import few, network_shown, of_what, rows_of, telling
from initbench.tables.views import trained_runs

ACTIVATIONS, DEPTHS, GAP = 3, 2, 0.1


@figure("time_to_train", tables=("runs",))
def time_to_train(tables, words):
    """A stairway a start, censored at the budget; activation across, the shallowest and the deepest network downwards."""
    runs = rows_of(trained_runs(tables.chosen_runs), network_shown(tables))
    if runs.empty or runs["steps_to_target"].isna().all():
        return None
    activations = list(dict.fromkeys(runs["activation"]))[:ACTIVATIONS]
    depths, budget = few(runs["depth"], DEPTHS), int(runs["steps"].max())
    shape = {"width": PAGE / max(len(activations), 2), "height": 1.75}
    picture, axes = panels(depths, activations, **shape, sharex=True, sharey=True)
    for (activation, depth), part in runs.groupby(["activation", "depth"], observed=True):
        if activation in activations and depth in depths:
            axis = axes[depths.index(depth), activations.index(activation)]
            _panel(axis, part, budget, words)
            axis.set_title(words("panel", activation=words.term(activation), depth=int(depth)))
    for axis in axes.flat:
        axis.set_visible(axis.has_data())
    for axis in axes[:, 0]:
        axis.set_ylabel(words("y"))
    for axis in axes[-1]:
        axis.set_xlabel(words("x"))
    arrange(picture)
    deepest = runs[runs["depth"] == depths[-1]]
    title = sentence(deepest, words)
    looked = words(
        "looked", steps=words.joined(number(step) for step in sorted(runs["steps_to_target"].dropna().unique()))
    )
    caption = words.term("space").join([words("caption"), looked, of_what(runs, words)])
    return Drawn(picture, title, caption, words("alt", finding=title))


def stairs(steps_to_target: pd.Series, budget: int) -> tuple[np.ndarray, np.ndarray]:
    """(updates, share of the runs that have reached the target by then), from update 1 to the budget.

    NaN: not within the budget; such a run counts as one that never arrives here.
    """
    arrived = np.sort(steps_to_target.dropna().to_numpy(float))
    at, counts = np.unique(np.maximum(arrived, 1), return_counts=True)
    shares = np.cumsum(counts) / max(len(steps_to_target), 1)
    end = [budget] if not len(at) or at[-1] < budget else []
    return np.concatenate([[1.0], at, end]), np.concatenate(
        [[0.0], shares, shares[-1:] if len(end) and len(at) else [0.0] * len(end)]
    )


def half_by(steps_to_target: pd.Series) -> float:
    """The update by which half of the runs have reached the target; infinite where fewer ever do."""
    return float(np.quantile(steps_to_target.fillna(np.inf), 0.5, method="inverted_cdf"))


def sentence(deepest: pd.DataFrame, words) -> str:
    """Which start gets half of the seeds there first, by activation, in the deepest networks; and where none does."""
    halves = deepest.groupby(["activation", "scheme"], observed=True)["steps_to_target"].apply(half_by)
    depth, parts, none = int(deepest["depth"].iloc[0]), [], []
    for activation, part in halves.groupby(level="activation"):
        best = part.droplevel("activation")
        if np.isinf(best.min()):
            none.append(activation)
            continue
        winners = ordered(best.index[best == best.min()])
        parts.append(words("first", activation=activation, starts=words.joined(winners), step=int(best.min())))
    if none:
        parts.append(words("never", activations=words.joined(none)))
    return words("title", depth=depth, parts=words.term("semicolon").join(parts))


def _panel(axis, runs: pd.DataFrame, budget: int, words) -> None:
    """The stairways of one block, the budget as a line."""
    axis.set(xscale="log", xlim=(1, budget * 1.02), ylim=(-0.03, 1.03))
    axis.axvline(budget, color=INK, lw=1.2, zorder=1)
    labels = []
    for scheme in telling(runs["scheme"].unique()):
        reached, own = runs.loc[runs["scheme"] == scheme, "steps_to_target"], look(scheme)
        steps, shares = stairs(reached, budget)
        axis.step(
            steps, shares, where="post", color=own.colour, dashes=own.dash or (None, None), lw=1.4, marker=own.marker,
            ms=3.2, markevery=slice(1, None), clip_on=False, zorder=3,
        )  # fmt: skip
        half = half_by(reached)
        text = words("label", start=scheme, step=int(half)) if np.isfinite(half) else words("label_never", start=scheme)
        labels.append(EndLabel(float(shares[-1]), text, own.colour))
    label_ends(axis, labels, GAP)
    axis.yaxis.set_major_formatter(lambda value, position: f"{100 * value:.0f}\u202f%")
    axis.xaxis.set_major_formatter(lambda value, position: number(value))
