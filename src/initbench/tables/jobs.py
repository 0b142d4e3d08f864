"""The shards of one job: trained, each written to its own file, listed when all are there, and read again in groups.

A job is told of each shard in plain values, as `study.jobs.tasks` gives them. Runs that a file has are left alone, those that
it lacks are trained and join it, those that nobody asks for any more are dropped; where runs that are trained together
fail, each shard's are tried alone, so that one cell's fault keeps no other from its file.
"""

import os
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from initbench.base.chunks import chunks
from initbench.base.files import DamagedError, read_json, write_json
from initbench.base.machine import kernel
from initbench.datasets.splits import read_splits
from initbench.engine.crossed import train_crossed
from initbench.engine.record import Run
from initbench.engine.training import Start, train_starts
from initbench.study.cells import BLOCK, CELL, Cell, Training
from initbench.study.seed_axes import SeedAxes
from initbench.study.tasks import results_of, told
from initbench.tables.shards import Shard, grow_shard, read_shard, shard_table, shard_there

STACK = 64  # seeds of cells of one shape that are trained in one stack
TOGETHER = 64  # seeds of cells of one shape that are read at a time, for speed; a cell's seeds are never parted


@dataclass(frozen=True)
class Lack:
    """Runs that the file of a shard lacks: seeds that lack the same learning rates, which are none if nothing is trained."""

    task: Mapping
    seeds: tuple[int, ...]
    rates: tuple[float, ...]

    @property
    def cell(self) -> Cell:
        return Cell(**self.task["cell"])


def train_job(tasks: Sequence[Mapping], training: Mapping) -> tuple[int, int]:
    """Train the runs that are missing or out of date; RuntimeError that names each cell which failed, and why.

    How many of the runs asked for were there, and how many were trained.
    """
    here = kernel()
    there = [(task, set(wanted_runs(task)), _runs_there(task, here)) for task in tasks]
    print(f"{len(tasks)} shards, {sum(wanted == runs for _, wanted, runs in there)} of them already there", flush=True)
    for task, wanted, runs in there:
        if wanted < runs:  # some are not asked for any more, and none is missing
            shard = read_shard(task["path"], task["made_from"], ())
            grow_shard(task["path"], task["made_from"], shard.kernel, wanted)
    lacks = [lack for task, _, runs in there for lack in lacking(task, runs)]
    how = Training.from_dict(dict(training))
    failures = [failure for stack in _stacks(lacks) for failure in _attempt(stack, how, here)]
    if failures:
        raise RuntimeError("; ".join(failures))
    kept = sum(len(wanted & runs) for _, wanted, runs in there)
    return kept, sum(len(wanted) for _, wanted, _ in there) - kept


def _runs_there(task: Mapping, here: str) -> set[Run]:
    """The runs of a shard that need not be trained: none if some are missing, and the others have another kernel."""
    shard = shard_there(task["path"], task["made_from"])
    if shard is None:
        return set()
    if shard.kernel != here and not set(wanted_runs(task)) <= shard.runs:
        print(
            f"{task['path']}: trained with {shard.kernel}, here is {here}: all its runs are trained again", flush=True
        )
        return set()
    return set(shard.runs)


def wanted_runs(task: Mapping) -> list[Run]:
    """The runs (seed, learning rate) of a shard, in the order of its file; the rate None if nothing is trained."""
    return [(seed, rate) for seed in task["seeds"] for rate in task["rates"] or [None]]


def lacking(task: Mapping, there: Iterable[Run]) -> list[Lack]:
    """What a shard's file with these runs lacks, seeds that lack the same learning rates together."""
    missing: dict[int, list[float]] = {}
    for seed, rate in [run for run in wanted_runs(task) if run not in there]:
        missing.setdefault(seed, []).extend([] if rate is None else [rate])
    alike: dict[tuple[float, ...], list[int]] = {}
    for seed, rates in missing.items():
        alike.setdefault(tuple(rates), []).append(seed)
    return [Lack(task, tuple(seeds), rates) for rates, seeds in alike.items()]


