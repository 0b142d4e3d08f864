"""Judge every claim by its rule."""

import pyarrow as pa

from initbench.base.extensions import load_extension
from initbench.base.log import logged
from initbench.claims import TABLE, judge
from initbench.claims.measures import load
from initbench.tables.schema import arrow_schema
from initbench.tables.shards import write


def main(tables, claims_path, extensions):
    for path in extensions:
        load_extension(path)
    table = judge(load(tables))
    write(pa.Table.from_pandas(table, schema=arrow_schema(TABLE.columns), preserve_index=False), claims_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "judge"):
        main(dict(snakemake.input.items()), snakemake.output.claims, snakemake.params.extensions)
