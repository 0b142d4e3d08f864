"""Sigmoid saturation during training, and activations and gradients per layer under two initialisations."""

from initbench.figures import Drawn, figure
from initbench.figures.style import INK, arrange, colours, panels
from initbench.replications.glorot2010.findings import NAMES, NORMALIZED, STANDARD, profiles, saturation


@figure(
    "glorot2010",
    tables=("runs", "layers"),
    section="replication",
    replication="glorot2010",
)
def glorot2010(tables, words):
    """Mean activation per layer during training at depths 4 and 5; spread of a and √δ² per layer at the start."""
    track, profile = saturation(tables), profiles(tables)
    figure_, axes = panels([0], [0, 1, 2, 3], width=4.0, height=3.6)
    for axis, depth in zip(axes[0], (4, 5), strict=False):
        _saturation(axis, track[track["depth"] == depth], depth)
    for scheme, colour in zip((STANDARD, NORMALIZED), colours(10), strict=False):
        _profile(axes[0, 2], axes[0, 3], profile[scheme], NAMES[scheme], colour)
    layers = profile[STANDARD].index
    axes[0, 3].plot(layers, 3.0 ** -((len(layers) - layers) / 2), "--", color=INK, lw=1.2, label="1/√3 a layer")
    axes[0, 2].set(ylabel="standard deviation of a", title="tanh: activations at the start")
    axes[0, 3].set(ylabel="relative to the last layer", title="tanh: gradients at the start")
    for axis in axes[0, 2:]:
        axis.set(yscale="log", xlabel="hidden layer", xticks=list(layers))
    axes[0, 2].legend(frameon=False, fontsize="small")
    axes[0, 3].legend(frameon=False, fontsize="small", loc="upper left", bbox_to_anchor=(1, 1))
    arrange(figure_)
    caption = (
        "Left: mean sigmoid activation of each hidden layer during training (standard initialisation, mean over seeds); Glorot & "
        "Bengio 2010 (figure 2) see the top layer go to 0 (dashed) first. Right: tanh networks at initialisation: standard "
        "deviation of activations, and of back-propagated gradients (solid) and weight gradients (dotted; layer 1 has another "
        "fan-in), by layer (their figures 6, 7 and 8); dashed, what eq. 6 predicts of the standard initialisation for linear units."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _saturation(axis, track, depth: int) -> None:
    """Mean activation during training, a line a layer."""
    means = track.pivot(index="step", columns="layer", values="activation_mean")
    for layer, colour in zip(means, colours(depth, "viridis"), strict=True):
        axis.plot(means.index + 1, means[layer], "o-", ms=3, color=colour, label=f"layer {layer}")
    axis.axhline(0, color=INK, ls="--", lw=1.2)
    axis.set(xscale="log", ylim=(-0.03, 1), xlabel="updates + 1", ylabel="mean activation")
    axis.set_title(f"sigmoid, {depth} hidden layers")
    axis.legend(frameon=False, fontsize="small")


def _profile(left, right, profile, name: str, colour) -> None:
    """Spread of activations, and both gradients relative to the last layer, by layer."""
    left.plot(profile.index, profile["activation"], "o-", color=colour, label=name)
    signal, weights = (profile[what] / profile[what].iloc[-1] for what in ("gradient", "weight_gradient"))
    right.plot(profile.index, signal, "o-", color=colour, label=name)
    right.plot(profile.index, weights, "o:", color=colour, ms=3, alpha=0.7, label=f"{name}, weights")
