"""Learning time of deep linear networks and the best learning rate, by depth."""

from initbench.figures import figure
from initbench.figures.style import panels, sns
from initbench.replications.saxe2014 import GAUSSIAN, NAMES, ORTHOGONAL, TARGET, conditioning, learning_times


@figure(
    "saxe2014",
    title="Learning time by depth",
    section="replication",
    place=0,
    tables=("history", "signal"),
    replication="saxe2014",
)
def saxe2014(tables):
    """Steps to the target, fastest rate and singular values against depth; dashed, what the paper predicts."""
    times, values = learning_times(tables["history"]), conditioning(tables["signal"])
    figure_, axes = panels([0], [0, 1, 2], width=4.4, height=3.8)
    time, rate, singular = axes[0]
    for scheme, colour in zip((ORTHOGONAL, GAUSSIAN), sns.color_palette("colorblind"), strict=False):
        mine = times[times["scheme"] == scheme]
        finite = mine[mine["steps"] < float("inf")]
        time.plot(finite["depth"], finite["steps"], "o-", color=colour, label=NAMES[scheme])
        rate.plot(finite["depth"], finite["learning_rate"], "o-", color=colour, label=NAMES[scheme])
        spread = values[values["scheme"] == scheme]
        singular.fill_between(
            spread["depth"], spread["jacobian_min"], spread["jacobian_max"], color=colour, alpha=0.3, lw=0
        )
        singular.plot(spread["depth"], spread["jacobian_max"], color=colour, lw=2, label=NAMES[scheme])
        singular.plot(spread["depth"], spread["jacobian_min"], color=colour, lw=2)
        if scheme == ORTHOGONAL:
            time.axhline(finite["steps"].median(), color="k", ls="--", lw=1.2, label="independent of depth")
            last = finite.iloc[-1]
            rate.plot(
                finite["depth"],
                last["learning_rate"] * last["depth"] / finite["depth"],
                "k--",
                lw=1.2,
                label="∝ 1/depth",
            )
    time.set(ylabel=f"steps to a loss of {TARGET:g} nats", title="learning time")
    rate.set(ylabel="fastest learning rate", title="best learning rate")
    singular.set(ylabel="singular values of ∂logits/∂inputs", title="largest to smallest, at the start")
    depths = sorted(times["depth"].unique())
    for axis in axes[0]:
        axis.set(xscale="log", yscale="log", xlabel="hidden layers")
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
        axis.legend(frameon=False, fontsize="small")
    figure_.tight_layout()
    return figure_, (
        f"Deep linear networks on the digits, median over seeds. Left: steps until the training loss falls to {TARGET:g} nats at "
        "the fastest learning rate; dashed: depth-independent time, as Saxe et al. 2014 (figure 6A) find from orthogonal weights. "
        "Middle: that rate; dashed: the scaling 1/depth through the deepest orthogonal network. Right: from the largest to the "
        "smallest singular value of the network's input–output map at the start; orthogonal weights keep all at 1."
    )
