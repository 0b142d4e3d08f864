"""A study: from a configuration to cells, shards, paths and the sources that each result depends on."""

import itertools
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import jsonschema
import numpy as np
import yaml

from initbench.activations import ACTIVATIONS
from initbench.base.registry import NAME, load_extension
from initbench.datasets import DATASETS
from initbench.replications import REPLICATIONS
from initbench.schemes import Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import parse_scheme
from initbench.study.cells import Cell, Shard, Training
from initbench.study.thresholds import Thresholds

logger = logging.getLogger(__name__)
SCHEMA = Path(__file__).parents[1] / "config.schema.json"
AXES = ("datasets", "widths", "depths", "activations", "normalizations", "schemes")
RENAMED = {"seeds_per_job": "seeds_per_shard", "rules": "thresholds"}
TRIAL_UNITS = 16  # fan-in and fan-out of the layer that every scheme must be able to draw


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the key, the value and what is allowed."""


@dataclass(frozen=True)
class Study:
    """Everything one configuration describes."""

    config: dict
    results: Path
    training: Training
    thresholds: Thresholds
    reference: str
    shards: tuple[Shard, ...]

    @property
    def cells(self) -> tuple[Cell, ...]:
        """The cells in the order of the tables."""
        return tuple(dict.fromkeys(shard.cell for shard in self.shards))

    @property
    def runs(self) -> int:
        """Number of runs; one measured at initialisation only counts as one."""
        return sum(len(s.seeds) * (len(s.training.learning_rates) if s.training.steps else 1) for s in self.shards)

    def shard_path(self, shard: Shard) -> str:
        return str(self.results / "shards" / shard.cell.slug / f"seeds-{shard.block}.parquet")

    def data_path(self, shard: Shard) -> str:
        return str(self.results / "data" / shard.cell.dataset / f"seeds-{shard.block}.npz")

    def source(self, dataset: str) -> str | dict:
        """A data set as `datasets.prepare` takes it: a registered name or a described file."""
        grids = [self.config, *self.config["initial"]]
        sources = [d for grid in grids for d in grid.get("datasets", ())]
        return next(d for d in sources if (d if isinstance(d, str) else d["name"]) == dataset)


def load_study(config: str | Path | Mapping) -> Study:
    """The study of a YAML file or of a mapping. Raises ConfigError before anything is run."""
    try:
        if not isinstance(config, Mapping):
            with open(config, encoding="utf-8") as file:
                config = yaml.safe_load(file) or {}
        config = _validated(config)
        for path in config["extensions"]:
            load_extension(path)
        return _build(config)
    except ConfigError:
        raise
    except (ValueError, OSError, yaml.YAMLError) as error:
        raise ConfigError(f"configuration: {error}") from error


def _validated(config: Mapping) -> dict:
    """The configuration with defaults filled in, checked against the schema."""
    config = _renamed(json.loads(json.dumps(dict(config), default=str)))
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    validator = jsonschema.Draft202012Validator(schema)
    error = jsonschema.exceptions.best_match(validator.iter_errors(config))
    if error:
        key = ".".join(str(part) for part in error.absolute_path) or "configuration"
        known = schema["properties"]
        hint = f"; known keys: {', '.join(known)}" if error.validator == "additionalProperties" else ""
        raise ConfigError(f"{key}: {error.message}{hint}")
    return _with_defaults(config, schema)


def _renamed(config: dict) -> dict:
    """The configuration with today's names for keys that had another one; says so."""
    for old, new in RENAMED.items():
        if old in config and new in config:
            raise ConfigError(f"{old}: this key is now called {new}, which is given too: keep one of them")
        if old in config:
            logger.warning("initbench: configuration: %s is now called %s", old, new)
            config[new] = config.pop(old)
    return config


def _with_defaults(values, schema):
    filled = {key: part["default"] for key, part in schema["properties"].items() if "default" in part} | values
    for key, part in schema["properties"].items():
        if "properties" in part:
            filled[key] = _with_defaults(filled.get(key) or {}, part)
    return filled


def _build(config: dict) -> Study:
    settings = dict(config["training"])
    if settings["batch_size"] == "all":
        settings["batch_size"] = 0
    rates = tuple(sorted({float(rate) for rate in config["learning_rates"]}))
    thresholds = Thresholds(**config["thresholds"])
    training = Training(
        **settings, learning_rates=rates, saturation=thresholds.saturation, study_seed=config["study_seed"]
    )
    grids = [(config, training)]
    for grid in config["initial"]:
        inherited = {key: config[key] for key in (*AXES, "seeds")}
        grids.append((inherited | grid, replace(training, steps=0, learning_rates=())))
    shards: dict[Cell, list[Shard]] = {}
    for grid, how in grids:
        for cell in _cells(grid):
            if cell in shards:
                raise ConfigError(f"initial: the cell '{cell}' is in the study twice")
            shards[cell] = _shards(cell, grid["seeds"], config["seeds_per_shard"], how)
    _check_names(config, shards)
    _check_schemes(shards)
    order = sorted(shards, key=lambda cell: cell.order)
    reference = parse_scheme(config["reference"]).label
    return Study(
        config, Path(config["results_dir"]), training, thresholds, reference, tuple(s for c in order for s in shards[c])
    )


def _cells(grid: Mapping) -> list[Cell]:
    """The cells of one grid, without repetition; depth 0 appears once, without normalisation."""
    names = [d if isinstance(d, str) else d["name"] for d in grid["datasets"]]
    schemes = [parse_scheme(label).label for label in grid["schemes"]]
    axes = itertools.product(
        names, grid["widths"], grid["depths"], grid["activations"], grid["normalizations"], schemes
    )
    return list(
        dict.fromkeys(
            Cell(dataset, width, depth, activation if depth else "linear", norm if depth else "none", scheme)
            for dataset, width, depth, activation, norm, scheme in axes
        )
    )


def _shards(cell: Cell, seeds: int, per_job: int, training: Training) -> list[Shard]:
    return [
        Shard(cell, tuple(range(first, min(first + per_job, seeds))), training) for first in range(0, seeds, per_job)
    ]


def _check_names(config, cells) -> None:
    """Every name must exist, every file be there, and no two cells share a path."""
    if config["replication"] is not None:
        REPLICATIONS[config["replication"]]
    files = {d["name"]: d["path"] for d in config["datasets"] if not isinstance(d, str)}
    for name, path in files.items():
        if not Path(path).is_file():
            raise ConfigError(f"datasets: {name}: there is no file {path!r}")
    for cell in cells:
        ACTIVATIONS[cell.activation]
        if not NAME.fullmatch(cell.dataset):
            raise ConfigError(f"datasets: {cell.dataset!r}: use lower-case letters, digits and underscores")
        if cell.dataset not in files:
            DATASETS[cell.dataset]
    slugs: dict[str, Cell] = {}
    for cell in cells:
        if slugs.setdefault(cell.slug, cell) != cell:
            raise ConfigError(f"schemes: {cell.scheme!r} and {slugs[cell.slug].scheme!r} would share one folder")


def _check_schemes(cells) -> None:
    """Every scheme must draw a small layer with each activation: arguments out of range stop here, before any job."""
    for label, activation in sorted({(cell.scheme, cell.activation) for cell in cells}):
        try:
            draw(label, np.random.default_rng(0), Layer(TRIAL_UNITS, TRIAL_UNITS, activation=activation))
        except ValueError as error:
            known = str(error).removeprefix(f"scheme {label}: ")
            raise ConfigError(f"schemes: {label} with {activation}: {known}") from error
        except Exception:
            continue  # a fault of the scheme's code, not of the configuration: its job fails, the traceback in its log
