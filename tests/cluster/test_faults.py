"""A node, the controller or Snakemake goes away: the study completes, what had landed stays, the tables are the same."""

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from .conftest import ask, completes, finished, landed, states, until

pytestmark = pytest.mark.cluster


def killed(study, process):
    """Kill the Snakemake of the login node at once, with what it has started there."""
    os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def test_a_drained_node_holds_the_study_until_it_is_back(study, local):
    process, job = study.held_at_work()
    before = landed(study.folder)
    ask(study.env, "scontrol", "update", "nodename=node1", "state=drain", "reason=test")
    (study.folder / "signs/released").touch()  # a draining node ends its jobs; the next one, collect, has to wait
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
    (study.folder / "signs/released").touch()
    away = time.monotonic()
    until(lambda: len(landed(study.folder)) == 2, "the job on the node goes on without the controller")
    until(
        lambda: time.monotonic() > away + 15, "several status checks failed"
    )  # the plugin gives up after five by default
    subprocess.run(["slurmctld", "-f", conf], env=study.env, check=True, timeout=60, capture_output=True)
    completes(study, process, before, local)
    assert list(states(study.env, study.folder)) == [job]


def test_a_killed_snakemake_goes_on_after_its_jobs_were_cancelled(study, local):
    process, _ = study.held_at_work()
    before = landed(study.folder)
    killed(study, process)
    ask(study.env, "scancel", "--user=root")
    until(lambda: "RUNNING" not in states(study.env, study.folder).values(), "no job of the killed Snakemake runs")
    finished(study.folder, study.run("--unlock"))
    (study.folder / "signs/released").touch()
    completes(study, study.run(), before, local)
    assert len(states(study.env, study.folder)) == 2


def test_what_the_jobs_of_a_killed_snakemake_finish_is_not_computed_again(study, local):
    process, job = study.held_at_work()
    killed(study, process)
    (study.folder / "signs/released").touch()
    until(lambda: states(study.env, study.folder)[job] == "COMPLETED", "the job left alone ends by itself")
    before = landed(study.folder)
    assert len(before) == 2
    finished(study.folder, study.run("--unlock"))
    completes(study, study.run(), before, local)
    assert list(states(study.env, study.folder)) == [job]
