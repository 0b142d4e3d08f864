"""Choose the learning rate of every cell."""

from initbench.base.log import logged
from initbench.base.renewal import Product, record
from initbench.study.tasks import results_of
from initbench.tables.bundles import unpack
from initbench.tables.choices import choose
from initbench.tables.jobs import paths_of, read_together


def main(manifests, bundles, outputs, params):
    unpack(bundles, results_of(outputs.record))
    choose(read_together(manifests), outputs.choices, params.study)
    record(Product(outputs.record, "choose", (outputs.choices,), params.basis, paths_of(manifests)))


if "snakemake" in globals():
    with logged(snakemake.log[0], "choose"):
        main(snakemake.input.manifests, snakemake.input.bundles, snakemake.output, snakemake.params)
