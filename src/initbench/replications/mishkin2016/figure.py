"""Deep thin networks from LSUV and three standard starts: variances by layer, and what is learned."""

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.lines import Decades
from initbench.figures.style import PAGE, arrange, line, of_look, panels
from initbench.figures.telling import few
from initbench.replications.mishkin2016.findings import LSUV, NAMES, outcomes
from initbench.replications.reading import NETWORK

PANELS = 4


@figure("mishkin2016", tables=("runs", "layers"), section="replication", replication="mishkin2016")
def mishkin2016(tables, words):
    """A panel an activation with the variance of each layer's output, and one with test accuracies; dashed, variance 1."""
    layers = tables.layers_at_start(["preactivation_std"], **NETWORK)
    layers = layers[layers["scheme"].isin(NAMES)]
    if layers.empty:
        return None
    activations, table = few(layers["activation"], PANELS), outcomes(tables)
    picture, axes = panels([0], range(len(activations) + 1), width=PAGE / (len(activations) + 1), height=2.0)
    squares = (
        (layers["preactivation_std"] ** 2).groupby([layers[key] for key in ("activation", "scheme", "layer")]).mean()
    )
    scale = Decades.of(squares)
    for axis, activation in zip(axes[0], activations, strict=False):
        _variances(axis, squares[activation], scale, axis is axes[0, 0])
        axis.set_title(words.term(activation))
    axes[0, 0].set_ylabel(words("y_variance"))
    axes[0, len(activations) // 2].set_xlabel(words.term("layers_forward"))
    _accuracies(axes[0, -1], table, activations, words)
    handles = [line(**of_look(scheme), label=f"{name} ({scheme})") for scheme, name in NAMES.items()]
    picture.legend(handles=handles, loc="outside lower center", ncols=4)
    arrange(picture)
    title = sentence(table, words)
    return Drawn(picture, title, words("caption"), words("alt", finding=title))


def sentence(table: pd.DataFrame, words) -> str:
    """What LSUV and the best other start reach on the mean over activations."""
    means = table[table["scheme"].isin(NAMES)].groupby("scheme")["accuracy"].mean()
    others = means.drop(LSUV, errors="ignore")
    if LSUV not in means or others.empty:
        return words("title_none")
    other = {"other": NAMES[str(others.idxmax())], "best": percent(float(others.max()))}
    return words("title", count=table["activation"].nunique(), lsuv=percent(float(means[LSUV])), **other)


def _variances(axis, squares, scale: Decades, named: bool) -> None:
    for shift, scheme in enumerate(NAMES):
        if scheme in squares.index.get_level_values("scheme"):
            values = squares[scheme]
            every = max(1, len(values) // 4)
            axis.plot(values.index, scale.place(values), **of_look(scheme), markevery=(shift % every, every))
    scale.draw(axis, named)


def _accuracies(axis, table, activations, words) -> None:
    """Mean and deviation of test accuracy, the starts side by side for each activation."""
    for k, scheme in enumerate(NAMES):
        rows = table[table["scheme"] == scheme].set_index("activation").reindex(activations)
        x = np.arange(len(activations)) + 0.16 * (k - (len(NAMES) - 1) / 2)
        axis.errorbar(
            x, rows["accuracy"], yerr=rows["deviation"], ms=3.6, lw=0.8, **of_look(scheme) | {"linestyle": ""}
        )
    axis.set_xticks(range(len(activations)), [words.term(name) for name in activations], rotation=30, ha="right")
    axis.set(ylabel=words.term("test_accuracy"), ylim=(0, 1.03), title=words("after"))
