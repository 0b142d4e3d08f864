"""Do two inputs still differ? How alike the activations of two inputs are, layer by layer, before training."""

import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.end_labels import EndLabel, label_ends
from initbench.figures.style import PAGE, arrange, look, ordered, panels
from initbench.figures.telling import few, is_one_value, network_shown, of_what, rows_of, telling
from initbench.tables.views import hidden

ALIKE = 0.9  # inputs whose activations have this cosine are called alike
ACTIVATIONS, GAP = 3, 0.085


@figure("input_correlation", tables=("runs", "layers"))
def input_correlation(tables, words):
    """Mean cosine of two inputs' activations by layer, a line a start, a panel an activation, at the largest depth."""
    runs, means = deepest_correlations(tables)
    if means["correlation"].dropna().empty:
        return None
    activations = list(dict.fromkeys(means["activation"]))[:ACTIVATIONS]
    picture, axes = panels([0], activations, width=PAGE / max(len(activations), 2), height=2.3, sharey=True)
    for axis, activation in zip(axes[0], activations, strict=True):
        _panel(axis, means[means["activation"] == activation], words)
        axis.set(title=words.term(activation), xlabel=words("x"))
    axes[0, 0].set_ylabel(words("y"))
    arrange(picture)
    title = sentence(means, words)
    return Drawn(
        picture,
        title,
        words("caption") + words.term("space") + of_what(runs.assign(steps=0), words),
        words("alt", finding=title),
    )


def deepest_correlations(tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The runs of the starts that are shown, and (activation, scheme, layer, correlation): the mean over draws at step 0.

    NaN where fewer than two inputs of any draw have an activation other than zero. Of the deepest networks of the one shown.
    """
    runs = rows_of(tables.chosen_runs if len(tables.chosen_runs) else tables.runs, network := network_shown(tables))
    runs = runs[runs["depth"] == runs["depth"].max()]
    runs = runs[runs["scheme"].isin(telling(runs["scheme"].unique()))]
    if not network or runs.empty:
        return runs, pd.DataFrame(columns=["activation", "scheme", "layer", "correlation"])
    frame = hidden(tables.layers_at_start(["input_correlation"], **network, depth=int(runs["depth"].iloc[0])))
    frame = frame[frame["scheme"].isin(runs["scheme"])]
    means = frame.groupby(["activation", "scheme", "layer"])["input_correlation"].mean()
    return runs, means.rename("correlation").reset_index()


def sentence(means: pd.DataFrame, words) -> str:
    """In which networks all random starts make inputs alike at the last layer, and in which they do not."""
    drawn = means[~means["scheme"].map(is_one_value).astype(bool)].dropna()
    if drawn.empty:
        return words("title_of_copies")
    ends = [
        drawn.loc[drawn["layer"] == layer].groupby("activation")["correlation"] for layer in (1, drawn["layer"].max())
    ]
    first, last = ends[0].min(), ends[1].min()
    most = ends[1].max()
    depth = int(drawn["layer"].max())
    alike = [name for name in last.index if last[name] >= ALIKE]
    apart = [name for name in last.index if most[name] < ALIKE]
    parts = []
    if alike:
        values = {"first": f"{first[alike].min():.2f}", "last": f"{last[alike].min():.2f}"}
        key = "alike_all" if values["last"] == "1.00" else "alike"
        parts.append(words(key, activations=words.joined(alike), depth=depth, **values))
    if apart:
        parts.append(words("apart", activations=words.joined(apart), depth=depth, most=f"{most[apart].max():.2f}"))
    return words("title", parts=words.term("semicolon").join(parts)) if parts else words("title_mixed", depth=depth)


def _panel(axis, means: pd.DataFrame, words) -> None:
    """The lines of one activation; a start without any value is named as undefined."""
    deepest = int(means["layer"].max())
    axis.set(xlim=(1, max(deepest, 2)), ylim=(min(-0.02, means["correlation"].min()), 1.02))
    axis.set_xticks(few(range(1, deepest + 1), 5))
    labels, undefined = [], []
    for scheme in ordered(means["scheme"]):
        part, own = means[means["scheme"] == scheme].sort_values("layer").dropna(), look(scheme)
        if part.empty:
            undefined.append(scheme)
            continue
        axis.plot(
            part["layer"], part["correlation"], color=own.colour, dashes=own.dash or (None, None), lw=1.4,
            marker=own.marker, ms=3.2, markevery=max(1, len(part) // 4), clip_on=False,
        )  # fmt: skip
        labels.append(EndLabel(float(part["correlation"].iloc[-1]), scheme, own.colour))
    label_ends(axis, labels, GAP)
    if undefined:
        text = words("undefined", starts=words.joined(undefined))
        axis.text(0.5, 0.5, text, transform=axis.transAxes, ha="center", va="center", style="italic")
