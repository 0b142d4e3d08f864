"""Split and scale a data set for a block of seeds."""

import numpy as np

from initbench.base.extensions import load_extension
from initbench.base.files import write_atomically
from initbench.base.log import logged
from initbench.datasets.loading import prepare


def main(output, params):
    for path in params.extensions:
        load_extension(path)
    splits = prepare(params.source, params.seeds, params.study_seed)
    with write_atomically(output.splits) as partial, open(partial, "wb") as file:
        np.savez(file, **vars(splits))


if "snakemake" in globals():
    with logged(snakemake.log[0], "data set " + str(snakemake.wildcards.dataset)):
        main(snakemake.output, snakemake.params)
