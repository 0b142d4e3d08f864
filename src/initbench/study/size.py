"""How large a study is, by arithmetic: said before a long plan is made, and refused where no machine could run it."""

import logging
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np

from initbench.base.numbers import memory
from initbench.study.cells import SCORING, TUNING, Cell, Shard, Training
from initbench.study.checks import grids
from initbench.study.config import Grid
from initbench.study.cost import DIGITS, PAGE_BYTES, TABLE_ROW_BYTES, DataShape, layer_rows, seconds, shard_bytes
from initbench.study.error import ConfigError
from initbench.study.shards import tuning_seeds

logger = logging.getLogger(__name__)
MOST_CELLS, MOST_SHARDS, MOST_BLOCKS = 100_000, 500_000, 20_000
MANY_RUNS, MANY_SHARDS, MANY_HOURS = 100_000, 10_000, 100
AXES = [axis for axis in Grid.model_fields if axis != "seeds"]
NUMBER = 8  # bytes
CGROUP = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True)
class Size:
    """What one shape of a grid comes to: `alike` cells of a data set, each with so many shards and runs."""

    key: str
    cell: Cell
    alike: int
    shards: int
    runs: int
    seconds: float


def check_size(config: Mapping[str, Any], training: Training) -> None:
    """Refuse a study of more cells, shards or blocks of seeds than can be planned; say how long a large one takes."""
    cells = sum(math.prod(len(grid[axis]) for axis in AXES) for _, grid in _whole_grids(config))
    if cells > MOST_CELLS:
        raise ConfigError(
            f"configuration: the grids have {cells:,} cells; {MOST_CELLS:,} is the most: take shorter lists"
        )
    sizes = list(_sizes(config, training))
    shards, runs = (sum(size.alike * getattr(size, what) for size in sizes) for what in ("shards", "runs"))
    hours = sum(size.alike * size.seconds for size in sizes) / 3600
    block, seeds = config["seeds_per_shard"], max(grid["seeds"] for _, grid in _whole_grids(config))
    if shards > MOST_SHARDS or seeds > MOST_BLOCKS * block:
        raise ConfigError(
            f"seeds_per_shard: {block}: {seeds:,} seeds of {cells:,} cells are {shards:,} files of that many seeds; "
            f"{MOST_SHARDS:,} files and {MOST_BLOCKS:,} blocks of seeds are the most: raise seeds_per_shard, or take fewer seeds"
        )
    if runs > MANY_RUNS or shards > MANY_SHARDS or hours > MANY_HOURS:
        text = "initbench: planning %s runs of %s cells in %s files: about %s hours of one core"
        logger.warning(text, *(f"{count:,}" for count in (runs, cells, shards, math.ceil(hours))))


def _whole_grids(config: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Each grid with all its axes, those of the study where it has none of its own."""
    for key, grid in grids(config):
        yield key, {axis: grid.get(axis, config[axis]) for axis in Grid.model_fields}


def _sizes(config: Mapping[str, Any], training: Training) -> Iterator[Size]:
    """The shapes of every grid; cells of one differ in data set, activation, normalisation, optimiser and scheme."""
    size = config["seeds_per_shard"]
    for key, grid in _whole_grids(config):
        how = replace(training, steps=0, learning_rates=()) if key.startswith("initial") else training
        tuning = tuning_seeds(config, how)
        alike = math.prod(len(grid[axis]) for axis in AXES if axis not in ("architectures", "widths", "depths"))
        data, scheme = grid["datasets"][0], grid["schemes"][0]
        name = data if isinstance(data, str) else data["name"]
        for architecture, width, depth in product(grid["architectures"], grid["widths"], grid["depths"]):
            cell = Cell(name, width, depth, grid["activations"][0], grid["normalizations"][0], scheme, architecture)
            parts = [Shard(cell, tuple(range(grid["seeds"])), how, SCORING, bool(tuning))]
            parts += [Shard(cell, tuning, how, TUNING)] if tuning else []
            files = sum(-(-len(part.seeds) // size) for part in parts)
            yield Size(key, cell, alike, files, sum(part.runs for part in parts), sum(map(seconds, parts)))


def check_memory(config: Mapping[str, Any], training: Training, shapes: Mapping[str, DataShape]) -> None:
    """Refuse a network whose arrays do not fit into the memory; shapes: of the data sets that were read."""
    there = machine_memory()
    of_data = sorted({(inputs, classes) for _, inputs, classes in (DIGITS, *shapes.values())})
    for size in _sizes(config, training):
        shallow = replace(size.cell, depth=min(size.cell.depth, 1))
        taken = [shape for shape in of_data if shallow.takes(*shape)]
        needed = max((bytes_of_start(size.cell, *shape, training) for shape in taken), default=0)
        if there and needed > there:
            raise ConfigError(
                f"{size.key}widths: a network of width {size.cell.width} and depth {size.cell.depth} takes {_giga(needed)} at its "
                f"{len(training.learning_rates)} learning rates; this machine has {_giga(there)} of memory"
            )


def bytes_of_start(cell: Cell, inputs: int, classes: int, training: Training) -> int:
    """About what the arrays of one start take, drawn and trained at all its learning rates."""
    networks = [replace(cell, depth=depth).build(inputs, classes) for depth in (min(cell.depth, 2), min(cell.depth, 3))]
    more = max(0, cell.depth - 2)  # each deeper layer is as the third
    numbers, units = (
        first + more * (second - first)
        for first, second in zip(*((network.size, network.hidden_units) for network in networks), strict=True)
    )
    floats = 2 * numbers + 2 * (training.batch_size or 1) * units
    drawn = 2 * np.dtype(np.float64).itemsize * numbers
    return drawn + floats * np.dtype(training.dtype).itemsize * len(training.learning_rates) * bool(training.steps)


def machine_memory() -> int | None:
    """The bytes of memory that this process may have, if the system says so."""
    try:
        whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    except (AttributeError, ValueError, OSError):
        return None
    limit = CGROUP.read_text(encoding="ascii").strip() if CGROUP.exists() else "max"
    return min(whole, int(limit)) if limit.isdigit() else whole


def bytes_on_disk(shards: Sequence[Shard], shape: Callable[[str], DataShape]) -> float:
    """About what the results of these shards take: their files, splits, tables, figures and page. shape: of a data set, by name."""
    blocks = {(shard.cell.dataset, shard.seeds): shape(shard.cell.dataset) for shard in shards}
    splits = sum(NUMBER * data.rows * (data.features + len(seeds)) for (_, seeds), data in blocks.items())
    return sum(map(shard_bytes, shards)) + splits + TABLE_ROW_BYTES * sum(map(layer_rows, shards)) + PAGE_BYTES


def check_disk(results: Path, needed: float) -> None:
    """Refuse results that take twice what the disk has left for them, figures and page left out, and say it where they hardly fit."""
    there = next(part for part in (results, *results.absolute().parents) if part.exists())
    free = shutil.disk_usage(there).free
    if needed > free:  # else the files that are there already need not be counted
        free += sum(path.stat().st_size for path in results.rglob("*") if path.is_file())
    said = (
        f"results_dir: {str(results)!r}: the results take about {memory(needed)}; the disk has {memory(free)} for them"
    )
    if needed - PAGE_BYTES > 2 * free:  # tables alone may be what is asked for
        raise ConfigError(f"{said}: name a folder on a larger one, or take fewer records, depths or seeds")
    if needed > free:
        logger.warning("initbench: %s", said)


def _giga(count: int) -> str:
    return f"{count / 1e9:,.1f} GB"
