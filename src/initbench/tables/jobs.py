"""The shards of one job: trained, each written to its own file, listed when all are there, and read again in groups.

A job is told of each shard in plain values, as `study.jobs.tasks` gives them. What is there and signed rightly is left alone;
where shards that are trained together fail, each is tried alone, so that one cell's fault keeps no other from its file.
"""

import json
import traceback
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path

from initbench.base.chunks import chunks
from initbench.base.files import write_atomically
from initbench.datasets.splits import read_splits
from initbench.engine.training import train_shards
from initbench.study.cells import BLOCK, CELL, Cell, Training
from initbench.tables.shards import made_from, write_shard

STACK = 64  # seeds of cells of one shape that are trained in one stack
TOGETHER = 64  # seeds of cells of one shape that are read at a time, for speed; a cell's seeds are never parted


def train_job(tasks: Sequence[Mapping], training: Mapping) -> None:
    """Train the shards that are missing or out of date; RuntimeError that names each cell which failed, and why."""
    wanted = [task for task in tasks if made_from(task["path"]) != task["made_from"]]
    print(f"{len(tasks)} shards, {len(tasks) - len(wanted)} of them already there", flush=True)
    how = Training.from_dict(dict(training))
    failures = [failure for stack in _stacks(wanted) for failure in _attempt(stack, how)]
    if failures:
        raise RuntimeError("; ".join(failures))


def _stacks(tasks: Iterable[Mapping]) -> Iterator[list[Mapping]]:
    """Shards that are trained in one stack: neighbours of the same seeds, while they are few runs."""
    for _, alike in groupby(tasks, key=lambda task: task["seeds"]):
        yield from chunks(alike, STACK, lambda task: len(task["seeds"]))


def _attempt(stack: list[Mapping], training: Training) -> list[str]:
    """Train a stack; if that fails, each of its shards alone. What failed, and why."""
    try:
        _train(stack, training)
    except Exception as error:  # the job's other shards go on
        if len(stack) > 1:
            return [failure for task in stack for failure in _attempt([task], training)]
        traceback.print_exc()
        return [f"{Cell(**stack[0]['cell'])}: {error}"]
    return []


def _train(stack: list[Mapping], training: Training) -> None:
    """Train shards together and write each to its file."""
    cells, splits = [Cell(**task["cell"]) for task in stack], read_splits(stack[0]["splits"])
    what = str(cells[0]) if len(cells) == 1 else f"{len(cells)} cells like {cells[0]}"

    def progress(done: int, total: int) -> None:
        print(f"{done} of {total} runs: {what}", flush=True)

    records = train_shards(cells, stack[0]["seeds"], training, splits, progress)
    for task, cell, record in zip(stack, cells, records, strict=True):
        Path(task["path"]).parent.mkdir(parents=True, exist_ok=True)
        write_shard(cell, record, task["path"], task["made_from"])


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
    shards.sort(key=lambda shard: (_values(shard, CELL), shard["seeds"]))
    for _, alike in groupby(shards, key=lambda shard: (_values(shard, BLOCK), shard["training"])):
        cells = [list(cell) for _, cell in groupby(alike, key=lambda shard: _values(shard, CELL))]
        for group in chunks(cells, TOGETHER, lambda cell: sum(len(shard["seeds"]) for shard in cell)):
            yield [shard["path"] for cell in group for shard in cell]


def _values(shard: Mapping, keys: Iterable[str]) -> list:
    return [shard["cell"][key] for key in keys]
