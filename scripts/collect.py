"""Gather the study's shards into the tables."""

import json
from itertools import groupby
from pathlib import Path

from initbench.base.log import logged
from initbench.study.cells import Cell
from initbench.study.thresholds import Thresholds
from initbench.tables.collect import collect

TOGETHER = 64  # seeds of cells of one shape that are read at a time, for speed; a cell's seeds are never parted


def main(manifests, outputs, thresholds):
    """manifests: what each training job finished."""
    shards = []
    for manifest in manifests:
        job = json.loads(Path(manifest).read_text(encoding="utf-8"))
        shards += [(Cell(**s["cell"]), s["seeds"], s["path"], job["training"]) for s in job["shards"]]
    shards.sort(key=lambda shard: (shard[0].order, shard[1]))
    collect(pieces(shards), outputs, Thresholds(**thresholds))


def pieces(shards):
    """Paths of the shards that are read together: whole cells, neighbours of one shape and way of training."""
    for _, alike in groupby(shards, key=lambda shard: (shard[0].shape_slug, shard[3])):
        paths, total = [], 0
        for _, cell in groupby(alike, key=lambda shard: shard[0]):
            cell = list(cell)
            seeds = sum(len(shard[1]) for shard in cell)
            if paths and total + seeds > TOGETHER:
                yield paths
                paths, total = [], 0
            paths += [shard[2] for shard in cell]
            total += seeds
        yield paths


if "snakemake" in globals():
    with logged(snakemake.log[0], "collect"):
        main(snakemake.input.manifests, dict(snakemake.output.items()), snakemake.params.thresholds)
