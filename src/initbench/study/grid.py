"""A study: from a configuration to cells, shards and their paths."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from operator import attrgetter
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from initbench.base.extensions import load_extensions
from initbench.base.time_limit import TooLongError
from initbench.study.cells import CELL, TUNING, Cell, Shard, Training
from initbench.study.checks import (
    FURTHER_GRIDS,
    check_cells,
    check_files,
    check_names,
    check_numbers,
    check_seed_axes,
    own_files,
    reference,
)
from initbench.study.config import Config
from initbench.study.cost import DIGITS, SHAPES, DataShape
from initbench.study.data import check_data
from initbench.study.error import ConfigError, together
from initbench.study.folders import folder, results_folder
from initbench.study.messages import message
from initbench.study.reading import read
from initbench.study.seed_axes import SeedAxes
from initbench.study.shards import aligned, shards_of, tuning_seeds
from initbench.study.size import bytes_on_disk, check_disk, check_memory, check_size
from initbench.study.thresholds import Thresholds


@dataclass(frozen=True)
class Study:
    """Everything one configuration describes; `config` holds every key, those that were not given at their defaults.

    shapes: of the data in files of the user's own, where these were looked at.
    """

    config: dict[str, Any]
    results: Path
    training: Training
    thresholds: Thresholds
    reference: str
    shards: tuple[Shard, ...]
    shapes: Mapping[str, DataShape] = field(default_factory=dict, compare=False)

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
        return tuning_seeds(self.config, self.training)

    def shard_path(self, shard: Shard) -> str:
        """Where the shard is written: the file grows as its block of seeds does."""
        return str(self.results / "shards" / shard.cell.slug / f"{shard.role}-{shard.seeds[0]}.parquet")

    def chosen_on(self, shard: Shard) -> list[str]:
        """Where the runs are on which the learning rate of a shard's runs is chosen; none if their rates are given."""
        blocks = aligned(self.tuning_seeds, self.config["seeds_per_shard"]) if shard.rates is None else ()
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

    def shape(self, dataset: str) -> DataShape:
        """Rows, features and classes of a data set; those of the digits where they are not known."""
        return self.shapes.get(dataset) or SHAPES.get(dataset, DIGITS)

    def source(self, dataset: str) -> str | dict:
        """A data set as `datasets.prepare` takes it: a registered name or a described file."""
        return own_files(self.config).get(dataset, dataset)


def load_study(config: str | os.PathLike | Mapping, check: bool = True) -> Study:
    """Make the study of a YAML file or of a mapping.

    Args:
        config: Path of a study's file, or its keys and values; what it does not say takes the defaults.
        check: Try out what extensions register, and read the data that is in files of the user's own; a cluster's jobs,
            which make the study again, do without.

    Returns:
        The study, with its cells, how they are trained, thresholds and folders.

    Raises:
        ConfigError: Before anything is run, with the key, its value and what is allowed.
    """
    try:
        settings = _validated(read(config))
        load_extensions(settings["extensions"], check)
        study = _build(settings)
        if check:
            study = replace(study, shapes=check_data(study.config))
            check_memory(study.config, study.training, study.shapes)
            check_disk(study.results, bytes_on_disk(study.shards, study.shape))
        return study
    except ConfigError:
        raise
    except (ValueError, OSError, TooLongError) as error:
        raise ConfigError("\n".join(f"configuration: {line}" for line in str(error).splitlines())) from error


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
    together(partial(check, config) for check in (check_files, check_names, check_seed_axes, check_numbers))
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
    check_size(config, training)
    shards = shards_of(config, training)
    check_cells(shards)
    ordered = [shard for cell in sorted(shards, key=attrgetter(*CELL)) for shard in shards[cell]]
    settled = config | {"results_dir": str(results), "reference": reference(config)}
    return Study(settled, results, training, thresholds, settled["reference"], tuple(ordered))


def _batch_size(config: Mapping[str, Any]) -> int:
    size = config["training"]["batch_size"]
    return 0 if size == "all" else size
