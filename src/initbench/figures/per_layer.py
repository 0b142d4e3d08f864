"""What the figures of one quantity per layer at initialisation share: selection, summary over seeds, panels."""

import numpy as np
import pandas as pd

from initbench.figures.selection import heading, on_first_dataset, variants
from initbench.figures.style import arrange, legend, ordered, palette, panels
from initbench.tables.views import hidden

SHOWN = (1e-16, 1e16)  # the axes stop here; what leaves them has long vanished or exploded
CONSTANTS = 4
GROUP = ["variant", "activation", "depth", "scheme"]


def hidden_layers(tables, column: str) -> pd.DataFrame:
    """Hidden layers at step 0, without normalisation, of the widest networks deeper than one on the first data set."""
    frame = hidden(tables.layers_at_start([column], normalization="none"))
    frame = on_first_dataset(frame[frame["depth"] > 1])
    frame = frame[frame["width"] == frame["width"].max()]
    return frame[frame["scheme"].isin(few_constants(frame["scheme"].unique()))]


def few_constants(schemes) -> list[str]:
    """All schemes, but of many constants only a few from the smallest to the largest."""
    constants = sorted((s for s in schemes if s.startswith("constant(")), key=lambda s: float(s[9:-1].split(",")[0]))
    few = np.linspace(0, len(constants) - 1, CONSTANTS).round().astype(int) if constants else []
    return [s for s in schemes if s not in constants or s in {constants[i] for i in few}]


def over_seeds(frame: pd.DataFrame, values: pd.Series) -> pd.DataFrame:
    """Mean and quartiles over seeds, columns mean, low and high, by GROUP and layer."""
    keys = [variants(frame).rename("variant"), *(frame[key] for key in (*GROUP[1:], "layer"))]
    table = values.groupby(keys)
    return pd.DataFrame({"mean": table.mean(), "low": table.quantile(0.25), "high": table.quantile(0.75)})


def relative_to_last(summary: pd.DataFrame) -> pd.DataFrame:
    """A summary over seeds as a multiple of its mean at the last layer; undefined where that is not positive."""
    last = summary["mean"].groupby(GROUP).transform("last")
    return summary.div(last.where(last > 0), axis=0)


def draw(summary: pd.DataFrame, label: str):
    """A figure of lines and bands over the layers, one panel an activation and depth; what is not positive is left out."""
    keys = summary.index.to_frame(index=False)
    activations = sorted(keys["activation"].unique())
    rows = sorted(set(keys[["variant", "depth"]].itertuples(index=False, name=None)))
    colours = palette(ordered(keys["scheme"]))
    figure, axes = panels(rows, activations, width=4.2, sharey="row")
    for (variant, activation, depth, scheme), part in summary.where(summary > 0).groupby(GROUP):
        axis, layers = (
            axes[rows.index((variant, depth)), activations.index(activation)],
            part.index.get_level_values("layer"),
        )
        axis.plot(layers, part["mean"], color=colours[scheme], lw=1.6)
        if part["mean"].notna().any():
            axis.fill_between(layers, part["low"], part["high"], color=colours[scheme], alpha=0.2, lw=0)
    for (variant, depth), across in zip(rows, axes, strict=True):
        across[0].set_ylabel(label)
        for activation, axis in zip(activations, across, strict=True):
            axis.set_yscale("log")
            low, high = axis.get_ylim()
            axis.set_ylim(max(low, SHOWN[0]), min(high, SHOWN[1]))
            axis.set_title(heading(variant, f"{activation}, {depth} hidden layers"))
            axis.set_xlabel("layer (1 is next to the input)")
    legend(figure, colours)
    arrange(figure)
    return figure


def in_words(frame: pd.DataFrame) -> str:
    """What was drawn, for the caption."""
    return f"Width {frame['width'].max():g}, {frame['seed'].nunique()} seeds, axes cut at 1e±16"
