"""Train the runs of one job that are not there yet, and list what it finished."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged, where
from initbench.tables.choices import at_choice
from initbench.tables.jobs import train_job, write_manifest


def main(manifest, params):
    print(where(), flush=True)
    load_extensions(params.extensions)
    tasks = at_choice(params.shards)
    train_job(tasks, params.training)
    write_manifest(manifest, tasks, params.training)


if "snakemake" in globals():
    with logged(snakemake.log[0], "training"):
        main(snakemake.output.manifest, snakemake.params)
