"""Where units saturate or die: by layer and start, before and after training."""

import numpy as np
import pandas as pd

from initbench.activations import get_activation
from initbench.base.numbers import percent
from initbench.figures import Drawn, figure
from initbench.figures.style import PAGE, arrange, ordered, panels
from initbench.figures.telling import few_layers, is_one_value, network_shown, of_what, rows_of, span, telling
from initbench.tables.views import hidden, trained_runs

STARTS, LAYERS, ACTIVATIONS = 6, 5, 3
SHARES = {True: "dead_fraction", False: "saturated_fraction"}  # of an activation that can die, and of one that cannot
LIGHTEST = 1.25  # share that would have the map's last colour
DARK = 0.55  # shares above it are drawn so dark that numbers on them are white


@figure("saturated_dead", tables=("runs", "layers"))
def saturated_dead(tables, words):
    """Heat maps of start × layer with numbers: a column an activation, above at step 0, below at the end of training."""
    runs, shares = deepest_shares(tables)
    if shares.empty:
        return None
    activations = list(dict.fromkeys(shares["activation"]))[:ACTIVATIONS]
    moments = ordered_moments(shares)
    schemes = ordered(shares["scheme"])
    layers = few_layers(int(shares["layer"].max()), LAYERS)
    height = 0.165 * len(schemes) + 0.62
    picture, axes = panels(moments, activations, width=PAGE / max(len(activations), 2), height=height)
    for (moment, activation), part in shares.groupby(["moment", "activation"], observed=True):
        if activation in activations:
            axis = axes[moments.index(moment), activations.index(activation)]
            table = part.pivot_table(index="scheme", columns="layer", values="share").reindex(schemes)[layers]
            _map(axis, table, named=activation == activations[0])
            axis.set_title(
                words("panel_dead" if dies(activation) else "panel", activation=activation, moment=words(moment))
            )
    for axis in axes[-1]:
        axis.set_xlabel(words("x"))
    for axis in axes.flat:
        axis.set_visible(axis.has_data())
    arrange(picture)
    title = sentence(shares, words)
    return Drawn(
        picture, title, words("caption") + words.term("space") + of_what(runs, words), words("alt", finding=title)
    )


def dies(activation: str) -> bool:
    """Whether a unit can die: value and slope are both exactly zero somewhere, as for relu."""
    phi, below = get_activation(activation), np.array(-1.0)
    return float(phi(below)) == 0 and float(phi.slope(below)) == 0


def deepest_shares(tables) -> tuple[pd.DataFrame, pd.DataFrame]:
    """The runs that are shown, and (moment, activation, scheme, layer, share): the mean over seeds in their hidden layers.

    Those of the deepest networks of the one that is shown. moment: before, or after training, if anything was trained.
    """
    runs = rows_of(tables.chosen_runs if len(tables.chosen_runs) else tables.runs, network := network_shown(tables))
    runs = runs[runs["depth"] == runs["depth"].max()]
    runs = runs[runs["scheme"].isin(telling(runs["scheme"].unique(), STARTS))]
    if not network or runs.empty:
        return runs, pd.DataFrame(columns=["moment", "activation", "scheme", "layer", "share"])
    where = network | {"depth": int(runs["depth"].iloc[0])}
    columns = list(SHARES.values())
    parts = [tables.layers_at_start(columns, **where).assign(moment="before")]
    trained = trained_runs(runs)
    if len(trained):
        last = int(trained["steps"].max())
        parts.append(tables.at_every_step("layers", trained, columns, **where, step=[last]).assign(moment="after"))
    frame = hidden(pd.concat(parts, ignore_index=True))
    frame = frame[frame["scheme"].isin(runs["scheme"])]
    dead = frame["activation"].map({name: dies(name) for name in frame["activation"].unique()}).astype(bool)
    shares = frame["dead_fraction"].where(dead, frame["saturated_fraction"])
    keys = ["moment", "activation", "scheme", "layer"]
    return runs, shares.groupby([frame[key] for key in keys]).mean().rename("share").dropna().reset_index()


def ordered_moments(shares: pd.DataFrame) -> list[str]:
    """Before, and after if there is one."""
    return [moment for moment in ("before", "after") if (shares["moment"] == moment).any()]


def sentence(shares: pd.DataFrame, words) -> str:
    """How many units of random starts are dead at the last layer, and which share saturates, before training."""
    before = shares[shares["moment"] == "before"]
    before = before.assign(
        dies=before["activation"].map(dies).astype(bool), one_value=before["scheme"].map(is_one_value).astype(bool)
    )
    drawn, flat = before[~before["one_value"]], before[before["one_value"] & ~before["dies"]]
    dead, other = drawn[drawn["dies"]], drawn[~drawn["dies"]]
    parts = []
    if len(dead):
        ends = [dead.loc[dead["layer"] == layer, "share"] for layer in (dead["layer"].min(), dead["layer"].max())]
        first, last = (span(end.min(), end.max(), words) for end in ends)
        names = words.joined(dead["activation"].unique())
        parts.append(words("dead", activations=names, first=first, last=last, depth=int(dead["layer"].max())))
    if len(other):
        values = {"activations": words.joined(other["activation"].unique()), "drawn": percent(other["share"].max())}
        key = "saturated_beside" if len(flat) else "saturated"
        parts.append(words(key, **values, copies=percent(flat["share"].max()) if len(flat) else ""))
    return words("title", parts=words.term("semicolon").join(parts)) if parts else words("title_of_copies")


def _map(axis, table: pd.DataFrame, named: bool) -> None:
    """Shares in per cent on blue, starts downwards, layers across; what is not known stays white and without a number."""
    values = table.to_numpy(float)
    _shade(axis, np.nan_to_num(values).round(2))
    axis.set(xlim=(0, values.shape[1]), ylim=(values.shape[0], 0))
    axis.set_xticks(np.arange(values.shape[1]) + 0.5, [str(layer) for layer in table.columns])
    axis.set_yticks(np.arange(values.shape[0]) + 0.5 if named else [], list(table.index) if named else [])
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.grid(False)
    for (row, column), value in np.ndenumerate(values):
        if np.isfinite(value):
            ink = "white" if value > DARK else ".15"
            axis.text(column + 0.5, row + 0.52, f"{100 * value:.0f}", color=ink, ha="center", va="center")


def _shade(axis, values: np.ndarray) -> None:
    """A square a value above 0, the darker the larger it is; those of one shade are one path: so the file is small."""
    from matplotlib import colormaps
    from matplotlib.patches import PathPatch
    from matplotlib.path import Path

    for value in np.unique(values[values > 0]):
        squares = [
            np.add(Path.unit_rectangle().vertices, (column, row)) for row, column in np.argwhere(values == value)
        ]
        path = Path.make_compound_path(*(Path(square, Path.unit_rectangle().codes) for square in squares))
        axis.add_patch(PathPatch(path, fc=colormaps["Blues"](value / LIGHTEST), ec="white", lw=0.8))
