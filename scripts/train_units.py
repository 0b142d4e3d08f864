"""Train the networks whose weights and gradients one figure shows unit by unit."""

import numpy as np

from initbench.analyses.unit_maps import weights_and_gradients
from initbench.base.files import write_atomically
from initbench.base.log import logged
from initbench.datasets.splits import Splits
from initbench.study.cells import Training


def main(splits_path, units_path, dataset, training):
    with np.load(splits_path) as arrays:
        splits = Splits(**arrays)
    found = weights_and_gradients(dataset, splits, Training.from_dict(training))
    with write_atomically(units_path) as partial, open(partial, "wb") as file:
        np.savez(file, **found)


if "snakemake" in globals():
    with logged(snakemake.log[0], "units"):
        main(snakemake.input.splits, snakemake.output.units, snakemake.params.dataset, snakemake.params.training)
