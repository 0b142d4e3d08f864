"""Train one shard and write everything measured of its runs."""

import numpy as np

from initbench.cells import Cell, Training
from initbench.datasets import Splits
from initbench.joblog import logged
from initbench.registry import load_extension
from initbench.tables import shard_table, write
from initbench.training import train_shard


def main(splits_path, shard_path, params):
    for path in params.extensions:
        load_extension(path)
    cell, training = Cell(**params.cell), Training.from_dict(params.training)
    with np.load(splits_path) as arrays:
        splits = Splits(**arrays)

    def progress(done, total):
        print(f"{done} of {total} runs: {cell}", flush=True)

    write(shard_table(cell, train_shard(cell, params.seeds, training, splits, progress)), shard_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], str(Cell(**snakemake.params.cell))):
        main(snakemake.input.splits, snakemake.output.shard, snakemake.params)
