"""The loss before the first update."""

import numpy as np
import pandas as pd

from initbench.figures import Drawn, figure
from initbench.figures.selection import heading, layers_named, on_first_dataset, variants
from initbench.figures.style import INK, PAGE, SYMMETRIC, arrange, line, ordered, panels
from initbench.figures.telling import few, of_data_set
from initbench.study.cells import SCORING, START

FILTERS = [("step", "==", 0), ("role", "==", SCORING), ("normalization", "==", "none"), ("depth", ">", 1)]
EDGE = 3.0  # times ln K, where what lies beyond is drawn
NEAR = 1.1  # times ln K: what the sentence calls near
DEPTHS, COLUMNS, STARTS = 4, 4, 16
GREYS, MARKERS = ("#000000", "#5A5A5A", "#8C8C8C", "#B0B0B0"), ("o", "s", "^", "D")


@figure("loss_at_start", tables=("history",))
def loss_at_start(tables, words):
    """Mean training loss at step 0 over ln K of starts without normalisation, a panel an activation, a mark a depth."""
    frame = _in_units_of_chance(tables)
    if frame.empty:
        return None
    frame = frame.assign(variant=variants(frame, words, ("architecture", "optimizer")))
    frame = frame[frame["depth"].isin(few(frame["depth"], DEPTHS))]
    title = sentence(frame, words)
    caption = words("caption", edge=EDGE) + words.term("space") + of_data_set(frame["dataset"].iloc[0], words)
    return Drawn(_picture(frame, words), title, caption, words("alt", finding=title))


def _picture(frame: pd.DataFrame, words):
    schemes, depths = ordered(frame["scheme"])[:STARTS], sorted(frame["depth"].unique(), reverse=True)
    columns = sorted(set(frame[["variant", "activation"]].itertuples(index=False, name=None)))[:COLUMNS]
    size = {"width": PAGE / max(len(columns), 2), "height": 0.125 * len(schemes) + 0.85}
    picture, axes = panels([0], columns, **size, sharey=True, sharex=True)
    for axis, (variant, activation) in zip(axes[0], columns, strict=True):
        part = frame[(frame["variant"] == variant) & (frame["activation"] == activation)]
        _panel(axis, part[part["scheme"].isin(schemes)], schemes, depths)
        axis.set_title(heading(variant, words.term(activation)))
    axes[0, 0].set_ylim(len(schemes) - 0.4, -0.6)
    axes[0, len(columns) // 2].set_xlabel(words("x"))
    handles = [
        line(marker=marker, ls="", ms=3.6, color=colour, label=layers_named(words, depth))
        for depth, colour, marker in zip(depths, GREYS, MARKERS, strict=False)
    ]
    chance = line(color=INK, ls="--", lw=0.9, label="ln K")
    picture.legend(handles=[*handles, chance], loc="outside lower center", ncols=5)
    arrange(picture)
    return picture


def _panel(axis, part: pd.DataFrame, schemes: list[str], depths: list[int]) -> None:
    """A row a start, a mark a depth."""
    for depth, colour, marker in zip(depths, GREYS, MARKERS, strict=False):
        losses = part[part["depth"] == depth]
        levels = [schemes.index(scheme) for scheme in losses["scheme"]]
        axis.plot(losses["ratio"].clip(upper=EDGE), levels, marker, color=colour, ms=3.6)
    axis.axvline(1, color=INK, ls="--", lw=0.9, zorder=1.5)
    axis.set_yticks(range(len(schemes)), schemes)


def sentence(frame: pd.DataFrame, words) -> str:
    """How many starts begin near ln K, and which one begins highest."""
    highest = frame.loc[frame["ratio"].idxmax()]
    values = {"near": int((frame["ratio"] <= NEAR).sum()), "count": len(frame)}
    known = {
        "scheme": highest["scheme"],
        "activation": words.term(highest["activation"]),
        "depth": int(highest["depth"]),
    }
    return words("title", **values, **known, ratio=float(highest["ratio"]))


def _in_units_of_chance(tables):
    """A row a width, depth and start other than zeros and constants: mean loss over that of zeros, where there are zeros."""
    frame = tables.read("history", [*START, "step", "train_loss"], FILTERS).drop_duplicates(START)
    frame = on_first_dataset(frame[np.isfinite(frame["train_loss"].astype(float))])
    network = ["architecture", "optimizer", "width", "depth", "activation"]
    means = frame.groupby([*network, "scheme"], observed=True)["train_loss"].mean().reset_index()
    chance = means.loc[means["scheme"] == "zeros", ["architecture", "optimizer", "train_loss"]]
    chance = chance.drop_duplicates(["architecture", "optimizer"]).rename(columns={"train_loss": "chance"})
    means = means[~means["scheme"].str.split("(").str[0].isin(SYMMETRIC)].merge(
        chance, on=["architecture", "optimizer"]
    )
    return means.assign(ratio=means["train_loss"] / means["chance"], dataset=frame["dataset"].min())
