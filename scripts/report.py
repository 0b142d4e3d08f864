"""Render the report and the record of what it was made with."""

from pathlib import Path

from initbench.base.extensions import load_extensions
from initbench.base.files import write_json
from initbench.base.log import logged
from initbench.base.renewal import Product, entries, record
from initbench.report.ending import answers
from initbench.report.listing import listed, write_captions
from initbench.report.looks import record_look
from initbench.report.page import render
from initbench.report.provenance import own_data, provenance
from initbench.tables.views import Tables


def main(inputs, output, params):
    load_extensions(params.extensions)
    config = params.study["config"]
    (collected,) = entries(inputs.collected).values()
    training = {name: collected[name] for name in ("kernels", "jobs")}
    tables = Tables({name: inputs[name] for name in params.tables})
    made_with = provenance(config) | training | {"looks": record_look(output.looks, config), "data": own_data(tables)}
    write_json(made_with, output.provenance)
    study = params.study | {"provenance": made_with, "confirmation": next(iter(inputs.confirmation), None)}
    render(tables, Path(inputs.figures[0]).parent, output.page, study)
    write_json(answers(tables, study), output.answer)
    write_captions(listed(Path(output.captions).parent.parent, config["replication"]), Path(output.captions))
    made_from = (*(inputs[name] for name in params.tables), *inputs.figures, *inputs.confirmation, inputs.collected)
    files = output.page, output.provenance, output.answer
    record(Product(output.record, "report", files, params.basis, made_from))


if "snakemake" in globals():
    with logged(snakemake.log[0], "report"):
        main(snakemake.input, snakemake.output, snakemake.params)
