"""What a process runs on: its matrix library with the kernel for this processor, versions of packages, the code's revision."""

import platform
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from threadpoolctl import threadpool_info

NUMERICAL = ("numpy", "scipy", "numba", "llvmlite", "pyarrow", "scikit-learn")


def pools() -> list[dict[str, Any]]:
    """The loaded libraries of matrix products, as threadpoolctl describes them."""
    np.ones((2, 2)) @ np.ones((2, 2))  # loads the library that is asked for next
    return [pool for pool in threadpool_info() if pool["user_api"] == "blas"]


def kernel() -> str:
    """The kernel by which NumPy multiplies matrices here, such as "openblas Haswell": it decides the last digits."""
    return ", ".join(dict.fromkeys(f"{pool['internal_api']} {pool.get('architecture')}" for pool in pools()))


def environment() -> dict[str, Any]:
    """Kernel, threads, versions, revision and machine of this process, as plain values."""
    return {
        "kernel": kernel(),
        "threads": max((pool["num_threads"] for pool in pools()), default=1),
        "revision": revision(),
        "python": sys.version.split()[0],
        "platform": platform.platform(),
        "versions": {name: metadata.version(name) for name in NUMERICAL},
    }


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
