"""Gather the study's shards into the tables."""

from itertools import groupby
from pathlib import Path

from initbench.joblog import logged
from initbench.outcomes import Rules
from initbench.tables import collect


def main(shards, outputs, rules):
    cells = [list(paths) for _, paths in groupby(shards, key=lambda path: Path(path).parent)]
    collect(cells, outputs, Rules(**rules))


if "snakemake" in globals():
    with logged(snakemake.log[0], "collect"):
        main(snakemake.input.shards, dict(snakemake.output.items()), snakemake.params.rules)
