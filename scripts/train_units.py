"""Train the networks whose weights and gradients one figure shows unit by unit."""

import os

import numpy as np

from initbench.cells import Training
from initbench.datasets import Splits
from initbench.joblog import logged
from initbench.units import weights_and_gradients


def main(splits_path, units_path, dataset, training):
    with np.load(splits_path) as arrays:
        splits = Splits(**arrays)
    partial = f"{units_path}.{os.getpid()}.partial.npz"
    np.savez(partial, **weights_and_gradients(dataset, splits, Training.from_dict(training)))
    os.replace(partial, units_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "units"):
        main(snakemake.input.splits, snakemake.output.units, snakemake.params.dataset, snakemake.params.training)
