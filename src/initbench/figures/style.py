"""One look for all figures, and how they are saved.

matplotlib is imported when something is drawn: it takes longer to start than all else, and planning a study needs only the
figures' names. Figures are objects of their own, without pyplot: no backend is chosen and nothing stays open.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial

import numpy as np
import pandas as pd

RANDOM = ["small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal", "lecun_normal", "orthogonal"]
SYMMETRIC = ["zeros", "constant"]
RAISED = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
INK = (0.1, 0.1, 0.1)  # of what theory says, and of what belongs to no scheme
DPI = 110  # of the picture in points; the layout is measured at the same, so that texts are measured once
COLOURBLIND = (
    "#0173B2", "#DE8F05", "#029E73", "#D55E00", "#CC78BC", "#CA9161", "#FBAFE4", "#949494", "#ECE133", "#56B4E9",
)  # fmt: skip
LOOK = {  # seaborn's style "whitegrid" in its context "notebook": importing seaborn takes longer than drawing a figure
    "font.family": "sans-serif", "font.sans-serif": ["DejaVu Sans"],  # matplotlib's own, on every machine
    "font.size": 12, "axes.titlesize": "medium", "axes.labelsize": 12, "xtick.labelsize": 11, "ytick.labelsize": 11,
    "legend.fontsize": 11, "legend.title_fontsize": 12, "axes.formatter.use_mathtext": True,
    "text.color": ".15", "axes.labelcolor": ".15", "xtick.color": ".15", "ytick.color": ".15",
    "figure.facecolor": "white", "axes.facecolor": "white", "axes.edgecolor": ".8", "axes.linewidth": 1.25,
    "axes.axisbelow": True, "axes.grid": True, "grid.color": ".8", "grid.linewidth": 1, "grid.linestyle": "-",
    "xtick.bottom": False, "ytick.left": False, "xtick.major.size": 6, "ytick.major.size": 6, "xtick.minor.size": 4,
    "ytick.minor.size": 4, "xtick.major.width": 1.25, "ytick.major.width": 1.25, "xtick.minor.width": 1,
    "ytick.minor.width": 1, "lines.linewidth": 1.5, "lines.markersize": 6, "lines.solid_capstyle": "round",
    "patch.linewidth": 1, "patch.edgecolor": "w", "patch.force_edgecolor": True, "patch.facecolor": COLOURBLIND[0],
    "svg.hashsalt": "initbench", "svg.fonttype": "path", "figure.dpi": DPI, "axes.titley": 1.0,
}  # fmt: skip


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the report's look; matplotlib's settings are afterwards what they were."""
    import matplotlib

    with matplotlib.rc_context({**LOOK, "axes.prop_cycle": matplotlib.cycler(color=COLOURBLIND)}):
        yield


def arrange(figure) -> None:
    """Give the panels of a finished figure their places, so that no text meets another."""
    from matplotlib.ticker import FuncFormatter, LogFormatter

    for axis in _axes_of(figure):
        formatter = axis.get_major_formatter()
        if isinstance(formatter, LogFormatter):  # writes formulas, and to parse these takes as long as all else
            axis.set_major_formatter(FuncFormatter(partial(_plain_power, formatter)))
        if not axis.get_label_text():
            axis.set_label_coords(0, 0)  # else its place beside the ticks is looked for, too
    figure.tight_layout()
    figure.set_layout_engine(None)  # else it is done again for every file


def save(figure, svg, png) -> None:
    """Write a figure as SVG and PNG with no date in it, so that the same figure is the same bytes."""
    box = figure.get_tightbbox().padded(0.1)
    for axis in _axes_of(figure):  # labels stay where they were just put, and are not put there again for each file
        axis.set_label_coords(
            *axis.axes.transAxes.inverted().transform(axis.label.get_transform().transform(axis.label.get_position()))
        )
    figure.savefig(svg, format="svg", bbox_inches=box, metadata={"Date": None, "Creator": None})
    figure.savefig(png, format="png", bbox_inches=box, dpi=DPI, metadata={"Software": None})


def _axes_of(figure) -> list:
    """The x and y axis of every panel."""
    return [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]


def _plain_power(formatter, value: float, position=None) -> str:
    """The text of a tick on a logarithmic axis, 10⁻⁴, without a formula."""
    text = formatter(value, position).removeprefix("$\\mathdefault{").removesuffix("}$")
    base, _, exponent = text.partition("^")
    return base.replace("-", "−") + exponent.strip("{}").translate(RAISED)


def colours(count: int, name: str | None = None) -> list[tuple]:
    """So many colours: of those that colour-blind readers can tell apart, over again if there are not enough, or of a map."""
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb

    if name is None:
        return [to_rgb(COLOURBLIND[k % len(COLOURBLIND)]) for k in range(count)]
    return [tuple(colour[:3]) for colour in colormaps[name](np.linspace(0, 1, count + 2)[1:-1])]


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
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(width * len(columns), height * len(rows)))
    FigureCanvasAgg(figure)  # remembers how large each text is
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
