"""Gather the study's shards into the tables."""

import json
from itertools import groupby
from pathlib import Path

from initbench.cells import Cell
from initbench.joblog import logged
from initbench.outcomes import Rules
from initbench.tables import collect


def main(manifests, outputs, rules):
    """manifests: what each training job wrote."""
    shards = [shard for manifest in manifests for shard in json.loads(Path(manifest).read_text(encoding="utf-8"))]
    shards.sort(key=lambda shard: (cell_of(shard).order, shard["seeds"]))
    cells = [[shard["path"] for shard in of_one] for _, of_one in groupby(shards, key=cell_of)]
    collect(cells, outputs, Rules(**rules))


def cell_of(shard):
    return Cell(**shard["cell"])


if "snakemake" in globals():
    with logged(snakemake.log[0], "collect"):
        main(snakemake.input.manifests, dict(snakemake.output.items()), snakemake.params.rules)
