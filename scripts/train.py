"""Train the shards of one job that are not there yet, and write everything measured of their runs."""

import json
import traceback
from functools import lru_cache
from pathlib import Path

import numpy as np

from initbench.base.extensions import load_extension
from initbench.base.files import write_atomically
from initbench.base.log import logged, where
from initbench.datasets.splits import Splits
from initbench.engine.training import train_shards
from initbench.study.cells import Cell, Training
from initbench.tables.shards import made_from, write_shard

STACK = 64  # seeds of cells of one shape that are trained in one stack


@lru_cache(maxsize=1)
def load_splits(path):
    with np.load(path) as arrays:
        return Splits(**arrays)


def stacks(shards):
    """Shards that are trained in one stack: neighbours of the same seeds, while they are few runs."""
    stack, runs = [], 0
    for shard in shards:
        if stack and (shard["seeds"] != stack[0]["seeds"] or runs + len(shard["seeds"]) > STACK):
            yield stack
            stack, runs = [], 0
        stack.append(shard)
        runs += len(shard["seeds"])
    if stack:
        yield stack


def train(stack, training):
    """Train shards together and write each to its file."""
    cells, splits = [Cell(**shard["cell"]) for shard in stack], load_splits(stack[0]["splits"])
    what = str(cells[0]) if len(cells) == 1 else f"{len(cells)} cells like {cells[0]}"

    def progress(done, total):
        print(f"{done} of {total} runs: {what}", flush=True)

    results = train_shards(cells, stack[0]["seeds"], training, splits, progress)
    for shard, cell, result in zip(stack, cells, results, strict=True):
        Path(shard["path"]).parent.mkdir(parents=True, exist_ok=True)
        write_shard(cell, result, shard["path"], shard["made_from"])


def attempt(stack, training) -> list[str]:
    """Train a stack; if that fails, each of its shards alone. What failed, and why."""
    try:
        train(stack, training)
    except Exception as error:  # the job's other shards go on
        if len(stack) > 1:
            return [failure for shard in stack for failure in attempt([shard], training)]
        traceback.print_exc()
        return [f"{Cell(**stack[0]['cell'])}: {error}"]
    return []


def main(manifest, params):
    print(where(), flush=True)
    for path in params.extensions:
        load_extension(path)
    training = Training.from_dict(params.training)
    wanted = [shard for shard in params.shards if made_from(shard["path"]) != shard["made_from"]]
    print(f"{len(params.shards)} shards, {len(params.shards) - len(wanted)} of them already there", flush=True)
    failed = [failure for stack in stacks(wanted) for failure in attempt(stack, training)]
    if failed:
        raise RuntimeError("; ".join(failed))
    done = {"training": params.training, "shards": params.shards}
    with write_atomically(manifest) as partial:
        Path(partial).write_text(json.dumps(done, indent=1), encoding="utf-8")


if "snakemake" in globals():
    with logged(snakemake.log[0], "training"):
        main(snakemake.output.manifest, snakemake.params)
