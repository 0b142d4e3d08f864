"""Starts that are tried in a few blocks beside the grid."""

from initbench.figures import Drawn, figure
from initbench.figures.style import SYMMETRIC, arrange, block_panels, ordered, palette
from initbench.study.cells import BLOCK
from initbench.tables.grids import tried_in_few


@figure("further_starts", tables=("runs",))
def further_starts(tables, words):
    """Test accuracy of the starts, but zeros and constants, in the blocks that have more than the grid, a dot a seed."""
    runs = tables.chosen_runs.fillna({"test_accuracy": 0.0})
    runs = runs.assign(few=tried_in_few(runs))
    runs = runs[runs.groupby(BLOCK, observed=True)["few"].transform("any")]
    runs = runs[~runs["scheme"].str.split("(").str[0].isin(SYMMETRIC)]
    if runs.empty:
        return None
    colours, most = palette(ordered(runs["scheme"])), int(runs.groupby(BLOCK, observed=True)["scheme"].nunique().max())
    figure_, drawn = block_panels(runs, width=4.6, height=0.22 * most + 0.9, sharex=True)
    for axis, part in drawn:
        schemes = ordered(part["scheme"])
        for level, scheme in enumerate(schemes):
            accuracy = part.loc[part["scheme"] == scheme, "test_accuracy"]
            axis.plot(accuracy, [level] * len(accuracy), ".", ms=4, color=colours[scheme], alpha=0.5)
            axis.plot(accuracy.mean(), level, "|", ms=11, mew=2, color=colours[scheme])
        axis.set_yticks(range(len(schemes)), schemes, fontsize=8)
        axis.set_ylim(len(schemes) - 0.5, -0.5)
    figure_.supxlabel("test accuracy", fontsize=11)
    arrange(figure_)
    caption = (
        "Blocks in which starts are tried that the rest of the grid does not have, for the claims that need them: test accuracy "
        "at the chosen learning rate, a dot a seed, a bar their mean; a run that diverged counts as 0."
    )
    return Drawn(figure_, words("title"), caption, words("title"))
