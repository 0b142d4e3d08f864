"""Train the networks whose weights and gradients one figure shows unit by unit."""

import numpy as np

from initbench.cells import Training
from initbench.datasets import Splits
from initbench.joblog import logged
from initbench.units import weights_and_gradients
from initbench.wholefile import whole


def main(splits_path, units_path, dataset, training):
    with np.load(splits_path) as arrays:
        splits = Splits(**arrays)
    found = weights_and_gradients(dataset, splits, Training.from_dict(training))
    with whole(units_path) as partial, open(partial, "wb") as file:
        np.savez(file, **found)


if "snakemake" in globals():
    with logged(snakemake.log[0], "units"):
        main(snakemake.input.splits, snakemake.output.units, snakemake.params.dataset, snakemake.params.training)
