"""Render the report and the record of what it was made with."""

from pathlib import Path

from initbench.base.log import logged
from initbench.report.page import provenance, render


def main(inputs, output, params):
    record = provenance(output.provenance, params.study["config"])
    paths = {name: inputs[name] for name in params.tables}
    templates, pictures = (Path(files[0]).parent for files in (inputs.templates, inputs.figures))
    render(paths, templates, pictures, output.page, params.study | {"provenance": record})


if "snakemake" in globals():
    with logged(snakemake.log[0], "report"):
        main(snakemake.input, snakemake.output, snakemake.params)
