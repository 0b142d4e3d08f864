"""Files of a study's results that it does not use: of cells, seeds and jobs that are no longer asked for."""

from collections.abc import Iterator
from pathlib import Path

from initbench.study.grid import Study
from initbench.study.jobs import jobs, manifest

FOLDERS = ("shards", "data", "jobs", "records/train", "records/data", "logs/train", "logs/data", "timings/train")


def unused_files(study: Study) -> list[Path]:
    """The files in the folders of shards, splits and jobs that the study does not name, and what killed jobs left, sorted."""
    known = {path.resolve() for path in _used(study)}
    found = (path for folder in FOLDERS for path in (study.results / folder).rglob("*"))
    unused = {path for path in found if path.is_file() and path.resolve() not in known}
    return sorted(unused | set(study.results.rglob("*.partial")))


def remove(files: list[Path], results: Path) -> None:
    """Remove files, and the folders of the results that they leave empty."""
    for path in files:
        path.unlink()
        for folder in path.parents:
            if folder == results or any(folder.iterdir()):
                break
            folder.rmdir()


def _used(study: Study) -> Iterator[Path]:
    for job in jobs(study):
        yield Path(manifest(study, job))
        yield study.results / "records/train" / f"{job.name}.json"
        yield study.results / "logs/train" / f"{job.name}.log"
        yield study.results / "timings/train" / f"{job.name}.tsv"
    for shard in study.shards:
        splits = Path(study.data_path(shard))
        yield Path(study.shard_path(shard))
        yield splits
        for folder, suffix in (("records", ".json"), ("logs", ".log")):
            yield (study.results / folder / splits.relative_to(study.results)).with_suffix(suffix)
