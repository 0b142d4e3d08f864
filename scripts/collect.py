"""Gather the study's shards into the tables."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.study.thresholds import Thresholds
from initbench.tables.choices import read_choices
from initbench.tables.collect import collect
from initbench.tables.jobs import read_together


def main(manifests, choices, tables, params):
    load_extensions(params.extensions)
    collect(read_together(manifests), tables, Thresholds(**params.thresholds), read_choices(choices))


if "snakemake" in globals():
    with logged(snakemake.log[0], "collect"):
        main(snakemake.input.manifests, snakemake.input.choices, dict(snakemake.output.items()), snakemake.params)
