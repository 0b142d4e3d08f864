"""Gather the study's shards into the tables."""

import sys

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.base.renewal import Product, record
from initbench.study.tasks import results_of
from initbench.study.thresholds import Thresholds
from initbench.tables.bundles import unpack
from initbench.tables.choices import read_choices
from initbench.tables.collect import collect
from initbench.tables.jobs import paths_of, read_together
from initbench.tables.made_with import jobs_made_with, mixed_kernels


def main(inputs, outputs, params):
    manifests, choices = inputs.manifests, inputs.choices
    unpack(inputs.bundles, results_of(outputs["record"]))
    load_extensions(params.extensions)
    tables = {name: path for name, path in outputs.items() if name != "record"}
    thresholds, chosen = Thresholds(**params.thresholds), read_choices(choices)
    kernels = collect(read_together(manifests), tables, thresholds, chosen, params.study)
    made_from = (*paths_of(manifests), choices)
    product = Product(outputs["record"], "collect", tuple(tables.values()), params.basis, made_from)
    record(product, kernels=kernels, jobs=jobs_made_with(inputs.records))
    if mixed := mixed_kernels(kernels):
        print(f"initbench: {mixed}", file=sys.__stderr__)


if "snakemake" in globals():
    with logged(snakemake.log[0], "collect"):
        main(snakemake.input, dict(snakemake.output.items()), snakemake.params)
