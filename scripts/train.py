"""Train the runs of one job that are not there yet, and list what it finished."""

import os
from pathlib import Path

from initbench.base.extensions import load_extensions
from initbench.base.log import logged, where
from initbench.base.machine import environment
from initbench.base.renewal import Product, entries, record
from initbench.study.tasks import moved, results_of
from initbench.tables.bundles import pack, unpack
from initbench.tables.choices import at_choice
from initbench.tables.jobs import train_job, write_manifest


def main(bundles, outputs, params):
    print(where(), flush=True)
    load_extensions(params.extensions)
    results, job = results_of(outputs.manifest), Path(outputs.record).stem
    unpack([*bundles, *filter(os.path.exists, outputs.bundle)], results)
    shards = [moved(task, params.results, results) for task in params.shards]
    tasks = at_choice(shards)
    before = entries(outputs.record).get(job, {}).get("environments", [])
    kept, trained = train_job(tasks, params.training)
    write_manifest(outputs.manifest, tasks, params.training)
    paths = [task["path"] for task in tasks]
    for bundle in outputs.bundle:
        pack(paths, results, bundle)
    chosen_on = {file: None for task in shards if task["rates"] is None for file in task["chosen_on"]}
    here = [environment()] if trained else []
    made_with = here + [other for other in before if kept and other not in here]
    record(
        Product(outputs.record, job, (outputs.manifest, *paths), params.basis, tuple(chosen_on)), environments=made_with
    )


if "snakemake" in globals():
    with logged(snakemake.log[0], "training"):
        main(snakemake.input.bundles, snakemake.output, snakemake.params)
