"""What became of the runs."""

from initbench.figures import figure
from initbench.figures.style import ordered, panels, read, sns

STATUS = ["trained", "slow", "stalled", "diverged", "initial"]


@figure("run_status", title="What became of the runs", section="training", place=11, tables=("runs",))
def run_status(tables):
    """Share of runs that trained, were slow, stalled or diverged, over all learning rates."""
    runs = read(tables["runs"], ["scheme", "depth", "status", "normalization", "seed"])
    kept = runs[runs["status"] != "initial"]
    runs = kept if len(kept) else runs
    depths, norms = sorted(runs["depth"].unique()), sorted(runs["normalization"].unique(), reverse=True)
    schemes = ordered(runs["scheme"])
    shown = [s for s in STATUS if (runs["status"] == s).any()]
    colours = dict(zip(STATUS, [sns.color_palette("colorblind")[k] for k in (2, 1, 7, 3, 0)], strict=True))
    figure_, axes = panels(norms, depths, width=3.2, height=0.3 * len(schemes) + 1.2, sharey=True, sharex=True)
    for (norm, depth), part in runs.groupby(["normalization", "depth"]):
        axis = axes[norms.index(norm), depths.index(depth)]
        share = part.groupby("scheme")["status"].value_counts(normalize=True).unstack(fill_value=0).reindex(schemes)
        left = 0
        for status in shown:
            value = share.get(status, 0 * share.iloc[:, 0]).fillna(0)
            axis.barh(range(len(schemes)), value, left=left, color=colours[status], label=status)
            left = left + value
        axis.set_yticks(range(len(schemes)), schemes, fontsize=9)
        axis.invert_yaxis() if axis is axes[0, 0] else None
        axis.set_title(f"depth {depth}, normalisation {norm}")
        axis.set_xlabel("share of runs")
    handles, labels = next(a for a in axes.flat if a.has_data()).get_legend_handles_labels()
    figure_.legend(handles, labels, loc="center left", bbox_to_anchor=(1, 0.5), frameon=False)
    figure_.tight_layout()
    return figure_, (
        "What became of the runs, all activations and learning rates together. Trained: the target training accuracy at "
        "the last step; stalled: the loss never fell clearly below the label entropy; slow: in between; diverged: the "
        "loss or a parameter became non-finite."
    )
