"""Prediction and measurement, layer by layer."""

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, on_first_dataset, variants
from initbench.figures.style import INK, arrange, legend, line, ordered, palette, panels

QUANTITIES = [
    ("second_moment", "E[z²]"),
    ("gradient", "δ² / δ² of the last hidden layer"),
]
SHOWN = (1e-16, 1e16)  # the axes stop here


@figure(
    "theory_signal",
    tables=("theory",),
)
def theory_signal(tables, words):
    """E[z²] and relative δ² of the deepest, widest networks: points measured, dashed lines predicted."""
    frame = tables.read("theory")
    frame = frame[frame["normalization"] == "none"]
    if frame.empty:
        return None
    frame = on_first_dataset(frame)
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].max()]
    figure_ = _panels(frame.assign(variant=variants(frame)))
    judged = frame["within_tolerance"].dropna().astype(bool)
    caption = (
        f"Mean over {frame['seeds'].max():g} draws of networks of {frame['width'].max():g} units and "
        f"{frame['depth'].max():g} hidden layers, bars two standard errors; dashed, mean-field theory from the data's own "
        f"first layer and the scheme's variances, with nothing fitted. {judged.sum()} of {len(judged)} layers agree within "
        "2 % + 2 standard errors in both quantities; schemes that scale the same draws agree or fail together. Axes cut at 1e±16."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _panels(frame):
    """A row of panels a quantity, a column an activation."""
    columns = sorted(set(frame[["variant", "activation"]].itertuples(index=False, name=None)))
    colours = palette(ordered(frame["scheme"]))
    figure, axes = panels(QUANTITIES, columns, width=4.2, height=3.2, sharex=True, sharey="row")
    for (variant, activation, scheme), part in frame.groupby(["variant", "activation", "scheme"]):
        for row, (what, _) in enumerate(QUANTITIES):
            _draw(axes[row, columns.index((variant, activation))], part, what, colours[scheme])
    for row, (_, label) in enumerate(QUANTITIES):
        axes[row, 0].set_ylabel(label)
        low, high = axes[row, 0].get_ylim()
        axes[row, 0].set_ylim(max(low, SHOWN[0]), min(high, SHOWN[1]))
    for (variant, activation), (top, bottom) in zip(columns, axes.T, strict=True):
        top.set_title(heading(variant, activation))
        bottom.set_xlabel("layer (1 is next to the input)")
    legend(figure, colours)
    handles = [line(color=INK, ls="--"), line(color=INK, marker="o", ls="")]
    axes[0, 0].legend(handles, ["theory", "measured"], frameon=False, fontsize="small")
    arrange(figure)
    return figure


def _draw(axis, part, what, colour) -> None:
    """One scheme: predicted line, measured points with two standard errors where these are known."""
    part = part[(part[f"measured_{what}"] > 0) & (part[f"predicted_{what}"] > 0)]
    measured, predicted = part[f"measured_{what}"], part[f"predicted_{what}"]
    axis.plot(part["layer"], predicted, "--", color=colour, lw=1.4)
    spread = (2 * part[f"{what}_standard_error"] * predicted).fillna(0.0)
    down = spread.where(spread < measured, 0.9 * measured)  # a log axis has no place for less than nothing
    axis.errorbar(part["layer"], measured, yerr=[down, spread], fmt="o", ms=3.5, color=colour, lw=1, capsize=1.5)
    axis.set_yscale("log")
