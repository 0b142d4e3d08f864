"""Learning time of deep linear networks and the best learning rate, by depth."""

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.saxe2014.findings import GAUSSIAN, NAMES, ORTHOGONAL, TARGET, conditioning, learning_times


@figure(
    "saxe2014",
    tables=("history", "signal"),
    section="replication",
    replication="saxe2014",
)
def saxe2014(tables, words):
    """Steps to the target, fastest rate and singular values against depth; dashed, what the paper predicts."""
    times, values = learning_times(tables), conditioning(tables)
    figure_, axes = panels([0], [0, 1, 2], width=4.4, height=3.8)
    for scheme, colour in zip((ORTHOGONAL, GAUSSIAN), colours(10), strict=False):
        _scheme(axes[0], times[times["scheme"] == scheme], values[values["scheme"] == scheme], NAMES[scheme], colour)
        if scheme == ORTHOGONAL:
            _published(axes[0], times[times["scheme"] == scheme])
    axes[0, 0].set(ylabel=f"steps to a loss of {TARGET:g} nats", title="learning time")
    axes[0, 1].set(ylabel="fastest learning rate", title="best learning rate")
    axes[0, 2].set(ylabel="singular values of ∂logits/∂inputs", title="largest to smallest, at the start")
    depths = sorted(times["depth"].unique())
    for axis in axes[0]:
        axis.set(xscale="log", yscale="log", xlabel="hidden layers")
        axis.set_xticks(depths, [str(depth) for depth in depths])
        axis.minorticks_off()
        axis.legend(frameon=False, fontsize="small")
    arrange(figure_)
    caption = (
        f"Deep linear networks on the digits, median over seeds. Left: steps until the training loss falls to {TARGET:g} nats at "
        "the fastest learning rate; dashed: depth-independent time, as Saxe et al. 2014 (figure 6A) find from orthogonal weights. "
        "Middle: that rate; dashed: the scaling 1/depth through the deepest orthogonal network. Right: from the largest to the "
        "smallest singular value of the network's input–output map at the start; orthogonal weights keep all at 1."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _scheme(axes, times, values, name: str, colour) -> None:
    """Time, rate and range of singular values of one scheme, by depth."""
    time, rate, singular = axes
    reached = times[times["steps"] < float("inf")]
    time.plot(reached["depth"], reached["steps"], "o-", color=colour, label=name)
    rate.plot(reached["depth"], reached["learning_rate"], "o-", color=colour, label=name)
    low, high = values["jacobian_min"], values["jacobian_max"]
    singular.fill_between(values["depth"], low, high, color=colour, alpha=0.3, lw=0)
    singular.plot(values["depth"], high, color=colour, lw=2, label=name)
    singular.plot(values["depth"], low, color=colour, lw=2)


def _published(axes, times) -> None:
    """A time independent of depth, and a rate of one over it."""
    reached = times[times["steps"] < float("inf")]
    if reached.empty:
        return
    last = reached.iloc[-1]
    scaling = last["learning_rate"] * last["depth"] / reached["depth"]
    axes[0].axhline(reached["steps"].median(), color=INK, ls="--", lw=1.2, label="independent of depth")
    axes[1].plot(reached["depth"], scaling, "--", color=INK, lw=1.2, label="∝ 1/depth")
