"""With what jobs were run: versions, threads, revision and kernel of the matrix library, each with the jobs that had it."""

from collections.abc import Iterable, Mapping
from typing import Any

from initbench.base.renewal import entries


def jobs_made_with(records: Iterable[str]) -> list[dict[str, Any]]:
    """The environments of training jobs by their records, each once, with the names of its jobs."""
    found: list[dict[str, Any]] = []
    names: list[list[str]] = []
    for path in sorted(records):
        for job, entry in entries(path).items():
            for environment in entry.get("environments", []):
                if environment not in found:
                    found.append(environment)
                    names.append([])
                names[found.index(environment)].append(job)
    return [environment | {"jobs": jobs} for environment, jobs in zip(found, names, strict=True)]


def mixed_kernels(kernels: Mapping[str, int]) -> str | None:
    """A line that says so if shards were trained with several kernels of the matrix library; None if with one."""
    if len(kernels) < 2:
        return None
    counts = ", ".join(f"{kernel}: {count}" for kernel, count in kernels.items())
    return f"shards were trained with several matrix kernels ({counts}): their runs differ by rounding"
