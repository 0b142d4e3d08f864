"""Compare every scheme with the reference, block by block."""

from initbench.analyses.summaries import write_summaries
from initbench.base.log import logged


def main(inputs, outputs, params):
    write_summaries(inputs.runs, dict(outputs.items()), params.reference, params.rope)


if "snakemake" in globals():
    with logged(snakemake.log[0], "compare"):
        main(snakemake.input, snakemake.output, snakemake.params)
