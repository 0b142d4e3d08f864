"""Render the report and the record of what it was made with."""

from initbench.joblog import logged
from initbench.report.page import provenance, render


def main(inputs, output, params):
    record = provenance(output.provenance, params.study["config"])
    paths = {name: inputs[name] for name in params.tables}
    render(paths, params.template_folder, params.figure_folder, output.page, params.study | {"provenance": record})


if "snakemake" in globals():
    with logged(snakemake.log[0], "report"):
        main(snakemake.input, snakemake.output, snakemake.params)
