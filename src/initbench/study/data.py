"""The data of a study, looked at before any job: a user's tables whole, and whether a batch can be drawn from each data set."""

import logging
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from initbench.architectures import build
from initbench.base.registry import home_of
from initbench.base.time_limit import time_limit
from initbench.datasets import DATASETS
from initbench.datasets.description import SUSPICIONS, said
from initbench.datasets.loading import load, load_whole
from initbench.datasets.prepared import training_rows
from initbench.study.checks import grids, own_files
from initbench.study.cost import SHAPES, DataShape
from initbench.study.error import ConfigError, listed

logger = logging.getLogger(__name__)
SMALLEST_SHIPPED = 106  # training rows of wine


def check_data(config: Mapping[str, Any]) -> dict[str, DataShape]:
    """Read every described table of a study, and compare the batch with what it is drawn from: the shape of each.

    ConfigError with all faults, a line each.
    """
    rows, shapes, faults = {}, {}, []
    for name, source in own_files(config).items():
        try:
            rows[name], features, classes = _shape_of_file(name, source)
            shapes[name] = DataShape(rows[name], features, classes)
        except ValueError as error:
            faults += [
                f"datasets: {name}: {line.removeprefix(f'data set {name}: ')}" for line in str(error).splitlines()
            ]
    size = config["training"]["batch_size"]
    if size != "all" and config["training"]["steps"]:
        faults += _too_few(size, {name: rows[name] for name in _trained_on(config) if name in rows})
        faults += _too_few(size, {name: _shape(name)[0] for name in _trained_on(config) if _must_be_loaded(name, size)})
    faults += _misshapen(config, {name: shape.features for name, shape in (SHAPES | shapes).items()})
    if faults:
        raise ConfigError(listed(faults))
    return shapes


def _misshapen(config: Mapping[str, Any], features: Mapping[str, int]) -> list[str]:
    """What architectures other than the plain one say against data sets that they are to be given, a line each."""
    faults: dict[str, None] = {}
    for key, grid in grids(config):
        axes = {axis: grid.get(axis, config[axis]) for axis in ("datasets", "architectures", "depths")}
        names = [data if isinstance(data, str) else data["name"] for data in axes["datasets"]]
        for architecture in axes["architectures"]:
            for name in names if architecture != "mlp" else ():
                count = features.get(name) or (_shape(name)[1] if name in DATASETS else None)
                try:
                    if count:
                        build(architecture, (count,), 2, 1, min(max(axes["depths"]), 1), "tanh", "none")
                except ValueError as error:
                    faults[f"{key}architectures: {architecture} with {name}: {error}"] = None
    return list(faults)


def _shape_of_file(name: str, source: Mapping[str, Any]) -> tuple[int, int, int]:
    """Rows, features and classes of a table that has no faults; what was hardly meant is said."""
    loaded = load_whole(source)
    where = f"{Path(source['path']).name}: " if source.get("path") else ""
    for column in loaded.columns:
        for suspicion in said(column, SUSPICIONS):
            logger.warning("initbench: datasets: %s: %scolumn %r: %s", name, where, column.name, suspicion)
    return len(loaded.labels), loaded.features.shape[1], len(loaded.classes)


def _shape(name: str) -> tuple[int, int]:
    """Rows and features of a registered data set."""
    with time_limit(f"loading the data set {name}"):
        features = load(name)[0]
        return len(features), features.shape[1]


def _trained_on(config: Mapping[str, Any]) -> list[str]:
    """The names of the data sets of the grids that are trained."""
    listed = [data for key, grid in grids(config) if not key.startswith("initial") for data in grid.get("datasets", ())]
    return list(dict.fromkeys(data if isinstance(data, str) else data["name"] for data in listed))


def _must_be_loaded(name: str, size: int) -> bool:
    """Whether a registered data set might be too small for the batch: those of the package are known to be larger than some."""
    shipped = (home_of(DATASETS[name]) or "").startswith("initbench.") if name in DATASETS else True
    return name in DATASETS and (not shipped or size > SMALLEST_SHIPPED)


def _too_few(size: int, rows: Mapping[str, int]) -> list[str]:
    small = {name: training_rows(n) for name, n in rows.items() if training_rows(n) < size}
    return [
        f"training.batch_size: {size} is more than the {n:,} training rows of {name!r}; give {n} at most, or all"
        for name, n in small.items()
    ]
