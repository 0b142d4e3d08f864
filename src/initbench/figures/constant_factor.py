"""The value of a constant start against the per-layer factor of the gradient."""

import numpy as np

from initbench.figures import Drawn, figure
from initbench.figures.selection import on_first_dataset, variants
from initbench.figures.style import INK, arrange, colours, panels


@figure("constant_factor", tables=("signal",))
def constant_factor(tables, words):
    """Per-layer gradient factor χ̂ at initialisation against the constant, from vanishing to exploding."""
    frame = _constants(tables)
    if frame.empty:
        return None
    figure_, axes = panels([0], [0], width=8, height=4.6)
    axis, width = axes[0, 0], frame["width"].max()
    lines = sorted(frame.groupby(["variant", "activation"]))
    for ((variant, activation), part), colour in zip(lines, colours(max(12, len(lines))), strict=False):
        median = part.groupby("value")["gradient_factor"].median()
        label = f"{activation}, {variant}" if variant else activation
        axis.plot(median.index, median, marker="o", label=label, color=colour)
    values = np.array(sorted(frame["value"].unique()))
    axis.plot(values, (width * values) ** 2, color=INK, ls="--", lw=1, label="(n·c)²: exact for linear units")
    axis.axhline(1, color="grey", lw=1)
    axis.set(xscale="log", yscale="log", xlabel="the constant c", ylabel="per-layer factor χ̂ of δ²")
    lowest = frame["gradient_factor"].min()
    axis.set_ylim(max(1e-30, 0.1 * lowest) if lowest > 0 else None, None)
    axis.legend(frameon=False)
    arrange(figure_)
    caption = (
        f"Per-layer factor of the backward signal for W = c everywhere, width {width:g}, no normalisation, median over "
        "seeds. Below the grey line gradients vanish towards the input, above it they explode. ReLU follows (n·c)² up "
        "the whole way; sigmoid and tanh saturate, so that a larger constant makes their gradients vanish again. A "
        "missing point is a backward signal of exactly zero."
    )
    return Drawn(figure_, words("title"), caption, words("title"))


def _constants(tables):
    """Factors at the start of constants without bias: the widest, then the shallowest of the networks deeper than one."""
    frame = tables.signal_at_start(["gradient_factor"], normalization="none")
    frame = frame[frame["scheme"].str.fullmatch(r"constant\([^,]*\)") & (frame["depth"] > 1)]
    frame = on_first_dataset(frame)
    frame = frame[frame["width"] == frame["width"].max()]
    frame = frame[frame["depth"] == frame["depth"].min()]
    return frame.assign(value=frame["scheme"].str[9:-1].astype(float), variant=variants(frame))
