"""Joining the shards of several folders of results, so that a study that was run in parts need train nothing again."""

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pyarrow as pa

from initbench.base.parquet import metadata_of, read_parquet
from initbench.base.renewal import entries, write_entries
from initbench.engine.record import Run
from initbench.tables.shards import KERNEL, MADE_FROM, grow_shard, runs_of

REFUSED = (
    (MADE_FROM, "made from another state of the code or the study than"),
    (KERNEL, "trained with another kernel than"),
)


class MergeError(ValueError):
    """Results that cannot be joined; the message names the files."""


def merge(parts: Sequence[Path], out: Path) -> int:
    """Write the shards of all parts, and what their jobs were run with, into `out`; how many shards those are.

    A shard that several parts have gets the runs of all. Raises MergeError where such files were made from different states
    of the code or the study, with different kernels, or differ in a run that they share; DamagedError for a damaged file.
    """
    if out.exists() and any(out.iterdir()):
        raise MergeError(f"{out}: the folder to write has to be new or empty")
    files: dict[str, list[Path]] = {}
    for part in parts:
        found = sorted((part / "shards").rglob("*.parquet"))
        if not found:
            raise MergeError(f"{part}: there are no shards in it")
        for path in found:
            files.setdefault(str(path.relative_to(part)), []).append(path)
    for name, paths in files.items():
        _join(paths, out / name)
    _records(parts, out)
    return len(files)


def _join(paths: Sequence[Path], out: Path) -> None:
    """Write one shard from its files in several parts."""
    out.parent.mkdir(parents=True, exist_ok=True)
    signs = {path: metadata_of(path) for path in paths}
    shutil.copyfile(paths[0], out)
    for path in paths[1:]:
        for key, what in REFUSED:
            if signs[path].get(key) != signs[paths[0]].get(key):
                raise MergeError(f"{path} is {what} {paths[0]}")
        there, fresh = read_parquet(out), read_parquet(path)
        shared = set(runs_of(there)) & set(runs_of(fresh))
        if _rows(there, shared) != _rows(fresh, shared):
            raise MergeError(f"{path} differs from {paths[0]} in runs that both have")
        new = fresh.filter([run not in shared for run in runs_of(fresh)])
        made_from, kernel = (signs[path][key].decode() for key in (MADE_FROM, KERNEL))
        grow_shard(out, made_from, kernel, {*runs_of(there), *runs_of(new)}, new)


def _rows(table: pa.Table, runs: set[Run]) -> dict[Run, str]:
    """The rows of some runs, by run, as text: NaN equals itself there."""
    return {run: repr(row) for run, row in zip(runs_of(table), table.to_pylist(), strict=True) if run in runs}


def _records(parts: Sequence[Path], out: Path) -> None:
    """Keep with what the jobs of every part were run; what they made is looked at by the next run."""
    environments: dict[str, dict[str, list]] = {}
    for part in parts:
        for path in sorted((part / "records/train").glob("*.json")):
            for job, entry in entries(path).items():
                known = environments.setdefault(path.name, {}).setdefault(job, [])
                known += [each for each in entry.get("environments", []) if each not in known]
    os.makedirs(out / "records/train", exist_ok=True)
    for name, found in environments.items():
        write_entries({job: {"environments": known} for job, known in found.items()}, out / "records/train" / name)
