"""The same study through a real Slurm: the same bytes, with one thread a job."""

import re

import pytest

from .conftest import IMPATIENT, contents, finished, run_locally, start, workflow

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def local(tmp_path_factory):
    return run_locally(tmp_path_factory.mktemp("local"))


@pytest.fixture(scope="module")
def on_slurm(slurm, tmp_path_factory):
    """The study from the login node, as a user would run it."""
    folder = workflow(tmp_path_factory.mktemp("slurm"))
    (folder / "released").touch()
    finished(folder, start(folder, slurm, "--profile", "profiles/slurm", *IMPATIENT))
    return folder


def test_slurm_gives_the_bytes_of_a_local_run(on_slurm, local):
    found = contents(on_slurm)
    assert sorted(found) == sorted(local)
    assert [name for name in local if found[name] != local[name]] == []
    assert (on_slurm / "results/report/index.html").exists()


def test_training_and_tables_are_jobs_and_small_pieces_stay_on_the_login_node(on_slurm):
    output = (on_slurm / "snakemake.out").read_text()
    submitted = re.findall(r"submitted with SLURM jobid \d+ \(log: \S*/rule_(\w+)/", output)
    assert submitted.count("train") == 2
    assert not {"plot", "prepare_data", "report"} & set(submitted)


def test_a_job_on_a_node_uses_one_thread(on_slurm):
    logs = list((on_slurm / "results/logs/train").glob("*held*/*.log"))
    assert len(logs) == 1
    for log in logs:
        environment, pools = re.search(r"^threads: (\S+) \[(.*)\]$", log.read_text(), re.M).groups()
        assert environment == "1"
        assert set(pools.split(", ")) == {"1"}


def test_another_scheduler_through_its_submit_command(slurm, local, tmp_path):
    folder = workflow(tmp_path / "generic")
    (folder / "released").touch()
    finished(
        folder, start(folder, slurm, "--profile", "profiles/cluster-generic", "results/tables/comparisons.parquet")
    )
    tables = contents(folder)
    assert tables == {name: local[name] for name in tables}
    assert "results/tables/runs.parquet" in tables
    assert "external jobid" in (folder / "snakemake.out").read_text()
