"""The record of what a study was made with."""

import datetime
import json
import os
import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from initbench.base.files import write_atomically


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


def write(record: dict, path: str) -> None:
    """The record as JSON."""
    with write_atomically(path) as partial:
        Path(partial).write_text(json.dumps(record, indent=1, ensure_ascii=False), encoding="utf-8")


def packages() -> dict[str, str]:
    """The version of every installed package, by name: those that the lock file names, and initbench itself."""
    read = [installed.metadata for installed in metadata.distributions()]  # parsed anew each time it is asked for
    return dict(sorted((each["Name"].lower(), each["Version"]) for each in read if each["Name"]))


def blas() -> str:
    """The libraries of matrix products, each with its kernel for this processor and its number of threads."""
    np.ones((2, 2)) @ np.ones((2, 2))  # loads the library that is asked for next
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    return ", ".join(
        f"{pool['internal_api']} {pool['version']}, kernel {pool.get('architecture')}, threads {pool['num_threads']}"
        for pool in pools
    )


def revision(folder: Path = Path(__file__).parents[1]) -> str | None:
    """The git revision that the library's own folder belongs to, with "changed" if files differ; None without one."""
    if (
        _git(folder, "ls-files", "--error-unmatch", "__init__.py") is None
    ):  # installed, perhaps into another's repository
        return None
    head, changes = _git(folder, "rev-parse", "HEAD"), _git(folder, "status", "--porcelain", "--", ".")
    return f"{head}, changed" if head and changes else head


def _git(folder: Path, *arguments: str) -> str | None:
    """What git prints; None where it fails or is not installed."""
    try:
        done = subprocess.run(
            ["git", "--no-optional-locks", "-C", folder, *arguments],
            capture_output=True,
            text=True,
            check=False,
            timeout=20,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    return done.stdout.strip() if done.returncode == 0 else None
