"""Render the report and the record of what it was made with."""

from pathlib import Path

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.report.listing import listed, write_captions
from initbench.report.looks import record_look
from initbench.report.page import render
from initbench.report.provenance import provenance, write
from initbench.tables.views import Tables


def main(inputs, output, params):
    load_extensions(params.extensions)
    config = params.study["config"]
    record = provenance(config) | {"looks": record_look(output.looks, config)}
    write(record, output.provenance)
    tables = Tables({name: inputs[name] for name in params.tables})
    study = params.study | {"provenance": record, "confirmation": next(iter(inputs.confirmation), None)}
    render(tables, Path(inputs.figures[0]).parent, output.page, study)
    write_captions(listed(Path(output.captions).parent.parent, config["replication"]), Path(output.captions))


if "snakemake" in globals():
    with logged(snakemake.log[0], "report"):
        main(snakemake.input, snakemake.output, snakemake.params)
