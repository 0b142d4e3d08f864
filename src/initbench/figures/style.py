"""One look for all figures, and how they are saved.

matplotlib and seaborn are imported when something is drawn: they take longer to start than all else, and planning a study
needs only the figures' names. Figures are objects of their own, without pyplot: no backend is chosen and nothing stays open.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

import pandas as pd

RANDOM = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal", "lecun_normal", "orthogonal"]
SYMMETRIC = ["zeros", "constant"]
INK = (0.1, 0.1, 0.1)  # of what theory says, and of what belongs to no scheme
LOOK = {
    "svg.hashsalt": "initbench",
    "svg.fonttype": "path",
    "figure.dpi": 100,
    "savefig.bbox": "tight",
    "axes.titlesize": "medium",
    "axes.formatter.use_mathtext": True,
}


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the report's look; matplotlib's settings are afterwards what they were."""
    import matplotlib
    import seaborn

    colours = seaborn.color_palette("colorblind")
    look = seaborn.plotting_context("notebook") | seaborn.axes_style("whitegrid")
    cycle = {"axes.prop_cycle": matplotlib.cycler(color=colours), "patch.facecolor": colours[0]}
    with matplotlib.rc_context({**look, "font.family": "sans-serif", **cycle, **LOOK}):
        yield


def save(figure, svg, png) -> None:
    """Write a figure as SVG and PNG with no date in it, so that the same figure is the same bytes."""
    figure.savefig(svg, format="svg", metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", dpi=110, metadata={"Software": None})


def colours(count: int, name: str = "colorblind") -> list[tuple]:
    """So many colours of a palette."""
    import seaborn

    return list(seaborn.color_palette(name, count))


def palette(schemes: Iterable[str]) -> dict[str, tuple]:
    """A colour a scheme, fit for colour-blind readers: greys for one-value starts, hues for the random ones."""
    schemes = list(schemes)
    flat = [s for s in schemes if s.partition("(")[0] in SYMMETRIC]
    other = sorted((s for s in schemes if s not in flat), key=lambda s: (RANDOM.index(s) if s in RANDOM else 99, s))
    greys = colours(len(flat) + 2, "Greys")[2:]
    return dict(zip(flat, greys, strict=True)) | dict(zip(other, colours(len(other)), strict=True))


def ordered(schemes: Iterable[str]) -> list[str]:
    """Schemes in the order of the palette: one-value starts first."""
    return list(palette(sorted(set(schemes))))


def panels(rows: Sequence, columns: Sequence, width: float = 3.4, height: float = 2.9, **options):
    """(figure, axes): a grid of axes, always two-dimensional."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * len(columns), height * len(rows)))
    return figure, figure.subplots(len(rows), len(columns), squeeze=False, **options)


def line(**options):
    """A line for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **options)


def legend(figure, colours: dict, title: str = "scheme") -> None:
    """One legend beside the panels."""
    handles = [line(color=colour, lw=2.5, label=name) for name, colour in colours.items()]
    figure.legend(handles=handles, title=title, loc="center left", bbox_to_anchor=(1.0, 0.5), frameon=False)


def nothing(text: str):
    """(figure, caption) that say why there is nothing to show."""
    figure, axes = panels([0], [0], width=7, height=1.2)
    axes[0, 0].set_axis_off()
    axes[0, 0].text(0.5, 0.5, text, ha="center", va="center", wrap=True)
    return figure, text


def block_panels(table: pd.DataFrame, width: float = 3.0, height: float = 2.4, **options):
    """(figure, [(axis, part)]): a panel a block, depth across, all else downwards; titles name what differs."""
    further = [key for key in ("dataset", "architecture", "optimizer", "width") if table[key].nunique() > 1]
    down = [*further, "normalization", "activation"]
    rows = sorted(set(table[down].itertuples(index=False, name=None)))
    rows.sort(key=lambda row: row[-2], reverse=True)  # without normalisation first
    depths = sorted(table["depth"].unique())
    several = table["normalization"].nunique() > 1
    figure, axes = panels(rows, depths, width=width, height=height, **options)
    drawn = []
    for (*row, depth), part in table.groupby([*down, "depth"], observed=True):
        axis = axes[rows.index(tuple(row)), depths.index(depth)]
        drawn.append((axis, part))
        *keys, norm, activation = row
        words = [activation, f"depth {depth}", *([f"norm. {norm}"] if several else [])]
        names = [f"width {key}" if name == "width" else key for name, key in zip(further, keys, strict=True)]
        axis.set_title("\n".join([*names, ", ".join(words)]), fontsize=10)
    used = {axis for axis, _ in drawn}
    for axis in axes.flat:
        axis.set_visible(axis in used)
    return figure, drawn
