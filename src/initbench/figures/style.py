"""One look for all figures, and how they are saved.

matplotlib is imported when something is drawn: it takes longer to start than all else, and planning a study needs only the
figures' names. Figures are objects of their own, without pyplot: no backend is chosen and nothing stays open.
"""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from io import StringIO
from pathlib import Path

import numpy as np

from initbench.base.numbers import RAISED, number
from initbench.figures.appearance import Look, ink, look, ordered
from initbench.figures.svg import tidied
from initbench.figures.typeface import FAMILY, known_to_matplotlib, with_font

__all__ = ["Look", "ink", "look", "ordered"]  # of appearance
SYMMETRIC = ["zeros", "constant"]
INK = (0.1, 0.1, 0.1)  # of what theory says, and of what belongs to no scheme
COLUMN, PAGE = 85 / 25.4, 180 / 25.4  # widths of figures in print, inches
PLAIN, WIDE, NARROW = (
    (5e-4, 2e4),
    2e4,
    30,
)  # values and ratios at which a logarithmic axis has plain numbers, has 1, 2 and 5
DARK = 0.6  # of a map whose colours grow lighter, where they become too light on white
DPI = 200  # of the picture in points
UNDATED, UNSIGNED = {"Date": None, "Creator": None}, {"Software": None}
COLOURBLIND = (
    "#0173B2", "#DE8F05", "#029E73", "#D55E00", "#CC78BC", "#CA9161", "#FBAFE4", "#949494", "#ECE133", "#56B4E9",
)  # fmt: skip
LOOK = {  # of a paper: no text under 7 points at the width in print
    "font.family": "sans-serif", "font.sans-serif": [FAMILY, "DejaVu Sans"],
    "font.size": 7.5, "axes.titlesize": 8, "axes.labelsize": 7.5, "xtick.labelsize": 7, "ytick.labelsize": 7,
    "legend.fontsize": 7, "legend.title_fontsize": 7, "legend.frameon": False, "legend.handlelength": 2.6,
    "figure.titlesize": 8, "figure.labelsize": 7.5, "axes.unicode_minus": True,
    "text.color": ".15", "axes.labelcolor": ".15", "xtick.color": ".15", "ytick.color": ".15", "axes.titlepad": 4,
    "figure.facecolor": "white", "axes.facecolor": "white", "axes.edgecolor": ".6", "axes.linewidth": 0.6,
    "axes.axisbelow": True, "axes.grid": True, "grid.color": ".9", "grid.linewidth": 0.5, "axes.spines.top": False,
    "axes.spines.right": False, "xtick.major.size": 0, "ytick.major.size": 0, "xtick.minor.size": 0, "ytick.minor.size": 0,
    "xtick.major.width": 0.6, "ytick.major.width": 0.6, "xtick.major.pad": 2, "ytick.major.pad": 2, "axes.labelpad": 2.5,
    "lines.linewidth": 1.1, "lines.markersize": 3.2, "lines.solid_capstyle": "butt", "lines.dash_capstyle": "butt",
    "lines.markeredgewidth": 0, "patch.linewidth": 0.5, "patch.edgecolor": "w", "patch.force_edgecolor": True,
    "patch.facecolor": COLOURBLIND[0], "axes.titley": 1.0, "path.simplify_threshold": 0.5,
    "svg.hashsalt": "initbench", "svg.fonttype": "none", "savefig.facecolor": "white",
}  # fmt: skip
LABEL = 0.99  # room for a scheme in a legend, inches
LOWEST = 1.2  # height of a figure, inches
GAPS = {"w_pad": 0.03, "h_pad": 0.03, "wspace": 0.03, "hspace": 0.04}  # around panels, inches and shares


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
    """Give the panels of a finished figure their places, so that no text meets another and none leaves the figure."""
    for axis in _axes_of(figure):
        _plain_ticks(axis)
    figure.set_layout_engine("constrained", **GAPS)
    figure.get_layout_engine().execute(figure)
    figure.set_layout_engine("none")  # else it is done again for every file


def save(figure, svg: Path, png: Path, name: str = "figure") -> None:
    """Write a figure as SVG and PNG with no date in it, so that the same figure is the same bytes.

    One of the widths of figures is kept; another, of an extension's figure, grows so that no text is cut. name: with what the
    ids in the SVG begin, since several figures may stand in one page.
    """
    written = StringIO()
    if any(abs(figure.get_figwidth() - width) < 1e-9 for width in (COLUMN, PAGE)):
        _print(figure, written, png)
    else:
        box = figure.get_tightbbox().padded(0.1)
        figure.savefig(written, format="svg", bbox_inches=box, metadata=UNDATED)
        figure.savefig(png, format="png", bbox_inches=box, dpi=DPI, metadata=UNSIGNED)
    Path(svg).write_text(with_font(tidied(written.getvalue(), name)), encoding="utf-8")


