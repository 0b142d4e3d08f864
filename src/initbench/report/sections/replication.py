"""What a replication study finds: the published result beside ours, and what the scaling changes."""

from initbench.replications import REPLICATIONS, TABLES
from initbench.report.sections import section


@section("replication", tables=TABLES)
def replication(tables, study, words):
    """The findings of the study's replication; nothing in other studies."""
    name = study["config"]["replication"]
    if name is None:
        return None
    repeated = REPLICATIONS[name]
    return {"repeated": repeated, "results": repeated.function(tables)}