def _stacks(lacks: Iterable[Lack]) -> Iterator[list[Lack]]:
    """What is trained in one stack: neighbours of one shape that lack the same seeds and as many rates, while they are few runs."""
    for _, alike in groupby(
        lacks, key=lambda lack: (lack.cell.shape_slug, lack.task["splits"], lack.seeds, len(lack.rates))
    ):
        yield from chunks(alike, STACK, lambda lack: len(lack.seeds))


def _attempt(stack: list[Lack], training: Training, here: str) -> list[str]:
    """Train a stack; if that fails, each of its shards alone. What failed, and why."""
    try:
        _train(stack, training, here)
    except Exception as error:  # the job's other shards go on
        if len(stack) > 1:
            return [failure for lack in stack for failure in _attempt([lack], training, here)]
        traceback.print_exc()
        return [f"{stack[0].cell}: {error}"]
    return []


def _train(stack: list[Lack], training: Training, here: str) -> None:
    """Train the runs of a stack together; those of each shard join its file."""
    splits, first = read_splits(stack[0].task["splits"]), stack[0].cell
    what = str(first) if len(stack) == 1 else f"{len(stack)} cells like {first}"

    def progress(done: int, total: int) -> None:
        print(f"{done} of {total} runs: {what}", flush=True)

    starts = [Start(lack.cell, seed, lack.rates) for lack in stack for seed in lack.seeds]
    axes = stack[0].task.get("seed_axes")
    if axes:
        records = train_crossed(starts, training, splits, SeedAxes(**axes).levels, progress)
    else:
        records = train_starts(starts, training, splits, progress)
    for lack in stack:
        task = lack.task
        Path(task["path"]).parent.mkdir(parents=True, exist_ok=True)
        fresh = shard_table(lack.cell, records[lack.cell], task["role"])
        grow_shard(task["path"], task["made_from"], here, set(wanted_runs(task)), fresh)


def write_manifest(path: str, tasks: Sequence[Mapping], training: Mapping) -> None:
    """List what a job finished, each shard by its path from the results' folder, in which it may be moved."""
    listed = [{"path": os.path.relpath(task["path"], results_of(path))} | told(task) for task in tasks]
    write_json({"training": dict(training), "shards": listed}, path)


def read_together(manifests: Iterable[str]) -> Iterator[list[Mapping]]:
    """The shards that jobs finished, as manifests list them, in the order of the tables.

    Those in one list are read together: whole cells, neighbours of one shape and way of training. DamagedError for a manifest
    that cannot be read.
    """
    shards = []
    for manifest in manifests:
        job = read_json(manifest)
        for task in job["shards"]:
            path = os.path.join(results_of(manifest), task["path"])
            shards.append(task | {"training": job["training"], "path": path})
    shards.sort(key=lambda shard: (_values(shard, CELL), shard["role"], shard["seeds"]))
    for _, alike in groupby(shards, key=lambda shard: (_values(shard, BLOCK), shard["training"])):
        cells = [list(cell) for _, cell in groupby(alike, key=lambda shard: _values(shard, CELL))]
        for group in chunks(cells, TOGETHER, lambda cell: sum(len(shard["seeds"]) for shard in cell)):
            yield [shard for cell in group for shard in cell]


def paths_of(manifests: Iterable[str]) -> tuple[str, ...]:
    """The files of the shards that jobs finished, sorted."""
    return tuple(sorted(shard["path"] for group in read_together(manifests) for shard in group))


def read_finished(task: Mapping, columns: Sequence[str] | None = None) -> Shard:
    """The shard that a manifest lists; DamagedError if its file holds another cell or role, or other runs."""
    shard = read_shard(task["path"], task["made_from"], None if columns is None else [*CELL, "role", *columns])
    if shard.runs != set(wanted_runs(task)):
        raise DamagedError(task["path"], "it does not hold the runs that its job finished")
    for key, value in {**task["cell"], "role": task["role"]}.items():
        if set(shard.rows[key].to_pylist()) != {value}:
            raise DamagedError(task["path"], f"its {key} is not {value!r}")
    return shard


def _values(shard: Mapping, keys: Iterable[str]) -> list:
    return [shard["cell"][key] for key in keys]
