"""Lay the theory's prediction beside what was measured at initialisation."""

from pathlib import Path

import numpy as np
import pyarrow as pa

from initbench.analyses.theory import compare, probe_lengths
from initbench.base.extensions import load_extension
from initbench.base.log import logged
from initbench.datasets.splits import Splits
from initbench.tables.collect import schema
from initbench.tables.shards import write


def main(layers, splits_paths, theory_path, extensions):
    for path in extensions:
        load_extension(path)
    lengths = {}
    for path in splits_paths:
        with np.load(path) as arrays:
            found = probe_lengths(Splits(**arrays))
        lengths |= {(Path(path).parent.name, seed): values for seed, values in found.items()}
    table = compare(layers, lengths)
    write(pa.Table.from_pandas(table, schema=schema("theory"), preserve_index=False), theory_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "predict"):
        main(snakemake.input.layers, snakemake.input.splits, snakemake.output.theory, snakemake.params.extensions)
