"""Every scheme against the reference, block by block."""

import pandas as pd

from initbench.report import section


@section("comparisons", title="Comparisons with the reference", place=70, tables=("comparisons",))
def comparisons(paths, study):
    """The comparisons, if anything was compared."""
    table = pd.read_parquet(paths["comparisons"])
    return None if table.empty else {"comparisons": table.to_dict("records")}
