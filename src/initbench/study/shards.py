"""The shards of a study's grids: every cell with its seeds, in aligned blocks."""

import itertools
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from initbench.study.cells import FIRST_TUNING_SEED, SCORING, TUNING, Cell, Shard, Training
from initbench.study.checks import grids, scheme_label
from initbench.study.config import Grid
from initbench.study.error import ConfigError


def shards_of(config: Mapping[str, Any], training: Training) -> dict[Cell, list[Shard]]:
    """The shards of each cell, those that score it first: of the study's grid and the further ones; `initial` is not trained."""
    study = {key: config[key] for key in Grid.model_fields}
    size, shards = config["seeds_per_shard"], {}
    for prefix, grid in grids(config):
        started = (
            prefix.startswith("initial") or not training.steps
        )  # then rates are no part of it, and the job is the same
        how = replace(training, steps=0, learning_rates=()) if started else training
        tuning = tuning_seeds(config, how)
        grid = study | {key: grid[key] for key in Grid.model_fields if key in grid}
        for cell in _cells(grid):
            if cell in shards:
                raise ConfigError(f"{prefix.rstrip('.')}: the cell '{cell}' is in the study twice")
            scoring = aligned(range(grid["seeds"]), size)
            shards[cell] = [Shard(cell, seeds, how, SCORING, bool(tuning)) for seeds in scoring]
            shards[cell] += [Shard(cell, seeds, how, TUNING) for seeds in aligned(tuning, size)]
    return shards


def tuning_seeds(config: Mapping[str, Any], training: Training) -> tuple[int, ...]:
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


def aligned(seeds: Sequence[int], size: int) -> Iterator[tuple[int, ...]]:
    """The seeds in aligned blocks, each of `size` but for the last: where it starts does not depend on how many there are."""
    for first in range(0, len(seeds), size):
        yield tuple(seeds[first : first + size])
