"""Train the shards of one batch that are not there yet, and write everything measured of their runs."""

import json
import traceback
from functools import lru_cache
from pathlib import Path

import numpy as np

from initbench.cells import Cell, Training
from initbench.datasets import Splits
from initbench.joblog import logged, where
from initbench.registry import load_extension
from initbench.shards import made_from, write_shard
from initbench.training import train_shard
from initbench.wholefile import whole


@lru_cache(maxsize=1)
def load_splits(path):
    with np.load(path) as arrays:
        return Splits(**arrays)


def train(shard, training):
    """Train one shard, unless its file is there and made from the same."""
    cell = Cell(**shard["cell"])
    if made_from(shard["path"]) == shard["made_from"]:
        print(f"already there: {cell}")
        return

    def progress(done, total):
        print(f"{done} of {total} runs: {cell}", flush=True)

    Path(shard["path"]).parent.mkdir(parents=True, exist_ok=True)
    result = train_shard(cell, shard["seeds"], training, load_splits(shard["splits"]), progress)
    write_shard(cell, result, shard["path"], shard["made_from"])


def main(manifest, params):
    print(where(), flush=True)
    for path in params.extensions:
        load_extension(path)
    training, failed = Training.from_dict(params.training), []
    for number, shard in enumerate(params.shards, start=1):
        print(f"shard {number} of {len(params.shards)}", flush=True)
        try:
            train(shard, training)
        except Exception as error:  # the batch's other shards go on
            traceback.print_exc()
            failed.append(f"{Cell(**shard['cell'])}: {error}")
    if failed:
        raise RuntimeError("; ".join(failed))
    with whole(manifest) as partial:
        Path(partial).write_text(json.dumps(params.shards, indent=1), encoding="utf-8")


if "snakemake" in globals():
    with logged(snakemake.log[0], "training"):
        main(snakemake.output.manifest, snakemake.params)
