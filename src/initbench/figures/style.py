"""One look for all figures, and how they are saved.

matplotlib is imported when something is drawn: it takes longer to start than all else, and planning a study needs only the
figures' names. Figures are objects of their own, without pyplot: no backend is chosen and nothing stays open.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from io import StringIO
from pathlib import Path

import numpy as np
import pandas as pd

from initbench.base.numbers import RAISED
from initbench.figures.appearance import Look, ink, look, ordered
from initbench.figures.svg import tidied
from initbench.figures.typeface import FAMILY, known_to_matplotlib, with_font

__all__ = ["Look", "ink", "look", "ordered"]  # of appearance
SYMMETRIC = ["zeros", "constant"]
INK = (0.1, 0.1, 0.1)  # of what theory says, and of what belongs to no scheme
COLUMN, PAGE = 85 / 25.4, 180 / 25.4  # widths of figures in print, inches
DPI = 110  # of the picture in points; the layout is measured at the same, so that texts are measured once
COLOURBLIND = (
    "#0173B2", "#DE8F05", "#029E73", "#D55E00", "#CC78BC", "#CA9161", "#FBAFE4", "#949494", "#ECE133", "#56B4E9",
)  # fmt: skip
LOOK = {  # seaborn's style "whitegrid" in its context "notebook": importing seaborn takes longer than drawing a figure
    "font.family": "sans-serif", "font.sans-serif": [FAMILY, "DejaVu Sans"],
    "font.size": 12, "axes.titlesize": "medium", "axes.labelsize": 12, "xtick.labelsize": 11, "ytick.labelsize": 11,
    "legend.fontsize": 11, "legend.title_fontsize": 12, "axes.formatter.use_mathtext": True,
    "text.color": ".15", "axes.labelcolor": ".15", "xtick.color": ".15", "ytick.color": ".15",
    "figure.facecolor": "white", "axes.facecolor": "white", "axes.edgecolor": ".8", "axes.linewidth": 1.25,
    "axes.axisbelow": True, "axes.grid": True, "grid.color": ".8", "grid.linewidth": 1, "grid.linestyle": "-",
    "xtick.bottom": False, "ytick.left": False, "xtick.major.size": 6, "ytick.major.size": 6, "xtick.minor.size": 4,
    "ytick.minor.size": 4, "xtick.major.width": 1.25, "ytick.major.width": 1.25, "xtick.minor.width": 1,
    "ytick.minor.width": 1, "lines.linewidth": 1.5, "lines.markersize": 6, "lines.solid_capstyle": "round",
    "patch.linewidth": 1, "patch.edgecolor": "w", "patch.force_edgecolor": True, "patch.facecolor": COLOURBLIND[0],
    "svg.hashsalt": "initbench", "svg.fonttype": "none", "figure.dpi": DPI, "axes.titley": 1.0,
}  # fmt: skip


@contextmanager
def style() -> Iterator[None]:
    """Draw and save in the report's look; matplotlib's settings are afterwards what they were."""
    import matplotlib

    with (
        known_to_matplotlib(),
        matplotlib.rc_context({**LOOK, "axes.prop_cycle": matplotlib.cycler(color=COLOURBLIND)}),
    ):
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


def save(figure, svg: Path, png: Path, name: str = "figure") -> None:
    """Write a figure as SVG and PNG with no date in it, so that the same figure is the same bytes.

    name: with what the ids in the SVG begin, since several figures may stand in one page.
    """
    box = figure.get_tightbbox().padded(0.1)
    for axis in _axes_of(figure):  # labels stay where they were just put, and are not put there again for each file
        axis.set_label_coords(
            *axis.axes.transAxes.inverted().transform(axis.label.get_transform().transform(axis.label.get_position()))
        )
    written = StringIO()
    figure.savefig(written, format="svg", bbox_inches=box, metadata={"Date": None, "Creator": None})
    Path(svg).write_text(with_font(tidied(written.getvalue(), name)), encoding="utf-8")
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


def palette(schemes: Iterable[str]) -> dict[str, str]:
    """The colour of each scheme, in the usual order."""
    return {scheme: look(scheme).colour for scheme in ordered(schemes)}


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


def blank():
    """The picture of a figure that has nothing to show."""
    figure, axes = panels([0], [0], width=0.2, height=0.2)
    axes[0, 0].set_axis_off()
    return figure


def width_of(figure) -> str:
    """How much room a figure takes in print: that of one column, 85 mm, or of the page, 180 mm."""
    return "column" if figure.get_figwidth() < COLUMN * 1.2 else "page"


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
