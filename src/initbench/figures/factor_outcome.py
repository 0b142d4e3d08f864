"""The factor by which a layer multiplies the gradient, before training, against what training reaches."""

import numpy as np
import pandas as pd

from initbench.base.numbers import RAISED
from initbench.figures import Drawn, figure
from initbench.figures.style import INK, PAGE, arrange, line, panels
from initbench.figures.telling import few, is_one_value, mean_accuracies, network_shown, of_what, rows_of, span
from initbench.tables.views import trained_runs

KEPT = (0.7, 1.4)  # factors that keep a gradient over a few layers: 0.7² ≈ 1/2, 1.4² ≈ 2
APART = 0.1  # accuracies that far apart are no matter of a few points: the factor decides
LEAST, ZERO, TICKS = (
    -6.0,
    -8.4,
    3,
)  # log₁₀ of the least factor that the axis tells apart, where an exact zero is drawn, ticks
MARKERS = ("o", "s", "^", "D", "v", "P")
PANELS = 3
GREY = "#8A8A8A"


@figure("factor_outcome", tables=("runs", "signal"))
def factor_outcome(tables, words):
    """Test accuracy against the factor at step 0, a mark a cell, a panel a depth."""
    runs = rows_of(trained_runs(tables.chosen_runs), network := network_shown(tables))
    cells = factors_and_accuracies(tables, runs, network)
    if cells.empty or cells["one_value"].all():
        return None
    depths = few(cells["depth"], PANELS)
    cells = cells[cells["depth"].isin(depths)]
    picture, axes = panels([0], depths, width=PAGE / len(depths), height=2.4, sharey=True)
    shapes = dict(zip(sorted(cells["activation"].unique()), MARKERS, strict=False))
    highest = np.log10(max(cells["factor"].max(), 10))
    for axis, depth in zip(axes[0], depths, strict=True):
        _panel(axis, cells[cells["depth"] == depth], shapes, highest)
        axis.set_title(
            words("panel", depth=depth) + "\n" + _in_short(cells[cells["depth"] == depth], words), linespacing=1.35
        )
    axes[0, 0].set_ylabel(words.term("test_accuracy"))
    axes[0, len(depths) // 2].set_xlabel(words("x"))
    _legend(axes[0, -1], shapes, words)
    arrange(picture)
    deepest = cells[cells["depth"] == depths[-1]]
    caption = words("caption", low=KEPT[0], high=KEPT[1]) + words.term("space") + of_what(runs, words)
    return Drawn(picture, sentence(deepest, words), caption, words("alt", finding=sentence(deepest, words)))


def factors_and_accuracies(tables, runs: pd.DataFrame, network: dict) -> pd.DataFrame:
    """A row a cell of more than one layer: depth, activation, scheme, factor, accuracy, and whether it draws one value.

    factor: the median over seeds of χ̂ at step 0, 0 where the gradient is exactly zero for half of them or more; cells
    whose factor is not known are left out.
    """
    keys = ["depth", "activation", "scheme"]
    columns = [*keys, "factor", "accuracy", "one_value"]
    runs = runs[runs["depth"] > 1] if len(runs) else runs
    if runs.empty:
        return pd.DataFrame(columns=columns)
    starts = tables.signal_at_start(["gradient_factor", "gradient_regime"], **network)
    values = starts["gradient_factor"].where(starts["gradient_regime"] != "zero", 0.0)
    factor = values.dropna().groupby([starts[key] for key in keys], observed=True).median().rename("factor")
    accuracy = mean_accuracies(runs, keys)["mean"].rename("accuracy")
    cells = pd.concat([factor, accuracy], axis=1, join="inner").reset_index()
    return cells.assign(one_value=cells["scheme"].map(is_one_value).astype(bool))[columns]


def within_and_beyond(cells: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The accuracies of random starts whose factor is within KEPT, and those of all other random ones."""
    drawn = cells[~cells["one_value"]]
    kept = drawn["factor"].between(*KEPT)
    return drawn.loc[kept, "accuracy"], drawn.loc[~kept, "accuracy"]


def sentence(cells: pd.DataFrame, words) -> str:
    """What the cells of one depth say of the factor."""
    within, beyond = within_and_beyond(cells)
    values = {"depth": int(cells["depth"].iloc[0]), "low": KEPT[0], "high": KEPT[1]}
    values |= {name: span(part.min(), part.max(), words) for name, part in (("within", within), ("beyond", beyond))}
    if within.empty or beyond.empty:
        return words("title_all_within" if beyond.empty else "title_none_within", **values)
    if within.min() - beyond.max() > APART:
        return words("title_decides", **values | {"beyond": span(beyond.max(), beyond.max(), words)})
    return words("title_mixed", **values)


def _in_short(cells: pd.DataFrame, words) -> str:
    """The two ranges, a line each, below a panel's heading."""
    within, beyond = within_and_beyond(cells)
    parts = [
        words(key, range=span(part.min(), part.max(), words), low=KEPT[0], high=KEPT[1])
        for key, part in (("within", within), ("beyond", beyond))
        if len(part)
    ]
    return "\n".join(parts)


def place(factor: pd.Series) -> np.ndarray:
    """Where factors stand on the axis: log₁₀, those below the least at its end, zero beyond the break."""
    with np.errstate(divide="ignore"):
        logs = np.log10(factor.to_numpy(float))
    return np.where(factor == 0, ZERO, np.maximum(logs, LEAST))


def _panel(axis, cells: pd.DataFrame, shapes: dict, highest: float) -> None:
    """The marks of one depth: hollow for starts of one value, filled for random ones."""
    axis.axvspan(*np.log10(KEPT), color="#E4E4E4", lw=0, zorder=0)
    axis.axvline(0, color=INK, lw=1.2, zorder=1)
    for (one_value, activation), part in cells.groupby(["one_value", "activation"]):
        fill, edge = ("none", GREY) if one_value else (INK, "white")
        axis.scatter(
            place(part["factor"]), part["accuracy"], marker=shapes.get(activation, "o"), s=22, facecolors=fill,
            edgecolors=edge, linewidths=0.9 if one_value else 0.4, zorder=3 - one_value, clip_on=False,
        )  # fmt: skip
    ticks = np.arange(LEAST + TICKS, highest + 1, TICKS)
    clipped = ((cells["factor"] > 0) & (cells["factor"] < 10**LEAST)).any()
    least = ("≤ " if clipped else "") + "10" + f"{LEAST:.0f}".translate(RAISED)
    names = ["= 0", least, *("1" if tick == 0 else "10" + f"{tick:.0f}".translate(RAISED) for tick in ticks)]
    axis.set_xticks([ZERO, LEAST, *ticks], names)
    one = axis.get_xticklabels()[names.index("1")]
    one.set(color=INK, fontsize=1.3 * one.get_fontsize())
    axis.set(xlim=(ZERO - 0.7, highest + 0.5), ylim=(0, 1.02))
    axis.yaxis.set_major_formatter(lambda value, position: f"{100 * value:.0f}\u202f%")
    broken = (ZERO + LEAST) / 2
    axis.plot([broken - 0.15, broken + 0.15], [0, 0], "|", color=INK, ms=5, mew=0.9, clip_on=False, zorder=4)
    axis.grid(axis="x", visible=False)


def _legend(axis, shapes: dict, words) -> None:
    """What marks mean, where no mark is: above the break."""
    handles = [line(marker=m, ls="", color=INK, mec="white", label=words.term(name)) for name, m in shapes.items()]
    handles.append(line(marker="o", ls="", color="none", mec=GREY, mew=0.9, label=words("one_value")))
    axis.legend(handles=handles, loc="upper left", frameon=False, handletextpad=0.2, borderaxespad=0.2)