def _print(figure, svg: StringIO, png: Path) -> None:
    """Write a figure as it is. savefig would draw it twice for each file, the first time for a layout that it has already."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.backends.backend_svg import FigureCanvasSVG

    FigureCanvasSVG(figure).print_svg(svg, metadata=UNDATED)
    before, figure.dpi = figure.dpi, DPI
    FigureCanvasAgg(figure).print_png(png, metadata=UNSIGNED)
    figure.dpi = before


def _axes_of(figure) -> list:
    """The x and y axis of every panel."""
    return [axis for axes in figure.axes for axis in (axes.xaxis, axes.yaxis)]


def _plain_ticks(axis) -> None:
    """Numbers on a logarithmic axis as people read them, or 10⁻⁴ without a formula, which takes as long to set as all else."""
    from matplotlib.ticker import FuncFormatter, LogFormatter, LogLocator, NullLocator

    if axis.get_scale() == "log":
        axis.set_minor_locator(NullLocator())  # invisible here, yet each takes as long to set as one that is seen
    if not isinstance(axis.get_major_formatter(), LogFormatter):
        return
    low, high = sorted(axis.get_view_interval())
    near = low >= PLAIN[0] and high <= PLAIN[1] and high < WIDE * low
    if high < NARROW * low:
        axis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axis.set_major_formatter(FuncFormatter(lambda value, position: number(value, 1) if near else _power(value)))


def _power(value: float) -> str:
    """1, or a power of ten."""
    exponent = round(np.log10(value))
    return {0: "1", 1: "10"}.get(exponent, "10" + str(exponent).translate(RAISED))


def colours(count: int, name: str | None = None) -> list[tuple]:
    """So many colours: of those that colour-blind readers can tell apart, over again if there are not enough, or the dark ones of a map."""
    from matplotlib import colormaps
    from matplotlib.colors import to_rgb

    if name is None:
        return [to_rgb(COLOURBLIND[k % len(COLOURBLIND)]) for k in range(count)]
    return [tuple(colour[:3]) for colour in colormaps[name](np.linspace(0, DARK, count))]


def hexadecimal(colour) -> str:
    """A colour as #RRGGBB."""
    from matplotlib.colors import to_hex

    return to_hex(colour).upper()


def palette(schemes: Iterable[str]) -> dict[str, str]:
    """The colour of each scheme, in the usual order."""
    return {scheme: look(scheme).colour for scheme in ordered(schemes)}


def panels(rows: Sequence, columns: Sequence, width: float = PAGE, height: float = 1.7, **options):
    """(figure, axes): a grid of axes, always two-dimensional, on a figure as wide as a column or the page of a paper.

    width, height: of a panel, inches; the figure takes the width in print that all panels need.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    whole = COLUMN if width * len(columns) < 1.2 * COLUMN else PAGE
    figure = Figure(figsize=(whole, max(height * len(rows), LOWEST)))
    FigureCanvasAgg(figure)  # remembers how large each text is
    return figure, figure.subplots(len(rows), len(columns), squeeze=False, **options)


def logarithmic(axis, *names: str) -> None:
    """Make the axes "x" and "y" of a panel logarithmic, of those named the ones along which something positive is drawn."""
    least = dict(zip("xy", axis.dataLim.minpos, strict=True))
    axis.set(**{f"{name}scale": "log" for name in names if np.isfinite(least[name])})


def line(**options):
    """A line for a legend."""
    from matplotlib.lines import Line2D

    return Line2D([], [], **options)


def legend(figure, schemes: Iterable[str], title: str | None = None) -> None:
    """One legend below the panels, as wide as the figure: the looks of schemes in the usual order."""
    handles = [line(**of_look(scheme), label=scheme) for scheme in ordered(schemes)]
    columns = max(1, min(len(handles), int(figure.get_figwidth() * 0.98 / LABEL)))
    figure.legend(handles=handles, title=title, loc="outside lower center", ncols=columns, columnspacing=1.2)


def of_look(scheme: str) -> dict:
    """The look of a scheme as matplotlib's options of a line."""
    found = look(scheme)
    return {"color": found.colour, "linestyle": (0, found.dash) if found.dash else "-", "marker": found.marker}


def blank():
    """The picture of a figure that has nothing to show."""
    figure, axes = panels([0], [0], width=COLUMN)
    axes[0, 0].set_axis_off()
    return figure


def width_of(figure) -> str:
    """How much room a figure takes in print: that of one column, 85 mm, or of the page, 180 mm."""
    return "column" if figure.get_figwidth() < COLUMN * 1.2 else "page"
