"""Which start to take, from the tables of a study that was run; and which study would tell."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from initbench.analyses.best import BETWEEN
from initbench.analyses.normalized_predictions import RESIDUAL
from initbench.analyses.stated_variances import TAPS
from initbench.datasets import DATASETS
from initbench.study.cells import BLOCK
from initbench.tables.grids import of_whole_grids
from initbench.tables.views import Tables

NEEDED = ("best", "selection_optimism")
LISTS = ("best", "as_good", "undecided", "worse")
RATES = (0.01, 0.03, 0.1, 0.3)  # that a proposed study offers sgd with momentum
ADAM_RATES = (0.0003, 0.001, 0.003, 0.01)  # about the default of PyTorch's and Keras's Adam, 0.001


@dataclass(frozen=True)
class Network:
    """One network that was measured: its starts in the lists of the table `best`, and how sure its best are."""

    keys: Mapping[str, Any]
    lists: Mapping[str, tuple[str, ...]]
    how_sure: float | None
    score: float
    learns: bool
    note: str

    @property
    def tied(self) -> tuple[str, ...]:
        """The starts that are best or shown to be as good; none where no start learns."""
        return (*self.lists["best"], *self.lists["as_good"]) if self.learns else ()


@dataclass(frozen=True)
class Measured:
    """What results say: the networks asked for, or the nearest in depth; the starts tied for first in most of them."""

    networks: tuple[Network, ...]
    depths: tuple[int, ...]
    starts: tuple[str, ...]
    held_in: int


def measured(results: Path, asked: Mapping[str, Any], depth: int) -> Measured | None:
    """The answer of a folder of results; None where it holds no network with the keys that are asked for.

    asked: values of the keys of a block, None for any. FileNotFoundError without the tables; DamagedError for a damaged one.
    """
    tables = Tables({name: str(results / "tables" / f"{name}.parquet") for name in NEEDED})
    best, choices = of_whole_grids(tables.read("best")), tables.read("selection_optimism")
    learning = set(choices.loc[choices["learns"], BLOCK].itertuples(index=False, name=None))
    for key, value in asked.items():
        best = best[best[key] == value] if value is not None else best
    if best.empty:
        return None
    depths = nearest(depth, best["depth"])
    found = tuple(
        _network(row, learning) for row in best[best["depth"].isin(depths)].sort_values(BLOCK).to_dict("records")
    )
    counts = Counter(start for network in found for start in network.tied)
    most = max(counts.values(), default=0)
    return Measured(found, depths, tuple(start for start in counts if counts[start] == most), most)


def held(results: Path, asked: Mapping[str, Any]) -> dict[str, tuple[Any, ...]]:
    """Of each key that is asked for with a value that no network of the results has: the values that they have."""
    best = of_whole_grids(Tables({"best": str(results / "tables/best.parquet")}).read("best"))
    there = {key: tuple(sorted(set(best[key]))) for key, value in asked.items() if value is not None}
    return {key: values for key, values in there.items() if asked[key] not in values}


def nearest(depth: int, known: pd.Series) -> tuple[int, ...]:
    """The depth itself if it is known, else the nearest below and above."""
    depths = sorted({int(each) for each in known})
    if depth in depths:
        return (depth,)
    below, above = [each for each in depths if each < depth], [each for each in depths if each > depth]
    return (*below[-1:], *above[:1])


def _network(row: Mapping[str, Any], learning: set[tuple]) -> Network:
    lists = {name: tuple(row[name].split(BETWEEN)) if isinstance(row[name], str) else () for name in LISTS}
    sure = None if np.isnan(row["how_sure"]) else float(row["how_sure"])
    note = row["note"] if isinstance(row["note"], str) else ""
    keys = {key: row[key] for key in BLOCK}
    return Network(keys, lists, sure, float(row["score"]), tuple(keys.values()) in learning, note)


def study_for(asked: Mapping[str, Any], depth: int) -> dict[str, Any]:
    """A study that would measure it: a mapping of its keys. A data set that there is not is taken for a file of one's own.

    Its starts are those between which one would choose in the architecture that is asked for.
    """
    plural = {"activation": "activations", "normalization": "normalizations", "width": "widths", "dataset": "datasets"}
    plural |= {"architecture": "architectures", "optimizer": "optimizers"}
    given = {plural[key]: [value] for key, value in asked.items() if value is not None}
    if (own := asked.get("dataset")) is not None and own not in DATASETS:
        given["datasets"] = [{"name": own, "path": f"{own}.csv", "label": "LABEL"}]
    rates = list(ADAM_RATES if asked.get("optimizer") in ("adam", "adamw") else RATES)
    convolutions, shortcuts = asked.get("architecture") in TAPS, asked.get("architecture") in RESIDUAL
    schemes = ["torch_default", "lecun_normal", "xavier_tanh", "he_normal"]
    schemes += ["delta_orthogonal"] if convolutions else ["fixup", "rezero"] if shortcuts else ["orthogonal"]
    return {"title": "Which start to take", "results_dir": "results/start"} | given | {
        "depths": [depth], "schemes": schemes, "reference": "torch_default", "learning_rates": rates,
    }  # fmt: skip
