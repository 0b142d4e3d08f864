"""The shards of one job: trained, each written to its own file, listed when all are there, and read again in groups.

A job is told of each shard in plain values, as `study.jobs.tasks` gives them. Runs that a file has are left alone, those that
it lacks are trained and join it, those that nobody asks for any more are dropped; where runs that are trained together
fail, each shard's are tried alone, so that one cell's fault keeps no other from its file.
"""

import json
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from initbench.base.chunks import chunks
from initbench.base.files import write_atomically
from initbench.datasets.splits import read_splits
from initbench.engine.crossed import train_crossed
from initbench.engine.record import Run
from initbench.engine.training import Start, train_starts
from initbench.study.cells import BLOCK, CELL, Cell, Training
from initbench.study.seed_axes import SeedAxes
from initbench.tables.shards import grow_shard, runs_in, shard_table

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


def train_job(tasks: Sequence[Mapping], training: Mapping) -> None:
    """Train the runs that are missing or out of date; RuntimeError that names each cell which failed, and why."""
    there = [(task, set(wanted_runs(task)), runs_in(task["path"], task["made_from"])) for task in tasks]
    print(f"{len(tasks)} shards, {sum(wanted == runs for _, wanted, runs in there)} of them already there", flush=True)
    for task, wanted, runs in there:
        if wanted < runs:  # some are not asked for any more, and none is missing
            grow_shard(task["path"], task["made_from"], wanted)
    lacks = [lack for task, _, runs in there for lack in lacking(task, runs)]
    how = Training.from_dict(dict(training))
    failures = [failure for stack in _stacks(lacks) for failure in _attempt(stack, how)]
    if failures:
        raise RuntimeError("; ".join(failures))


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
    """What is trained in one stack: neighbours that lack the same seeds and as many learning rates, while they are few runs."""
    for _, alike in groupby(lacks, key=lambda lack: (lack.task["splits"], lack.seeds, len(lack.rates))):
        yield from chunks(alike, STACK, lambda lack: len(lack.seeds))


def _attempt(stack: list[Lack], training: Training) -> list[str]:
    """Train a stack; if that fails, each of its shards alone. What failed, and why."""
    try:
        _train(stack, training)
    except Exception as error:  # the job's other shards go on
        if len(stack) > 1:
            return [failure for lack in stack for failure in _attempt([lack], training)]
        traceback.print_exc()
        return [f"{stack[0].cell}: {error}"]
    return []


def _train(stack: list[Lack], training: Training) -> None:
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
        grow_shard(task["path"], task["made_from"], set(wanted_runs(task)), fresh)


def write_manifest(path: str, tasks: Sequence[Mapping], training: Mapping) -> None:
    """List what a job finished."""
    with write_atomically(path) as partial:
        text = json.dumps({"training": dict(training), "shards": list(tasks)}, indent=1)
        Path(partial).write_text(text, encoding="utf-8")


def read_together(manifests: Iterable[str]) -> Iterator[list[str]]:
    """Paths of the shards that jobs finished, in the order of the tables.

    Those in one list are read together: whole cells, neighbours of one shape and way of training.
    """
    shards = []
    for manifest in manifests:
        job = json.loads(Path(manifest).read_text(encoding="utf-8"))
        shards += [task | {"training": job["training"]} for task in job["shards"]]
    shards.sort(key=lambda shard: (_values(shard, CELL), shard["role"], shard["seeds"]))
    for _, alike in groupby(shards, key=lambda shard: (_values(shard, BLOCK), shard["training"])):
        cells = [list(cell) for _, cell in groupby(alike, key=lambda shard: _values(shard, CELL))]
        for group in chunks(cells, TOGETHER, lambda cell: sum(len(shard["seeds"]) for shard in cell)):
            yield [shard["path"] for cell in group for shard in cell]


def _values(shard: Mapping, keys: Iterable[str]) -> list:
    return [shard["cell"][key] for key in keys]
