"""What became of the runs."""

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, variants
from initbench.figures.style import arrange, colours, ordered, panels
from initbench.tables.grids import of_the_grid
from initbench.tables.views import trained_runs

STATUS = ["trained", "slow", "stalled", "diverged", "initial"]


@figure("run_status", tables=("runs",))
def run_status(tables, words):
    """Share of runs that trained, were slow, stalled or diverged, over all learning rates."""
    trained = trained_runs(tables.runs_at_every_rate)
    runs = of_the_grid(trained if len(trained) else tables.runs)
    runs = runs.assign(variant=variants(runs, ("architecture", "optimizer")))
    rows = sorted(set(runs[["variant", "normalization"]].itertuples(index=False, name=None)))
    rows.sort(key=lambda row: row[1], reverse=True)  # without normalisation first
    depths, schemes = sorted(runs["depth"].unique()), ordered(runs["scheme"])
    figure_, axes = panels(rows, depths, width=3.2, height=0.3 * len(schemes) + 1.2, sharey=True, sharex=True)
    for (variant, norm, depth), part in runs.groupby(["variant", "normalization", "depth"]):
        axis = axes[rows.index((variant, norm)), depths.index(depth)]
        _shares(axis, part, schemes, [status for status in STATUS if (runs["status"] == status).any()])
        axis.set_title(heading(variant, f"depth {depth}, normalisation {norm}"))
    axes[0, 0].invert_yaxis()
    handles, labels = next(axis for axis in axes.flat if axis.has_data()).get_legend_handles_labels()
    figure_.legend(handles, labels, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    arrange(figure_)
    caption = (
        "What became of the runs, all activations and learning rates together. Trained: the target training accuracy at "
        "the last step; stalled: the loss never fell clearly below the label entropy; slow: in between; diverged: the "
        "loss or a parameter became non-finite."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _shares(axis, part, schemes, statuses) -> None:
    """A bar a scheme, divided by what became of its runs."""
    known = dict(zip(STATUS, [colours(10)[k] for k in (2, 1, 7, 3, 0)], strict=True))
    share = part.groupby("scheme")["status"].value_counts(normalize=True).unstack(fill_value=0).reindex(schemes)
    left = 0
    for status in statuses:
        value = share.get(status, 0 * share.iloc[:, 0]).fillna(0)
        axis.barh(range(len(schemes)), value, left=left, color=known[status], label=status)
        left = left + value
    axis.set_yticks(range(len(schemes)), schemes, fontsize=9)
    axis.set_xlabel("share of runs")
