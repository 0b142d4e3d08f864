"""Split and scale a data set for a block of seeds."""

from dataclasses import replace

import numpy as np

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits


def main(splits_path, params):
    load_extensions(params.extensions)
    seeds = params.seeds  # or, by a run's number, the split that it has
    splits = prepare(params.source, list(seeds.values()) if isinstance(seeds, dict) else seeds, params.study_seed)
    if isinstance(seeds, dict):
        splits = replace(splits, seeds=np.array([int(run) for run in seeds]))
    write_splits(splits, splits_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "data set " + str(snakemake.wildcards.dataset)):
        main(snakemake.output.splits, snakemake.params)
