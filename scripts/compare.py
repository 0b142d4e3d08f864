"""Compare every scheme with the reference, block by block."""

import pandas as pd
import pyarrow as pa

from initbench.joblog import logged
from initbench.statistics.comparisons import compare
from initbench.tables import write


def main(runs, comparisons, reference):
    table = compare(pd.read_parquet(runs), reference)
    write(pa.Table.from_pandas(table, preserve_index=False).replace_schema_metadata(), comparisons)


if "snakemake" in globals():
    with logged(snakemake.log[0], "compare"):
        main(snakemake.input.runs, snakemake.output.comparisons, snakemake.params.reference)
