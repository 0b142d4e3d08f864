"""A Slurm of the tests' own, studies small enough for it, and what a local run makes of them."""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from types import SimpleNamespace

import pytest
import yaml

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
SNAKEMAKE = str(Path(sys.executable).with_name("snakemake"))
STUDY = {
    "datasets": ["digits"], "depths": [2], "widths": [16], "activations": ["tanh"], "normalizations": ["none"],
    "schemes": ["glorot_normal", "held"], "learning_rates": [0.1], "seeds": 2, "seeds_per_shard": 2,
    "reference": "glorot_normal", "training": {"steps": 10}, "initial": [], "extensions": ["held.py"],
}  # fmt: skip
TABLES = "results/tables/runs.parquet"
QUICK = "workflow/studies/quick.yaml"
# A test cannot wait as politely as a user of a shared cluster.
IMPATIENT = ["--slurm-init-seconds-before-status-checks", "2", "--max-status-checks-per-second", "1"]
# Less than any shard takes: each has a job of its own.
ONE_SHARD_A_JOB = ["--config", "minutes_per_job=1e-6"]
PACKAGES_MISSING = 3  # what up.sh returns where its packages cannot be had


def until(condition, what, seconds=300):
    """Poll until `condition()` is true and return its value; fail with `what` at the deadline."""
    deadline = time.monotonic() + seconds
    while not (value := condition()):
        assert time.monotonic() < deadline, f"not within {seconds} s: {what}"
        time.sleep(0.25)
    return value


def workflow(folder, **changes):
    """The workflow and the small study in a folder of its own."""
    folder.mkdir(exist_ok=True)
    for name in ("Snakefile", "config.yaml"):
        shutil.copy(ROOT / name, folder)
    for name in ("workflow", "scripts", "profiles"):
        shutil.copytree(ROOT / name, folder / name)
    shutil.copy(HERE / "held.py", folder)
    (folder / "signs").mkdir()
    (folder / "study.yaml").write_text(yaml.safe_dump(STUDY | changes))
    return folder


def start(folder, env, *arguments, study="study.yaml"):
    """Snakemake in the background, with its output in snakemake.out."""
    with (folder / "snakemake.out").open("a") as out:
        return subprocess.Popen(
            [SNAKEMAKE, "--snakefile", "Snakefile", "--configfile", study, *arguments],
            cwd=folder, env=env, stdout=out, stderr=subprocess.STDOUT, start_new_session=True,
        )  # fmt: skip


def finished(folder, process, seconds=300):
    """Wait for a Snakemake that must succeed."""
    try:
        code = process.wait(seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
        code = "late"
    assert code == 0, (folder / "snakemake.out").read_text()[-6000:]


def said(folder):
    """What Snakemake itself said, in its own log; the screen shows the study's words."""
    return "".join(path.read_text() for path in sorted(folder.glob(".snakemake/log/*.log")))


def contents(folder):
    """Bytes of all tables and figures."""
    found = [*folder.glob("results/**/tables/*.parquet"), *folder.glob("results/**/figures/*")]
    return {str(path.relative_to(folder)): path.read_bytes() for path in found}


@contextmanager
def cluster(*options):
    """The environment of a user of a one-machine Slurm with four slots; it ends with the block."""
    installed = all(shutil.which(tool, path=f"{os.environ['PATH']}:/usr/sbin") for tool in ("slurmctld", "munged"))
    if os.geteuid() != 0 or not (installed or shutil.which("apt-get")):
        pytest.skip("the cluster tests start a Slurm of their own: they need root, and Slurm or apt-get")
    folder = Path(tempfile.mkdtemp(prefix="initbench-slurm-", dir="/tmp"))  # a socket's path must be short
    up = subprocess.run([HERE / "up.sh", folder, "4", *options], capture_output=True, text=True, timeout=600)
    try:
        if up.returncode == PACKAGES_MISSING:
            pytest.skip(up.stderr.strip().splitlines()[-1])
        assert up.returncode == 0, up.stderr
        path = f"{folder / 'bin'}:{os.environ['PATH']}:/usr/sbin"
        yield os.environ | {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": path}
    finally:
        subprocess.run([HERE / "down.sh", folder], timeout=120, check=True)
    shutil.rmtree(folder)


@pytest.fixture(scope="session")
def slurm():
    """A Slurm without accounting, for all tests."""
    with cluster() as env:
        yield env


@pytest.fixture(scope="session")
def local(tmp_path_factory):
    """Tables of the small study from a local run, with other shards and jobs."""
    folder = workflow(tmp_path_factory.mktemp("local"), seeds_per_shard=1, minutes_per_job=1)
    (folder / "signs/released").touch()
    finished(folder, start(folder, os.environ, "--cores", "2", "results/tables/comparisons.parquet"))
    return contents(folder)


def ask(env, *command):
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def states(env, folder):
    """Slurm jobs that have come to the held shard in `folder`, in order, and their states."""
    jobs = sorted((path.name.removeprefix("started-") for path in folder.glob("signs/started-*")), key=int)
    return {job: ask(env, "squeue", "-h", "--states=all", "-j", job, "-o", "%T") for job in jobs}


def landed(folder):
    return {path: path.stat().st_mtime_ns for path in folder.glob("results/shards/*/*.parquet")}


@pytest.fixture
def study(slurm, tmp_path):
    """A study of two shards: one lands, the other is held at work on the cluster until it is released."""
    folder, env, running = workflow(tmp_path / "study"), dict(slurm), []

    def run(*arguments, jobs=ONE_SHARD_A_JOB):
        running.append(start(folder, env, "--profile", "profiles/slurm", *jobs, *arguments, *IMPATIENT, TABLES))
        return running[-1]

    def held_at_work(*arguments, first=1, **options):
        process = run(*arguments, **options)
        until(lambda: len(landed(folder)) == first, f"shards landed: {first}")
        until(lambda: "RUNNING" in states(slurm, folder).values(), "the held shard runs")
        return process, next(job for job, state in states(slurm, folder).items() if state == "RUNNING")

    yield SimpleNamespace(folder=folder, env=env, run=run, held_at_work=held_at_work)
    (folder / "signs/released").touch()
    for process in running:  # only a failed test leaves one
        process.kill()
        process.wait()
    ask(slurm, "scancel", "--user=root")


def ends(study, job, among):
    """Wait until Slurm says that the job has ended in one of these ways, then let its successor go on."""
    until(lambda: states(study.env, study.folder)[job] in among, f"{job} ends as {among}")
    (study.folder / "signs/released").touch()


def completes(study, process, before, local, shards=2):
    """The study completes, nothing that had landed was written again, and the tables are those of a local run."""
    finished(study.folder, process)
    after = landed(study.folder)
    assert {path: after[path] for path in before} == before
    assert len(after) == shards
    tables = contents(study.folder)
    assert len(tables) == 5
    assert tables == {name: local[name] for name in tables}
