"""Test accuracy, scheme × activation × depth."""

import numpy as np
import pandas as pd

from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, on_first_dataset, trained_cells, variants
from initbench.figures.style import COLUMN, PAGE, arrange, ordered, panels
from initbench.figures.telling import is_one_value, of_what, where_plain
from initbench.tables.views import trained_runs

BRIGHT = 0.6  # where the colours of the map become bright enough for dark numbers
COLUMNS, ROWS, STARTS = 4, 4, 24


@figure("test_accuracy", tables=("runs",))
def test_accuracy(tables, words):
    """Heat maps of mean test accuracy in per cent at the chosen learning rate, diverged runs counted as 0."""
    runs = trained_runs(on_first_dataset(trained_cells(tables))).fillna({"test_accuracy": 0.0})
    if runs.empty:
        return None
    runs = runs.assign(variant=variants(runs, words))
    title = sentence(runs, words)
    return Drawn(_picture(runs, words), title, words("caption", of=of_what(runs, words)), words("alt", finding=title))


def sentence(runs: pd.DataFrame, words) -> str:
    """The best random and the best one-value start of the deepest networks that are not normalised."""
    plain = runs[runs["normalization"] == "none"] if (runs["normalization"] == "none").any() else runs
    plain = plain[plain["depth"] == plain["depth"].max()]
    means = plain.groupby(["activation", "scheme"], observed=True)["test_accuracy"].mean()
    flat = means[[is_one_value(scheme) for scheme in means.index.get_level_values("scheme")]]
    where = where_plain(runs["normalization"].unique(), words)
    drawn, values = means.drop(flat.index), {"depth": int(plain["depth"].max()), "where": where}
    for name, part in (("best", drawn), ("flat", flat)):
        if len(part):
            activation, scheme = part.idxmax()
            values |= {
                name: percent(float(part.max())),
                f"{name}_scheme": scheme,
                f"{name}_activation": words.term(activation),
            }
    return words(
        {(True, True): "title", (True, False): "title_best", (False, True): "title_flat"}[
            len(drawn) > 0, len(flat) > 0
        ],
        **values,
    )


def _picture(runs: pd.DataFrame, words):
    activations, schemes = sorted(runs["activation"].unique())[:COLUMNS], ordered(runs["scheme"])[:STARTS]
    rows = sorted(set(runs[["variant", "normalization"]].itertuples(index=False, name=None)))
    rows = sorted(rows, key=lambda row: (row[1] != "none", row))[:ROWS]
    width = PAGE / len(activations) if len(activations) > 1 else COLUMN
    picture, axes = panels(rows, activations, width=width, height=0.155 * len(schemes) + 0.5)
    for (activation, variant, norm), part in runs.groupby(["activation", "variant", "normalization"]):
        if activation in activations and (variant, norm) in rows:
            axis = axes[rows.index((variant, norm)), activations.index(activation)]
            table = part.pivot_table(index="scheme", columns="depth", values="test_accuracy", aggfunc="mean")
            _heat_map(axis, table.reindex(schemes), activations.index(activation) == 0)
            name = words.of("page")("normalised", name=words.term(norm)) if norm != "none" else ""
            axis.set_title(
                heading(variant, words.of("terms")("comma").join(filter(None, [words.term(activation), name])))
            )
    for axis in axes.flat:
        axis.set_visible(axis.has_data())
    axes[-1, len(activations) // 2].set_xlabel(words.term("depth"))
    arrange(picture)
    return picture


def _heat_map(axis, table: pd.DataFrame, named: bool) -> None:
    """Numbers on colours, with the schemes' names if `named`."""
    from matplotlib import colormaps

    values = table.to_numpy()
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            axis.fill(
                [column, column + 1, column + 1, column],
                [row, row, row + 1, row + 1],
                color=colormaps["cividis"](value),
                lw=0,
            )
            ink = ".05" if value > BRIGHT else "w"
            axis.text(column + 0.5, row + 0.52, f"{100 * value:.0f}", color=ink, ha="center", va="center", size=7)
    axis.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0))
    axis.set_xticks(np.arange(values.shape[1]) + 0.5, [str(depth) for depth in table.columns])
    axis.set_yticks(np.arange(values.shape[0]) + 0.5, list(table.index) if named else [""] * len(table))
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.grid(visible=False)
