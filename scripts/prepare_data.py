"""Split and scale a data set for a block of seeds."""

import os

import numpy as np

from initbench.datasets import prepare
from initbench.joblog import logged
from initbench.registry import load_extension


def main(output, params):
    for path in params.extensions:
        load_extension(path)
    splits = prepare(params.source, params.seeds, params.study_seed)
    partial = f"{output.splits}.{os.getpid()}.partial.npz"
    np.savez(partial, **vars(splits))
    os.replace(partial, output.splits)


if "snakemake" in globals():
    with logged(snakemake.log[0], "data set " + str(snakemake.wildcards.dataset)):
        main(snakemake.output, snakemake.params)
