"""Judge every claim by its rule."""

import pyarrow as pa

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.claims import TABLE
from initbench.claims.verdicts import judge_claims
from initbench.report.contents import claims_in_order
from initbench.tables.schema import arrow_schema
from initbench.tables.shards import write
from initbench.tables.views import Tables


def main(tables, claims_path, extensions):
    load_extensions(extensions)
    table = judge_claims(Tables(tables), claims_in_order())
    write(pa.Table.from_pandas(table, schema=arrow_schema(TABLE.columns), preserve_index=False), claims_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "judge"):
        main(dict(snakemake.input.items()), snakemake.output.claims, snakemake.params.extensions)
