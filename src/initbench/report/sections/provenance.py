"""What the results were made with."""

from initbench.report.sections import section


@section("provenance", title="Provenance")
def provenance(tables, study):
    """Versions and machine."""
    record = {key: value for key, value in study["provenance"].items() if key != "config"}
    packages = record.pop("packages")
    return {"record": record | {"packages": ", ".join(f"{name} {version}" for name, version in packages.items())}}
