"""What a figure picks of a study so that it can be read: one network, a few starts, depths and layers; and means with intervals."""

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import pandas as pd

from initbench.base.catalogue import TERMS, Words
from initbench.base.numbers import percent
from initbench.figures.selection import on_first_dataset, trained_cells
from initbench.figures.style import SYMMETRIC, ordered
from initbench.statistics.paired import RESOLUTION, sign_flip_interval
from initbench.tables.grids import NETWORK

KINDS = (  # of starts, those first that a figure shows before others: one of each kind
    ("zeros",), ("constant",), ("small_normal",), ("xavier_tanh", "glorot_normal", "xavier_sigmoid", "lecun_normal"),
    ("he_normal", "he_uniform"), ("orthogonal",),
)  # fmt: skip


def is_one_value(scheme: str) -> bool:
    """Whether a start gives all weights of a layer one value, by its label."""
    return scheme.partition("(")[0] in SYMMETRIC


def where_plain(normalizations: Iterable[str], words: Words) -> str:
    """Words that a sentence on networks without normalisation needs where others stand beside them; none where there are no others."""
    found = set(normalizations)
    return words.term("where_plain") if "none" in found and len(found) > 1 else ""


def few(values: Iterable, most: int) -> list:
    """At most so many of some values, in order: the first, the last, and what lies evenly between."""
    values = sorted(set(values))
    if len(values) <= most:
        return values
    return [values[k] for k in np.unique(np.linspace(0, len(values) - 1, most).round().astype(int))]


def few_layers(depth: int, most: int) -> list[int]:
    """At most so many of the layers 1 … depth, the first and the last among them, closer where they are first."""
    return np.unique(np.geomspace(1, depth, min(most, depth)).round().astype(int)).tolist() if depth else []


def telling(schemes: Iterable[str], most: int = 6) -> list[str]:
    """At most so many starts, in the usual order: one of each of KINDS, then others."""
    schemes = ordered(schemes)
    of_kind = [[s for name in kind for s in schemes if s.partition("(")[0] == name] for kind in KINDS]
    first = [found[0] for found in of_kind if found]
    rest = [scheme for scheme in schemes if scheme not in first]
    return ordered([*first, *rest][:most])


def network_shown(tables) -> dict[str, object]:
    """The trained network that has most cells on the first data set, without normalisation if it can be; {} of no runs."""
    runs = on_first_dataset(trained_cells(tables))
    runs = runs[runs["depth"] > 0]
    if runs.empty:
        return {}
    cells = runs.groupby([*NETWORK, "normalization"], observed=True).size().reset_index(name="cells")
    cells = cells.assign(plain=cells["normalization"] == "none")
    best = cells.sort_values(["plain", "cells"], ascending=False, kind="stable").iloc[0]
    return {
        key: value.item() if isinstance(value, np.generic) else value
        for key, value in best[[*NETWORK, "normalization"]].items()
    }


def rows_of(frame: pd.DataFrame, network: Mapping[str, object]) -> pd.DataFrame:
    """The rows of a network."""
    for key, value in network.items():
        frame = frame[frame[key] == value]
    return frame


def mean_accuracies(runs: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """Mean test accuracy over the runs of each group, a diverged one as 0, its 95 % interval where there is one, and n.

    Index `by`; columns mean, low, high, n. The interval is that of the tables: inverted sign flips.
    """
    scores = runs["test_accuracy"].fillna(0.0).groupby([runs[key] for key in by], observed=True)
    rows = {key: _mean(values.to_numpy(float)) for key, values in scores}
    keys = [pd.Index([key[k] for key in rows], name=name) for k, name in enumerate(by)]
    index = pd.MultiIndex.from_arrays(keys) if len(by) > 1 else keys[0]
    return pd.DataFrame(list(rows.values()), index=index, columns=["mean", "low", "high", "n"])


def _mean(values: np.ndarray) -> tuple[float, float, float, int]:
    low, high = sign_flip_interval(values, resolution=RESOLUTION * np.abs(values)) or (np.nan, np.nan)
    return float(values.mean()), low, high, len(values)


def span(low: float, high: float, words: Words) -> str:
    """From so many per cent to so many: 30 %–39 %, or 39 % where both are written alike."""
    ends = percent(low), percent(high)
    return ends[0] if ends[0] == ends[1] else words.of(TERMS)("span", low=ends[0], high=ends[1])


def of_data_set(name: str, words: Words) -> str:
    """The last sentence of a caption of which only the data set is to be said."""
    return words.of(TERMS)("of_data_set", data=words.term(name))


def of_what(runs: pd.DataFrame, words: Words) -> str:
    """The last sentence of a caption: data set, network, updates and seeds of some runs."""
    known = {name: words.term(runs[name].iloc[0]) for name in ("architecture", "optimizer")}
    known["data"], common = words.term(runs["dataset"].iloc[0]), words.of(TERMS)
    steps, width, seeds = int(runs["steps"].max()), int(runs["width"].max()), int(runs["seed"].nunique())
    return common("of_runs" if steps else "of_starts", steps=steps, width=width, seeds=seeds, **known)
