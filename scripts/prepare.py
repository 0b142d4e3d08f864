"""Split and scale a data set for a block of seeds."""

from dataclasses import replace
from pathlib import Path

import numpy as np

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.base.renewal import Product, record
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits


def main(outputs, params):
    load_extensions(params.extensions)
    seeds = params.seeds  # or, by a run's number, the split that it has
    splits = prepare(params.source, list(seeds.values()) if isinstance(seeds, dict) else seeds, params.study_seed)
    if isinstance(seeds, dict):
        splits = replace(splits, seeds=np.array([int(run) for run in seeds]))
    write_splits(splits, outputs.splits)
    record(Product(outputs.record, Path(outputs.record).stem, (outputs.splits,), params.basis))


if "snakemake" in globals():
    with logged(snakemake.log[0], "data set " + str(snakemake.wildcards.dataset)):
        main(snakemake.output, snakemake.params)
