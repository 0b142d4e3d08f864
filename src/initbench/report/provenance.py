"""The record of what a study was made with."""

import datetime
import os
import platform
import sys
from importlib import metadata

from initbench.base.machine import pools, revision
from initbench.tables.views import Tables


def provenance(config: dict) -> dict:
    """Versions, machine and configuration, as plain values. Nothing of this goes into the tables."""
    return {
        "written": datetime.datetime.now(datetime.UTC).isoformat(timespec="seconds"),
        "revision": revision(),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "processors": os.cpu_count(),
        "blas": blas(),
        "packages": packages(),
        "config": config,
    }


def own_data(tables: Tables) -> dict[str, list[dict]]:
    """What was done with each column of users' own tables, by data set, as plain values."""
    columns = tables.read("data_columns").astype({"values": "Int64", "missing": "Int64"})  # which may be null
    plain = columns.astype(object).where(columns.notna(), None)
    return {
        name: part.drop(columns=["dataset", "position"]).to_dict("records") for name, part in plain.groupby("dataset")
    }


def packages() -> dict[str, str]:
    """The version of every installed package, by name: those that the lock file names, and initbench itself."""
    read = [installed.metadata for installed in metadata.distributions()]  # parsed anew each time it is asked for
    return dict(sorted((each["Name"].lower(), each["Version"]) for each in read if each["Name"]))


def blas() -> str:
    """The libraries of matrix products, each with its kernel for this processor and its number of threads."""
    return ", ".join(
        f"{pool['internal_api']} {pool['version']}, kernel {pool.get('architecture')}, threads {pool['num_threads']}"
        for pool in pools()
    )
