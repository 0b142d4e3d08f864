"""Whether a folder of results is what its study says: every file as it was made, every shard signed, a sample trained again."""

import io
import os
import random
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

from initbench.base.files import DamagedError, read_json
from initbench.base.machine import kernel
from initbench.base.renewal import entries, file_digest
from initbench.study.grid import Study, load_study
from initbench.study.jobs import jobs, manifest, tasks
from initbench.tables.jobs import read_finished, train_job


@dataclass(frozen=True)
class Verified:
    """How many files were looked at and shards trained again, and what is wrong, a line each."""

    files: int
    again: int
    wrong: tuple[str, ...]


def study_of(results: Path) -> Study:
    """The study that a folder of results is of, by its provenance.json; wherever the folder lies now.

    FileNotFoundError or DamagedError without such a record; ConfigError where the study cannot be loaded, as where an
    extension is not there.
    """
    config = dict(read_json(results / "provenance.json")["config"])
    return load_study(
        {key: value for key, value in config.items() if value is not None} | {"results_dir": str(results)}
    )


def verify(results: Path, again: int = 0, seed: int | None = None) -> Verified:
    """Compare every file of the results with its record and every shard with the study; train a sample of shards again.

    again: how many shards to train again, drawn by `seed` among those of this machine's kernel, and to compare to the byte.
    """
    count, wrong = 0, []
    for record in sorted((results / "records").rglob("*.json")):
        if not entries(record):
            wrong.append(f"{record}: is not as it was made")
    for path, digest in recorded(results):
        count += 1
        found = file_digest(path)
        if found != digest:
            wrong.append(f"{path}: {'is missing' if found is None else 'is not as it was made'}")
    study = study_of(results)
    shards = list(finished(study))
    for task in shards:
        try:
            read_finished(task)
        except (OSError, DamagedError) as error:
            wrong.append(str(error))
    here = kernel()
    usable = [task for task in shards if _kernel(task) == here]
    drawn = random.Random(seed).sample(usable, min(again, len(usable)))
    wrong += [line for task in drawn for line in _differs(task, task["training"])]
    return Verified(count, len(drawn), tuple(dict.fromkeys(wrong)))


def recorded(results: Path) -> Iterator[tuple[str, str]]:
    """Every file that the records of the results speak of, and its digest when it was made."""
    for record in sorted((results / "records").rglob("*.json")):
        for entry in entries(record).values():
            content = entry.get("content") if isinstance(entry, dict) else None
            for name, digest in (content or {}).items():
                yield os.path.normpath(record.parent / name), digest


def finished(study: Study) -> Iterator[dict]:
    """What the study's jobs are told of their shards, with the rates that were chosen."""
    for job in jobs(study):
        listed = {task["path"]: task for task in read_json(manifest(study, job))["shards"]}
        for task in tasks(study, job):
            said = listed[str(Path(task["path"]).relative_to(study.results))]
            yield task | {"rates": said["rates"], "training": job.shards[0].training.to_dict()}


def _kernel(task: Mapping) -> str | None:
    try:
        return read_finished(task, ()).kernel
    except (OSError, DamagedError):
        return None


def _differs(task: Mapping, training: Mapping) -> Iterator[str]:
    """A line if a shard that is trained again has other bytes."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "again.parquet")
        with redirect_stdout(io.StringIO()):  # what it says goes to a job's log
            train_job([{**task, "path": path}], training)
        if file_digest(path) != file_digest(task["path"]):
            yield f"{task['path']}: trained again, it is not the same"
