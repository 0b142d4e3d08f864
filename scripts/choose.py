"""Choose the learning rate of every cell."""

from initbench.base.log import logged
from initbench.tables.choices import choose
from initbench.tables.jobs import read_together

if "snakemake" in globals():
    with logged(snakemake.log[0], "choose"):
        choose(read_together(snakemake.input.manifests), snakemake.output.choices)
