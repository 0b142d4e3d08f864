"""Judge every claim by its rule."""

from initbench.base.extensions import load_extensions
from initbench.base.log import logged
from initbench.base.renewal import Product, record
from initbench.claims.tables import CLAIM_CELLS, CLAIMS
from initbench.claims.verdicts import judge
from initbench.report.contents import claims_in_order
from initbench.tables.described import study_of, write_table
from initbench.tables.schema import arrow_table
from initbench.tables.views import Tables


def main(tables, paths, params):
    load_extensions(params.extensions)
    made = judge(Tables(tables), claims_in_order())
    for table in (CLAIMS, CLAIM_CELLS):
        write_table(arrow_table(made[table.name], table.columns), table, paths[table.name], study_of(tables))
    files = tuple(paths[table.name] for table in (CLAIMS, CLAIM_CELLS))
    record(Product(paths["record"], "judge", files, params.basis, tuple(tables.values())))


if "snakemake" in globals():
    with logged(snakemake.log[0], "judge"):
        tables = dict(snakemake.input.items())
        main(tables, dict(snakemake.output.items()), snakemake.params)
