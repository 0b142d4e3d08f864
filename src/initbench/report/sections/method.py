"""What was run, and with what."""

import yaml

from initbench.report.looks import looks_text
from initbench.report.sections import section


@section("method", title="What was run", tables=("runs",))
def method(tables, study):
    """The configuration with its defaults, and how the runs ended."""
    runs = tables.read("runs", ["role", "status"])
    status = {role: part["status"].value_counts().to_dict() for role, part in runs.groupby("role")}
    looks = study["provenance"].get("looks")
    return {
        "config_text": yaml.safe_dump(study["config"], sort_keys=False, allow_unicode=True),
        "status": status,
        "looks": looks_text(looks, study["config"]["looks"]) if looks else None,
    }
