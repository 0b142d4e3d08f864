"""Split and scale a data set for a block of seeds."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.datasets.loading import prepare
from initbench.datasets.splits import write_splits


def main(splits_path, params):
    load_extensions(params.extensions)
    write_splits(prepare(params.source, params.seeds, params.study_seed), splits_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "data set " + str(snakemake.wildcards.dataset)):
        main(snakemake.output.splits, snakemake.params)
