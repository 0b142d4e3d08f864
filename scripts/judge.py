"""Judge every claim by its rule."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.verdicts import judge
from initbench.report.contents import claims_in_order
from initbench.tables.schema import arrow_table
from initbench.tables.shards import write
from initbench.tables.views import Tables


def main(tables, paths, extensions):
    load_extensions(extensions)
    made = judge(Tables(tables), claims_in_order())
    for table in (CLAIMS, CLAIM_CELLS):
        write(arrow_table(made[table.name], table.columns), paths[table.name])


if "snakemake" in globals():
    with logged(snakemake.log[0], "judge"):
        main(dict(snakemake.input.items()), dict(snakemake.output.items()), snakemake.params.extensions)
