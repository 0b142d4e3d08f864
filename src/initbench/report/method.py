"""What was run, and with what."""

import pandas as pd
import yaml

from initbench.report import section


@section("method", title="What was run", place=90, tables=("runs",))
def method(paths, study):
    """The configuration with its defaults, and how the runs ended."""
    status = pd.read_parquet(paths["runs"], columns=["status"])["status"].value_counts().to_dict()
    return {"config_text": yaml.safe_dump(study["config"], sort_keys=False, allow_unicode=True), "status": status}


@section("provenance", title="Provenance", place=100)
def provenance(paths, study):
    """Versions and machine."""
    return {"record": {key: value for key, value in study["provenance"].items() if key != "config"}}
