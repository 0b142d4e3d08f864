"""What happens to clusters, on a real Slurm: the study completes, what had landed stays, the tables are the same bytes."""

import os
import signal
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from .conftest import IMPATIENT, ONE_SHARD_A_JOB, contents, finished, start, until, workflow

pytestmark = pytest.mark.cluster
TABLES = "results/tables/runs.parquet"


def ask(env, *command):
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    return done.stdout.strip()


def states(env, folder):
    """Slurm jobs that have come to the held shard in `folder`, in order, and their states."""
    jobs = sorted((path.name.removeprefix("started-") for path in folder.glob("started-*")), key=int)
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

    def held_at_work(*arguments, **options):
        process = run(*arguments, **options)
        until(lambda: len(landed(folder)) == 1, "one shard landed")
        until(lambda: "RUNNING" in states(slurm, folder).values(), "the held shard runs")
        return process, next(job for job, state in states(slurm, folder).items() if state == "RUNNING")

    yield SimpleNamespace(folder=folder, env=env, run=run, held_at_work=held_at_work)
    (folder / "released").touch()
    for process in running:  # only a failed test leaves one
        process.kill()
        process.wait()
    ask(slurm, "scancel", "--user=root")


def ends(study, job, among):
    """Wait until Slurm says that the job has ended in one of these ways, then let its successor go on."""
    until(lambda: states(study.env, study.folder)[job] in among, f"{job} ends as {among}")
    (study.folder / "released").touch()


def completes(study, process, before, local):
    """The study completes, nothing that had landed was written again, and the tables are those of a local run."""
    finished(study.folder, process)
    after = landed(study.folder)
    assert {path: after[path] for path in before} == before
    assert len(after) == 2
    tables = contents(study.folder)
    assert len(tables) == 4
    assert tables == {name: local[name] for name in tables}


def test_a_cancelled_job_comes_again(study, local):
    process, job = study.held_at_work()
    before = landed(study.folder)
    ask(study.env, "scancel", job)
    ends(study, job, {"CANCELLED"})
    completes(study, process, before, local)
    assert len(states(study.env, study.folder)) == 2


def test_a_job_of_several_shards_that_comes_again_trains_only_what_had_not_landed(study, local):
    process, job = study.held_at_work(jobs=[])
    before = landed(study.folder)
    ask(study.env, "scancel", job)
    ends(study, job, {"CANCELLED"})
    completes(study, process, before, local)
    (log,) = (study.folder / "results/logs/train").glob("*.log")
    assert log.read_text().count("already there: glorot_normal") == 1


def test_a_job_killed_for_memory_comes_again_with_twice_as_much(study, local):
    ballast = "1100"  # megabytes: above the first attempt's 1,000, within the second's 2,000
    (study.folder / "ballast").write_text(ballast)
    process = study.run()
    until(lambda: len(landed(study.folder)) == 1, "one shard landed")
    before = landed(study.folder)
    first = until(lambda: list(states(study.env, study.folder)), "the held shard has started")[0]
    ends(study, first, {"CANCELLED", "FAILED", "OUT_OF_MEMORY"})
    completes(study, process, before, local)
    requested = [
        ask(study.env, "squeue", "-h", "--states=all", "-j", job, "-o", "%m") for job in states(study.env, study.folder)
    ]
    assert requested == ["1000M", "2000M"]


def test_a_job_out_of_time_comes_again_with_twice_as_much(study, local):
    process, job = study.held_at_work("--set-resources", "train:runtime=attempt")
    before = landed(study.folder)
    ends(study, job, {"TIMEOUT"})
    completes(study, process, before, local)
    limits = [
        ask(study.env, "squeue", "-h", "--states=all", "-j", each, "-o", "%l")
        for each in states(study.env, study.folder)
    ]
    assert limits == ["1:00", "2:00"]


def test_a_drained_node_holds_the_study_until_it_is_back(study, local):
    process, job = study.held_at_work()
    before = landed(study.folder)
    ask(study.env, "scontrol", "update", "nodename=node1", "state=drain", "reason=test")
    (study.folder / "released").touch()  # a draining node ends its jobs; the next one, collect, has to wait
    try:
        until(lambda: states(study.env, study.folder)[job] == "COMPLETED", "the running job is let finish")
        until(lambda: ask(study.env, "squeue", "-h", "--states=pending"), "the next job waits for the node")
        assert process.poll() is None
    finally:
        ask(study.env, "scontrol", "update", "nodename=node1", "state=resume")
    completes(study, process, before, local)
    assert len(states(study.env, study.folder)) == 1


def test_a_controller_that_restarts_loses_no_job(study, local):
    study.env["PATH"] = f"{study.folder}/profiles/slurm/no-accounting:{study.env['PATH']}"
    process, job = study.held_at_work()
    before = landed(study.folder)
    conf = study.env["SLURM_CONF"]
    pid = int(Path(conf).with_name("slurmctld.pid").read_text())
    os.kill(pid, signal.SIGTERM)
    until(lambda: "DOWN" in ask(study.env, "scontrol", "ping"), "the controller has gone")
    (study.folder / "released").touch()
    away = time.monotonic()
    until(lambda: len(landed(study.folder)) == 2, "the job on the node goes on without the controller")
    until(
        lambda: time.monotonic() > away + 15, "several status checks failed"
    )  # the plugin gives up after five by default
    subprocess.run(["slurmctld", "-f", conf], env=study.env, check=True, timeout=60, capture_output=True)
    completes(study, process, before, local)
    assert list(states(study.env, study.folder)) == [job]


def killed(study, process):
    """Kill the Snakemake of the login node at once, with what it has started there."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_killed_snakemake_goes_on_after_its_jobs_were_cancelled(study, local):
    process, _ = study.held_at_work()
    before = landed(study.folder)
    killed(study, process)
    ask(study.env, "scancel", "--user=root")
    until(lambda: "RUNNING" not in states(study.env, study.folder).values(), "no job of the killed Snakemake runs")
    finished(study.folder, study.run("--unlock"))
    (study.folder / "released").touch()
    completes(study, study.run(), before, local)
    assert len(states(study.env, study.folder)) == 2


def test_what_the_jobs_of_a_killed_snakemake_finish_is_not_computed_again(study, local):
    process, job = study.held_at_work()
    killed(study, process)
    (study.folder / "released").touch()
    until(lambda: states(study.env, study.folder)[job] == "COMPLETED", "the job left alone ends by itself")
    before = landed(study.folder)
    assert len(before) == 2
    finished(study.folder, study.run("--unlock"))
    completes(study, study.run(), before, local)
    assert list(states(study.env, study.folder)) == [job]
