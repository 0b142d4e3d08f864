"""Train the shards of one job that are not there yet, and list what it finished."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged, where
from initbench.tables.jobs import train_job, write_manifest


def main(manifest, params):
    print(where(), flush=True)
    load_extensions(params.extensions)
    train_job(params.shards, params.training)
    write_manifest(manifest, params.shards, params.training)


if "snakemake" in globals():
    with logged(snakemake.log[0], "training"):
        main(snakemake.output.manifest, snakemake.params)
