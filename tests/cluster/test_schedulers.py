"""Other ways to submit and to ask: a submit command alone, and a Slurm with accounting."""

import pytest

from .conftest import IMPATIENT, ONE_SHARD_A_JOB, cluster, contents, finished, start, workflow

pytestmark = pytest.mark.cluster


def test_another_scheduler_through_its_submit_command(slurm, local, tmp_path):
    folder = workflow(tmp_path / "generic")
    (folder / "released").touch()
    finished(folder, start(folder, slurm, "--profile", "profiles/cluster-generic", *ONE_SHARD_A_JOB,
                           "--", "results/tables/comparisons.parquet"))  # fmt: skip
    assert contents(folder) == local
    assert (folder / "snakemake.out").read_text().count("external jobid") >= 2


def test_with_accounting_the_plugin_may_ask_sacct(local, tmp_path):
    folder = workflow(tmp_path / "accounting")
    (folder / "released").touch()
    with cluster("--accounting") as env:
        finished(folder, start(folder, env, "--profile", "profiles/slurm", *IMPATIENT,
                               "--slurm-status-command", "sacct", "results/tables/comparisons.parquet"))  # fmt: skip
    assert contents(folder) == local
    assert "submitted with SLURM jobid" in (folder / "snakemake.out").read_text()
