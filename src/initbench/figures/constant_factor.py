"""Figure 9: the value of a constant start against the per-layer factor of the gradient."""

import numpy as np

from initbench.figures import figure
from initbench.figures.style import panels, read, sns


@figure("constant_factor")
def constant_factor(tables):
    """Per-layer gradient factor χ̂ at initialisation against the constant, from vanishing to exploding."""
    columns = ["width", "depth", "activation", "normalization", "scheme", "seed", "step", "gradient_factor"]
    frame = read(tables["signal"], columns, [("step", "==", 0), ("normalization", "==", "none")])
    frame = frame[frame["scheme"].str.fullmatch(r"constant\([^,]*\)") & (frame["depth"] > 1)]
    frame = frame[frame["width"] == frame["width"].max()] if len(frame) else frame
    figure_, axes = panels([0], [0], width=8, height=4.6)
    axis = axes[0, 0]
    frame = frame.assign(value=frame["scheme"].str[9:-1].astype(float))
    frame = frame[frame["depth"] == frame["depth"].min()]
    for place, (activation, part) in enumerate(sorted(frame.groupby("activation"))):
        mean = part.groupby("value")["gradient_factor"].median()
        axis.plot(mean.index, mean, marker="o", label=activation, color=sns.color_palette("colorblind")[place])
    width = frame["width"].max() if len(frame) else 1
    values = np.array(sorted(frame["value"].unique()))
    axis.plot(values, (width * values) ** 2, "k--", lw=1, label="(n·c)²: exact for linear units")
    axis.axhline(1, color="grey", lw=1)
    axis.set(xscale="log", yscale="log", xlabel="the constant c", ylabel="per-layer factor χ̂ of δ²")
    floor = frame["gradient_factor"].min() if len(frame) else 1
    axis.set_ylim(max(1e-30, 0.1 * floor) if floor > 0 else 1e-30, None)
    axis.legend(frameon=False)
    figure_.tight_layout()
    return figure_, (
        f"Per-layer factor of the backward signal for W = c everywhere, width {width:g}, no normalisation, median over "
        "seeds. Below the grey line gradients vanish towards the input, above it they explode. ReLU follows (n·c)² up "
        "the whole way; sigmoid and tanh saturate, so that a larger constant makes their gradients vanish again. A "
        "missing point is a backward signal of exactly zero."
    )
