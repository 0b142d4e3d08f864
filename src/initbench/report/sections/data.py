"""What was run, and with what."""

import yaml

from initbench.report.looks import looks_text
from initbench.report.sections import section


@section("data", tables=("runs",))
def data(tables, study, words):
    """How the runs ended, the configuration with its defaults, versions and machine."""
    runs = tables.read("runs", ["role", "status"])
    ended = [
        (
            words(f"role_{role}"),
            [(words.term(name), int(count)) for name, count in part["status"].value_counts().items()],
        )
        for role, part in runs.groupby("role")
    ]
    record = {key: value for key, value in study["provenance"].items() if key != "config"}
    packages, looks = record.pop("packages"), record.pop("looks", None)
    return {
        "finding": words("finding", **{name: study[name] for name in ("runs", "cells", "jobs")}),
        "ended": ended,
        "config_text": yaml.safe_dump(study["config"], sort_keys=False, allow_unicode=True),
        "looks": looks_text(looks, study["config"]["looks"], words) if looks else None,
        "record": record | {"packages": ", ".join(f"{name} {version}" for name, version in packages.items())},
    }
