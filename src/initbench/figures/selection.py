"""What the figures show of a study: the runs at the chosen rates, the first data set, and names for what seldom differs."""

from collections.abc import Collection, Mapping

import pandas as pd

from initbench.tables.grids import of_the_grid

SELDOM = ("architecture", "optimizer", "width")  # keys that are named where they differ


def trained_cells(tables) -> pd.DataFrame:
    """The runs at their cell's chosen learning rate; if nothing was trained, all runs: those of the grid."""
    chosen = tables.chosen_runs
    return of_the_grid(chosen if len(chosen) else tables.runs)


def on_first_dataset(frame: pd.DataFrame) -> pd.DataFrame:
    """The rows of the data set whose name comes first."""
    return frame[frame["dataset"] == frame["dataset"].min()]


def variants(frame: pd.DataFrame, words, keys=SELDOM) -> pd.Series:
    """What sets the networks of a frame apart beside activation, depth and normalisation: "mlp, adam"; "" if nothing does."""
    text = pd.Series("", index=frame.index)
    for key in (key for key in keys if frame[key].nunique() > 1):
        named = frame[key].map(lambda value, key=key: f"{words.term(key)} {value}" if key == "width" else str(value))
        text = text.where(text == "", text + words.term("comma")) + named
    return text


def heading(variant: str, text: str) -> str:
    """The title of a panel, with the name of its variant above it if there are several."""
    return f"{variant}\n{text}" if variant else text


def layers_named(words, depth: object) -> str:
    """A number of hidden layers in words."""
    count = int(str(depth))
    return words.of("terms")("layers_one" if count == 1 else "layers", n=count)


def block_name(block: Mapping[str, object], words, differing: Collection[str] = ()) -> tuple[str, str]:
    """A block in a few words: activation and depth, and its other keys where they differ: "relu, 3 layers", "width 16"."""
    parts = [words.term(block["activation"]), layers_named(words, block["depth"])]
    first, parts = words.of("terms")("comma").join(parts), []
    if block["normalization"] != "none" and ("normalization" in differing or not differing):
        parts.append(words.of("page")("normalised", name=words.term(block["normalization"])))
    if "width" in differing:
        parts.append(f"{words.term('width')} {block['width']}")
    parts += [words.term(block[key]) for key in ("dataset", "architecture", "optimizer") if key in differing]
    return first, words.of("terms")("comma").join(parts)
