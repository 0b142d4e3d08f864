"""Every scheme against the reference, block by block."""

from initbench.analyses.comparisons import false_blocks
from initbench.report.sections import section
from initbench.report.words import block_columns


@section("comparisons", title="Comparisons with the reference", tables=("comparisons",))
def comparisons(tables, study):
    """The comparisons, if anything was compared."""
    table = tables.read("comparisons")
    if table.empty:
        return None
    return {"comparisons": table.to_dict("records"), "keys": block_columns(table), "many": false_blocks(table)}
