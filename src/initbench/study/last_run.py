"""The last run of a study, and what became of each of its jobs: read from the files that jobs write.

A run notes its jobs once, before the first, in `timings/run.json` of the results. From then on their own files tell: a job opens
its log when it starts, and writes its record when it is done. So whoever sees the folder sees the progress, on a cluster too.
"""

import os
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from initbench.base.at_work import nobody_else
from initbench.base.files import read_json, write_json
from initbench.study.config import Config
from initbench.study.folders import results_folder
from initbench.study.progress import Doing, Step
from initbench.study.reading import read

NOTE = "timings/run.json"
TRACEBACK = "Traceback (most recent call last):"
DONE, RUNNING, FAILED, INTERRUPTED, WAITING = STATES = "done", "running", "failed", "interrupted", "waiting"
NO_WORD = "it ended without a word, as one that was killed"
SHOWN = (FAILED, INTERRUPTED, RUNNING)  # states of which each job is listed


def note(results: Path, title: str, steps: Iterable[Step], cores: int) -> None:
    """Note what a run that starts now has to do."""
    path = results / NOTE
    path.parent.mkdir(parents=True, exist_ok=True)
    beside = [
        asdict(step) | {name: _beside(getattr(step, name), results) for name in ("log", "record")} for step in steps
    ]
    write_json({"title": title, "folder": os.getcwd(), "cores": cores, "jobs": beside}, path)


def _beside(path: str, results: Path) -> str:
    """A path from the results, which may be moved; an empty one stays so."""
    return path and os.path.relpath(path, results)


@dataclass(frozen=True)
class Became:
    """What became of a job; why: the last line of a failed one's log."""

    step: Step
    state: str
    why: str = ""


@dataclass(frozen=True)
class Standing:
    """How a study stands: its last run, seconds since it began and until it ended or now, and what became of its jobs.

    at_work: whether somebody is at work in the folder that it was started from, so that it may go on.
    """

    title: str
    results: Path
    at_work: bool
    elapsed: float
    doing: Doing
    jobs: tuple[Became, ...]

    @property
    def failed(self) -> bool:
        return any(job.state == FAILED for job in self.jobs)

    @property
    def finished(self) -> bool:
        return all(job.state == DONE for job in self.jobs)

    def in_words(self) -> list[str]:
        """How far the run is; below it a line a job that failed, was interrupted or runs."""
        how = "finished" if self.finished else "running" if self.at_work else "stopped"
        far = self.doing.progress(self.elapsed if how == "running" else None)
        return [
            f"{self.title} ({self.results}): {how}, {far}",
            *(_line(job) for state in SHOWN for job in self.jobs if job.state == state),
        ]

    def as_values(self) -> dict[str, Any]:
        """Plain values, for JSON."""
        left = self.doing.left(self.elapsed) if self.at_work and not self.finished else None
        counts = {state: sum(job.state == state for job in self.jobs) for state in STATES}
        listed = [
            {"what": job.step.what, "state": job.state, "why": job.why or None, "log": job.step.log}
            for job in self.jobs
        ]
        return {
            "title": self.title, "results": str(self.results), "at_work": self.at_work, "finished": self.finished,
            "elapsed_seconds": self.elapsed, "seconds_left": left, "share": self.doing.share, **counts, "jobs": listed,
        }  # fmt: skip


def results_of(study: Path) -> Path:
    """The folder that a study's file names for its results. Raises ConfigError for a file that is none, or a folder that cannot be."""
    return results_folder(str(read(study).get("results_dir", Config.model_fields["results_dir"].default)))


def standing(results: Path, at_work: bool | None = None) -> Standing:
    """How the study with these results stands. at_work: whether its run goes on; None if that is to be looked up.

    FileNotFoundError where no run was noted, DamagedError for a note that cannot be read.
    """
    path = results / NOTE
    noted, began = read_json(path), path.stat().st_mtime
    steps = [
        Step(
            tuple(job["key"]),
            job["what"],
            job["seconds"],
            *(job[name] and str(results / job[name]) for name in ("log", "record")),
        )
        for job in noted["jobs"]
    ]
    at_work = _at_work(noted["folder"]) if at_work is None else at_work
    jobs = tuple(
        job for job in (_became(step, began, at_work) for step in steps) if job.step.record or job.state == FAILED
    )
    doing = Doing.of(steps, noted["cores"])
    for job in jobs:
        doing = doing.after(job.step.key) if job.state == DONE else doing
    return Standing(noted["title"], results, at_work, max(0.0, time.time() - began), doing, jobs)


def _at_work(folder: str) -> bool:
    """Whether somebody is at work in a folder."""
    if not Path(folder).is_dir():
        return False
    with nobody_else(folder) as alone:
        return not alone


def _became(step: Step, began: float, at_work: bool) -> Became:
    if step.record and _written(step.record, began):
        return Became(step, DONE)
    if not _written(step.log, began):
        return Became(step, WAITING)
    text = Path(step.log).read_text(encoding="utf-8", errors="replace")
    if TRACEBACK in text:
        return Became(step, FAILED, text.rstrip().rpartition("\n")[2])
    return Became(step, RUNNING if at_work else INTERRUPTED)


def _written(path: str, since: float) -> bool:
    """Whether there is such a file, written since then."""
    try:
        return os.stat(path).st_mtime >= since
    except OSError:
        return False


def _line(job: Became) -> str:
    why = f": {job.why}" if job.why else ""
    return f"  {job.state}: {job.step.what}{why} (log: {job.step.log})"


def failures(results: Path) -> str:
    """The jobs of a run that has just ended which failed, why, and where to read on; nothing if none did."""
    jobs = [job for job in standing(results, at_work=False).jobs if job.state in (FAILED, INTERRUPTED)]
    lines = [f"  {job.step.what}: {job.why or NO_WORD} (log: {job.step.log})" for job in jobs]
    return "\n".join([f"{len(lines)} {'job' if len(lines) == 1 else 'jobs'} failed:", *lines]) if lines else ""
