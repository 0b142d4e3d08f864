"""Shared by the figures of one quantity per layer at initialisation: scheme × activation × depth."""

import numpy as np

from initbench.figures.style import legend, ordered, palette, panels, read

KEYS = ["dataset", "width", "depth", "activation", "normalization", "scheme", "seed", "layer", "step", "learning_rate"]


SHOWN = (1e-16, 1e16)  # the axes stop here; what leaves them has long vanished or exploded
CONSTANTS = 4


def few_constants(schemes) -> list[str]:
    """All schemes, but of many constants only a few from the smallest to the largest."""
    constants = sorted((s for s in schemes if s.startswith("constant(")), key=lambda s: float(s[9:-1].split(",")[0]))
    kept = (
        {constants[k] for k in np.linspace(0, len(constants) - 1, CONSTANTS).round().astype(int)}
        if constants
        else set()
    )
    return [s for s in schemes if s in kept or s not in constants]


def draw(tables, column: str, label: str, *, square: bool, only_hidden: bool, relative: bool):
    """Mean over seeds with the range of the middle half, one panel an activation and depth, without normalisation."""
    frame = read(tables["layers"], [*KEYS, column], [("step", "==", 0), ("normalization", "==", "none")])
    frame = frame[(frame["width"] == frame["width"].max()) & (frame["depth"] > 1)]
    frame = frame.drop_duplicates([k for k in KEYS if k != "learning_rate"])
    if only_hidden:
        frame = frame[frame["layer"] <= frame["depth"]]
    if square:
        frame[column] = frame[column] ** 2
    frame = frame[frame["scheme"].isin(few_constants(frame["scheme"].unique()))]
    activations, depths = sorted(frame["activation"].unique()), sorted(frame["depth"].unique())
    colours = palette(ordered(frame["scheme"]))
    figure, axes = panels(depths, activations, width=4.2, sharey="row")
    for place, activation in enumerate(activations):
        for row, depth in enumerate(depths):
            axis = axes[row, place]
            part = frame[(frame["activation"] == activation) & (frame["depth"] == depth)]
            for scheme, mine in part.groupby("scheme"):
                table = mine.groupby("layer")[column]
                mean, low, high = table.mean(), table.quantile(0.25), table.quantile(0.75)
                scale = mean.iloc[-1] if relative else 1.0
                shown = mean.where(mean > 0) / scale if scale > 0 else mean * np.nan
                axis.plot(mean.index, shown, color=colours[scheme], lw=1.6)
                if scale > 0:
                    axis.fill_between(
                        mean.index, low.where(low > 0) / scale, high.where(high > 0) / scale,
                        color=colours[scheme], alpha=0.2, lw=0,
                    )  # fmt: skip
            axis.set_yscale("log")
            low, high = axis.get_ylim()
            axis.set_ylim(max(low, SHOWN[0]), min(high, SHOWN[1]))
            axis.set_title(f"{activation}, {depth} hidden layers")
            axis.set_xlabel("layer (1 is next to the input)")
            if place == 0:
                axis.set_ylabel(label)
    legend(figure, colours)
    figure.tight_layout()
    return figure, f"width {frame['width'].max():g}, {frame['seed'].nunique()} seeds, axes cut at 1e±16"
