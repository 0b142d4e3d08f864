"""Other ways to submit and to ask: a submit command alone, and a Slurm with accounting."""

import subprocess
import sys
from pathlib import Path

import pytest

from .conftest import (
    IMPATIENT,
    ONE_SHARD_A_JOB,
    ROOT,
    SNAKEMAKE,
    cluster,
    contents,
    finished,
    said,
    start,
    until,
    workflow,
)

pytestmark = pytest.mark.cluster


def test_another_scheduler_through_its_submit_command(slurm, local, tmp_path):
    folder = workflow(tmp_path / "generic")
    (folder / "signs/released").touch()
    finished(folder, start(folder, slurm, "--profile", "profiles/cluster-generic", *ONE_SHARD_A_JOB,
                           "--", "results/tables/comparisons.parquet"))  # fmt: skip
    assert contents(folder) == local
    assert said(folder).count("external jobid") >= 2


def test_with_accounting_the_plugin_may_ask_sacct(local, tmp_path):
    folder = workflow(tmp_path / "accounting")
    (folder / "signs/released").touch()
    with cluster("--accounting") as env:
        finished(folder, start(folder, env, "--profile", "profiles/slurm", *IMPATIENT,
                               "--slurm-status-command", "sacct", "results/tables/comparisons.parquet"))  # fmt: skip
    assert contents(folder) == local
    assert "submitted with SLURM jobid" in said(folder)


def test_one_job_may_run_the_whole_study_on_its_node(slurm, local, tmp_path):
    folder = workflow(tmp_path / "node")
    (folder / "signs/released").touch()
    command = f"{SNAKEMAKE} --cores $SLURM_CPUS_ON_NODE --configfile study.yaml -- results/tables/comparisons.parquet"
    done = subprocess.run(
        ["sbatch", "--wait", "--nodes=1", "--exclusive", "--time=10", "--mem=2000", "--wrap", command],
        cwd=folder, env=slurm, capture_output=True, text=True, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + "".join(path.read_text() for path in folder.glob("slurm-*.out"))
    assert contents(folder) == local


def test_a_slurm_does_not_outlive_a_killed_test_run(slurm):
    """Asks for `slurm` only to be left out where no Slurm can be had."""
    program = (
        "import time; from cluster.conftest import cluster\n"
        "with cluster() as env: print(env['SLURM_CONF'], flush=True); time.sleep(600)"
    )
    with subprocess.Popen(
        [sys.executable, "-c", program], cwd=ROOT / "tests", stdout=subprocess.PIPE, text=True
    ) as run:
        folder = Path(run.stdout.readline().strip()).parent
        daemons = [int((folder / name).read_text()) for name in ("slurmctld.pid", "slurmd.pid", "munge/pid")]
        assert all(Path(f"/proc/{pid}").exists() for pid in daemons)
        run.kill()
    until(lambda: not folder.exists(), "its folder is gone", seconds=60)
    until(lambda: not any(alive(pid) for pid in daemons), "its daemons have ended", seconds=60)


def alive(pid):
    """Whether a process runs; one that ended and that nobody has waited for does not."""
    try:
        return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False
