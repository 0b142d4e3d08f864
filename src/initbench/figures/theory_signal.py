"""Prediction and measurement, layer by layer."""

from initbench.figures import figure
from initbench.figures.style import legend, ordered, palette, panels, plt, read

QUANTITIES = [
    ("second_moment", "E[z²]"),
    ("gradient", "δ² / δ² of the last hidden layer"),
]
SHOWN = (1e-16, 1e16)  # the axes stop here


@figure(
    "theory_signal",
    title="Theory and measurement, layer by layer",
    section="theory",
    place=8,
    tables=("theory",),
)
def theory_signal(tables):
    """E[z²] and relative δ² of the deepest, widest networks: points measured, dashed lines predicted."""
    frame = read(tables["theory"])
    frame = frame[frame["normalization"] == "none"]
    if frame.empty:
        figure_, axes = panels([0], [0], width=8, height=3)
        axes[0, 0].text(0.5, 0.5, "no scheme that theory predicts", ha="center", transform=axes[0, 0].transAxes)
        return figure_, "This study has no i.i.d. scheme without normalisation at more than one hidden layer."
    frame = frame[frame["dataset"] == frame["dataset"].min()]
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].max()]
    activations, colours = sorted(frame["activation"].unique()), palette(ordered(frame["scheme"]))
    figure_, axes = panels(QUANTITIES, activations, width=4.2, height=3.2, sharex=True, sharey="row")
    for (activation, scheme), part in frame.groupby(["activation", "scheme"]):
        for row, (what, _) in enumerate(QUANTITIES):
            _draw(axes[row, activations.index(activation)], part, what, colours[scheme])
    for row, (_, label) in enumerate(QUANTITIES):
        axes[row, 0].set_ylabel(label)
        low, high = axes[row, 0].get_ylim()
        axes[row, 0].set_ylim(max(low, SHOWN[0]), min(high, SHOWN[1]))
    for place, activation in enumerate(activations):
        axes[0, place].set_title(activation)
        axes[1, place].set_xlabel("layer (1 is next to the input)")
    legend(figure_, colours)
    handles = [plt.Line2D([], [], color="k", ls="--"), plt.Line2D([], [], color="k", marker="o", ls="")]
    axes[0, 0].legend(handles, ["theory", "measured"], frameon=False, fontsize="small")
    figure_.tight_layout()
    judged = frame["within_tolerance"].dropna().astype(bool)
    return figure_, (
        f"Mean over {frame['seeds'].max():g} draws of networks of {frame['width'].max():g} units and "
        f"{frame['depth'].max():g} hidden layers, bars two standard errors; dashed, mean-field theory from the data's own "
        f"first layer and the scheme's variances, with nothing fitted. {judged.sum()} of {len(judged)} layers agree within "
        "2 % + 2 standard errors in both quantities. Axes cut at 1e±16."
    )


def _draw(axis, part, what, colour) -> None:
    """One scheme: predicted line, measured points with two standard errors where these are known."""
    part = part[(part[f"measured_{what}"] > 0) & (part[f"predicted_{what}"] > 0)]
    measured, predicted = part[f"measured_{what}"], part[f"predicted_{what}"]
    axis.plot(part["layer"], predicted, "--", color=colour, lw=1.4)
    spread = (2 * part[f"{what}_standard_error"] * predicted).fillna(0.0)
    down = spread.where(spread < measured, 0.9 * measured)  # a log axis has no place for less than nothing
    axis.errorbar(part["layer"], measured, yerr=[down, spread], fmt="o", ms=3.5, color=colour, lw=1, capsize=1.5)
    axis.set_yscale("log")
