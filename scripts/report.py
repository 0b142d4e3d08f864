"""Render the report and the record of what it was made with."""

from initbench.joblog import logged
from initbench.report import provenance, render

if "snakemake" in globals():
    with logged(snakemake.log[0], "report"):
        record = provenance(snakemake.output.provenance, snakemake.params.config)
        render(dict(snakemake.input.items()), snakemake.output.page, dict(snakemake.params.items()), record)
