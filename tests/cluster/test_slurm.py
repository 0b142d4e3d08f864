"""The quick study through a real Slurm: the same bytes, with one thread a job."""

import os
import re

import pytest
import yaml

from initbench.study.grid import load_study
from initbench.study.jobs import jobs

from .conftest import IMPATIENT, QUICK, ROOT, contents, finished, said, start, workflow

pytestmark = pytest.mark.cluster


@pytest.fixture(scope="module")
def quick_local(tmp_path_factory):
    folder = workflow(tmp_path_factory.mktemp("quick_local"))
    finished(folder, start(folder, os.environ, "--cores", "2", study=QUICK), seconds=600)
    return contents(folder)


@pytest.fixture(scope="module")
def quick_on_slurm(slurm, tmp_path_factory):
    """The quick study from the login node, as a user would run it."""
    folder = workflow(tmp_path_factory.mktemp("quick_slurm"))
    finished(folder, start(folder, slurm, "--profile", "profiles/slurm", *IMPATIENT, study=QUICK), seconds=900)
    return folder


def test_slurm_gives_the_bytes_of_a_local_run(quick_on_slurm, quick_local):
    found = contents(quick_on_slurm)
    assert sorted(found) == sorted(quick_local)
    assert [name for name in quick_local if found[name] != quick_local[name]] == []
    assert (quick_on_slurm / "results/quick/report/index.html").exists()


def submitted(folder):
    """The rule of every job that was given to Slurm."""
    return re.findall(r"submitted with SLURM jobid \d+ \(log: \S*/rule_(\w+)/", said(folder))


def test_training_and_tables_are_jobs_and_small_pieces_stay_on_the_login_node(quick_on_slurm):
    rules = submitted(quick_on_slurm)
    assert {"train", "collect", "judge"} <= set(rules)
    assert any(rule.startswith("analyse_") for rule in rules)
    assert not [rule for rule in rules if rule.startswith(("figure", "plot", "prepare", "report"))]


def test_the_profile_makes_longer_jobs_than_the_study_asks_for(quick_on_slurm):
    config = yaml.safe_load((ROOT / QUICK).read_text())
    by_profile, by_study = (len(jobs(load_study(config | more))) for more in ({"minutes_per_job": 2}, {}))
    assert submitted(quick_on_slurm).count("train") == by_profile <= by_study


def test_every_training_job_on_a_node_uses_one_thread(quick_on_slurm):
    logs = list((quick_on_slurm / "results/quick/logs/train").glob("*.log"))
    assert len(logs) == submitted(quick_on_slurm).count("train")
    assert {log.read_text().splitlines()[0].rpartition(", ")[2] for log in logs} == {"BLAS threads: 1"}
