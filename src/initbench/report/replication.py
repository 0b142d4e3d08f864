"""What a replication study finds: the published result beside ours, and what the scaling changes."""

from initbench.replications import REPLICATIONS, TABLES
from initbench.report import section


@section("replication", title="Published and reproduced", place=5, tables=TABLES)
def replication(paths, study):
    """The findings of the study's replication; nothing in other studies."""
    name = study["config"]["replication"]
    if name is None:
        return None
    repeated = REPLICATIONS[name]
    return {"repeated": repeated, "results": repeated.function(paths)}
