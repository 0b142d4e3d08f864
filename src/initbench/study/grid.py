"""A study: from a configuration to cells, shards and their paths."""

import itertools
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from initbench.base.extensions import load_extensions
from initbench.study.cells import CELL, FIRST_TUNING_SEED, SCORING, TUNING, Cell, Shard, Training
from initbench.study.checks import (
    FURTHER_GRIDS,
    check_cells,
    check_files,
    check_names,
    check_numbers,
    check_seed_axes,
    grids,
    own_files,
    reference,
    scheme_label,
)
from initbench.study.config import Config, Grid
from initbench.study.error import ConfigError
from initbench.study.folders import folder, results_folder
from initbench.study.messages import message
from initbench.study.reading import read
from initbench.study.seed_axes import SeedAxes
from initbench.study.thresholds import Thresholds


@dataclass(frozen=True)
class Study:
    """Everything one configuration describes; `config` holds every key, those that were not given at their defaults."""

    config: dict[str, Any]
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
        return sum(shard.runs for shard in self.shards)

    @property
    def tuning_seeds(self) -> tuple[int, ...]:
        """The seeds on which learning rates are chosen; none if that is done on the scoring seeds."""
        return _tuning_seeds(self.config, self.training)

    def shard_path(self, shard: Shard) -> str:
        """Where the shard is written: the file grows as its block of seeds does."""
        return str(self.results / "shards" / shard.cell.slug / f"{shard.role}-{shard.seeds[0]}.parquet")

    def chosen_on(self, shard: Shard) -> list[str]:
        """Where the runs are on which the learning rate of a shard's runs is chosen; none if their rates are given."""
        blocks = _aligned(self.tuning_seeds, self.config["seeds_per_shard"]) if shard.rates is None else ()
        return [self.shard_path(Shard(shard.cell, seeds, shard.training, TUNING)) for seeds in blocks]

    def data_path(self, shard: Shard) -> str:
        """Where the splits are that the shard is trained on."""
        return str(self.results / "data" / shard.cell.dataset / f"seeds-{shard.seed_range}.npz")

    @property
    def seed_axes(self) -> SeedAxes | None:
        """What the scoring seeds cross, if one seed does not drive all."""
        return SeedAxes.of(self.config)

    def split_seeds(self, seeds: Sequence[int]) -> list[int] | dict[str, int]:
        """The seeds that splits are made for: with axes, the level of the split by the run's number as text."""
        axes = self.seed_axes
        return {str(seed): axes.levels(seed)[0] for seed in seeds} if axes else list(seeds)

    def source(self, dataset: str) -> str | dict:
        """A data set as `datasets.prepare` takes it: a registered name or a described file."""
        return own_files(self.config).get(dataset, dataset)


def load_study(config: str | os.PathLike | Mapping) -> Study:
    """Make the study of a YAML file or of a mapping. Raises ConfigError before anything is run."""
    try:
        settings = _validated(read(config))
        load_extensions(settings["extensions"], check=True)
        return _build(settings)
    except ConfigError:
        raise
    except (ValueError, OSError) as error:
        raise ConfigError(f"configuration: {error}") from error


def _validated(config: dict) -> dict[str, Any]:
    """Check every key, and fill in the defaults of those that are not given."""
    try:
        model = Config.model_validate(config)
    except ValidationError as error:
        raise ConfigError(message(error, Config.model_json_schema())) from None
    further = {
        key: [grid.model_dump(include=grid.model_fields_set) for grid in getattr(model, key)] for key in FURTHER_GRIDS
    }
    given = {"reference": model.reference if "reference" in model.model_fields_set else None}
    return model.model_dump() | further | given


def _build(config: dict[str, Any]) -> Study:
    check_files(config)
    check_names(config)
    check_seed_axes(config)
    check_numbers(config)
    results = results_folder(config["results_dir"])
    confirmation = config["confirmation"] and folder("confirmation", config["confirmation"])
    if confirmation == results:
        raise ConfigError(
            f"confirmation: {config['confirmation']!r} is the results_dir of this study: name the other study's"
        )
    thresholds = Thresholds(**config["thresholds"])
    training = Training(
        **config["training"] | {"batch_size": _batch_size(config)},
        learning_rates=tuple(sorted(config["learning_rates"])),
        saturation=thresholds.saturation,
        study_seed=config["study_seed"],
    )
    shards = _shards(config, training)
    check_cells(shards)
    ordered = [shard for cell in sorted(shards, key=attrgetter(*CELL)) for shard in shards[cell]]
    settled = config | {"results_dir": str(results), "reference": reference(config)}
    return Study(settled, results, training, thresholds, settled["reference"], tuple(ordered))


def _batch_size(config: Mapping[str, Any]) -> int:
    size = config["training"]["batch_size"]
    return 0 if size == "all" else size


def _shards(config: Mapping[str, Any], training: Training) -> dict[Cell, list[Shard]]:
    """The shards of each cell, those that score it first: of the study's grid and the further ones; `initial` is not trained."""
    study = {key: config[key] for key in Grid.model_fields}
    size, shards = config["seeds_per_shard"], {}
    for prefix, grid in grids(config):
        started = (
            prefix.startswith("initial") or not training.steps
        )  # then rates are no part of it, and the job is the same
        how = replace(training, steps=0, learning_rates=()) if started else training
        tuning = _tuning_seeds(config, how)
        grid = study | {key: grid[key] for key in Grid.model_fields if key in grid}
        for cell in _cells(grid):
            if cell in shards:
                raise ConfigError(f"{prefix.rstrip('.')}: the cell '{cell}' is in the study twice")
            scoring = _aligned(range(grid["seeds"]), size)
            shards[cell] = [Shard(cell, seeds, how, SCORING, bool(tuning)) for seeds in scoring]
            shards[cell] += [Shard(cell, seeds, how, TUNING) for seeds in _aligned(tuning, size)]
    return shards


def _tuning_seeds(config: Mapping[str, Any], training: Training) -> tuple[int, ...]:
    """The tuning seeds of cells that are trained so: none where there is nothing to choose, or the study says none."""
    if config["tuning"] == "none" or not training.steps or len(training.learning_rates) == 1:
        return ()
    return tuple(range(FIRST_TUNING_SEED, FIRST_TUNING_SEED + config["tuning"]))


def _cells(grid: Mapping[str, Any]) -> list[Cell]:
    """The cells of one grid, without repetition; depth 0 appears once, without normalisation."""
    axes = {axis: grid[axis] for axis in Grid.model_fields if axis != "seeds"}
    axes["datasets"] = [data if isinstance(data, str) else data["name"] for data in grid["datasets"]]
    axes["schemes"] = [scheme_label("schemes", label) for label in grid["schemes"]]
    return list(dict.fromkeys(_cell(*point) for point in itertools.product(*axes.values())))


def _cell(
    dataset: str,
    architecture: str,
    width: int,
    depth: int,
    activation: str,
    normalization: str,
    optimizer: str,
    scheme: str,
) -> Cell:
    if depth == 0:
        activation, normalization = "linear", "none"
    return Cell(dataset, width, depth, activation, normalization, scheme, architecture, optimizer)


def _aligned(seeds: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    """The seeds in aligned blocks, each of `size` but for the last: where it starts does not depend on how many there are."""
    for first in range(0, len(seeds), size):
        yield tuple(seeds[first : first + size])
