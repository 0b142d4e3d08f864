"""A tiny study in a folder of its own: run, interrupted at moments of its progress, and compared with one that nobody disturbed."""

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import psutil
import yaml

ROOT = Path(__file__).parents[2]
STUDY = {
    "datasets": ["wine"], "widths": [4], "depths": [1], "activations": ["tanh"], "schemes": ["zeros", "xavier_tanh"],
    "seeds": 2, "seeds_per_shard": 1, "minutes_per_job": 0.00001, "learning_rates": [0.03, 0.3], "initial": [],
    "training": {"steps": 3, "batch_size": 16, "records": 2},
}  # fmt: skip
TABLES = ("analyses", "results/tables/claims.parquet")  # without pictures: those take most of the time
RUN = "from initbench.cli import main; main()"
PATIENCE = 300  # seconds until something that must happen counts as not happening

counts: Counter[str] = Counter()


class Place:
    """The workflow with the tiny study in a folder."""

    def __init__(self, folder: Path):
        self.folder = folder
        for name in ("Snakefile", "config.yaml"):
            shutil.copy(ROOT / name, folder)
        for name in ("workflow", "scripts", "profiles"):
            shutil.copytree(ROOT / name, folder / name)
        self.write(STUDY)

    @property
    def results(self) -> Path:
        return self.folder / "results"

    def write(self, study: dict) -> None:
        (self.folder / "study.yaml").write_text(yaml.safe_dump(study), encoding="utf-8")

    def start(self, *arguments: str, plain: bool = False, **environment: str) -> subprocess.Popen:
        """Begin to run the study, in a process group of its own; plain: by Snakemake itself, not by initbench run."""
        told = ["--cores", "2", *(arguments or TABLES)]
        ours = [sys.executable, "-c", RUN, "run", "study.yaml", *told]
        theirs = [sys.executable, "-m", "snakemake", *told, "--config", "study=study.yaml"]
        with open(self.folder / "screen.txt", "w") as screen:
            return subprocess.Popen(
                theirs if plain else ours, cwd=self.folder, stdout=screen, stderr=subprocess.STDOUT,
                start_new_session=True, env=os.environ | environment,
            )  # fmt: skip

    def finish(self, process: subprocess.Popen) -> tuple[int, str]:
        """Wait for the end: (exit code, what was on the screen)."""
        code = process.wait(PATIENCE)
        return code, (self.folder / "screen.txt").read_text(encoding="utf-8")

    def run(self, *arguments: str, plain: bool = False, **environment: str) -> tuple[int, str]:
        return self.finish(self.start(*arguments, plain=plain, **environment))

    def written(self) -> dict[str, str]:
        """Digest of every file that must have the same bytes: prepared data, shards, tables."""
        names = ("data/*/*.npz", "shards/*/*.parquet", "tables/*.parquet")
        paths = [path for name in names for path in self.results.glob(name)]
        return {str(path.relative_to(self.results)): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}

    def progress(self) -> int:
        """How many files of the study there are, logs not counted."""
        return sum(len(list(self.results.glob(name))) for name in ("data/*/*.npz", "shards/*/*", "jobs/*", "tables/*"))


def until(true: Callable[[], object], process: subprocess.Popen | None = None):
    """Look until something is so, or a process has ended; what was seen."""
    last = time.monotonic() + PATIENCE
    while not (seen := true()) and (process is None or process.poll() is None):
        assert time.monotonic() < last, "waited in vain"
        time.sleep(0.002)
    return seen


def jobs_of(process: subprocess.Popen) -> list[psutil.Process]:
    """The scripts that a Snakemake runs now."""
    found = []
    try:
        for child in psutil.Process(process.pid).children(recursive=True):
            if any(".snakemake/scripts/" in part for part in child.cmdline()):
                found.append(child)
    except psutil.NoSuchProcess:
        pass
    return found


def kill(process: psutil.Process | subprocess.Popen) -> bool:
    """Kill a process at once, whatever it does; whether it was still there."""
    try:
        os.kill(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return False
    return True


def compared(place: Place, reference: dict[str, str], whole: bool) -> None:
    """Count what differs from an undisturbed study as wrong, and, of a whole one, what is missing as lost; there may be none."""
    there = place.written()
    wrong = [name for name, digest in there.items() if reference.get(name) != digest]
    lost = sorted(set(reference) - set(there)) if whole else []
    counts["wrong"] += len(wrong)
    counts["lost"] += len(lost)
    assert not wrong
    assert not lost
