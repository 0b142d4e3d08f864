"""Performance profiles: how many runs score above each threshold."""

from initbench.figures import figure
from initbench.figures.style import arrange, legend, nothing, ordered, palette, panels


@figure(
    "performance_profiles",
    title="How many runs reach a given accuracy",
    tables=("profiles",),
)
def performance_profiles(tables):
    """Share of runs above each test accuracy, by scheme, with pointwise bands over seeds."""
    table = tables.read("profiles")
    if table.empty:
        return nothing("No performance profiles: no block has a trained run of every scheme at one seed.")
    scopes = [s for s in table["scope"].unique() if s.startswith("normalization=")]
    scopes = sorted(scopes, reverse=True) if len(scopes) > 1 else ["all"]
    schemes = ordered(table["scheme"])
    colours = palette(schemes)
    figure_, axes = panels([0], scopes, width=4.4, height=3.6, sharey=True)
    for axis, scope in zip(axes[0], scopes, strict=True):
        within = table[table["scope"] == scope]
        for scheme in schemes:
            _profile(axis, within[within["scheme"] == scheme].sort_values("threshold"), colours[scheme])
        blocks = int(within["blocks"].max())
        axis.set_title(f"{scope.replace('normalization=', 'normalisation ')}, {blocks} blocks")
        axis.set_xlabel("test accuracy τ")
    axes[0, 0].set_ylabel("share of runs above τ")
    legend(figure_, colours)
    arrange(figure_)
    return figure_, (
        "Performance profiles (Agarwal et al. 2021): the share of a scheme's runs, over all blocks and seeds, whose test "
        "accuracy exceeds τ; higher is better, and a curve above another everywhere is better at any aggregate. Bands are "
        "95 % intervals at each τ by resampling whole seeds: what would move with other seeds, in these blocks; there is "
        "none under 6 seeds, and at thresholds where no seed differs. A diverged run counts as accuracy 0."
    )


def _profile(axis, curve, colour) -> None:
    """One scheme's steps, with their band if there is one."""
    axis.plot(curve["threshold"], curve["share"], color=colour, drawstyle="steps-post")
    if curve["low"].notna().any():
        axis.fill_between(curve["threshold"], curve["low"], curve["high"], color=colour, alpha=0.15, step="post")
