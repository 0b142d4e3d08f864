"""Computers that share no file system: a storage plugin carries the files, every job runs in a folder of its own."""

import importlib.util
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from test_pipeline import ROOT, hashes, ok, planned, snakemake

pytestmark = [
    pytest.mark.pipeline,
    pytest.mark.skipif(
        importlib.util.find_spec("snakemake_storage_plugin_fs") is None or shutil.which("rsync") is None,
        reason="needs snakemake-storage-plugin-fs and rsync",
    ),
]
STUDY = {
    "depths": [1], "widths": [8], "activations": ["tanh"], "schemes": ["zeros", "xavier_tanh"], "seeds": 2,
    "learning_rates": [0.1, 0.3], "training": {"steps": 3, "records": 2}, "initial": [],
}  # fmt: skip
CHECKOUT = ("Snakefile", "config.yaml", "workflow", "scripts", "profiles")
SUBMIT = """#!/bin/bash
# Runs a job on "another computer": in a folder of its own, with a checkout of its own.
script=$(readlink -f "${@: -1}")
folder=$(mktemp -d FOLDER/job-XXXXXX)
cp -r Snakefile config.yaml study.yaml workflow scripts profiles "$folder"
cp "$script" "$folder/job.sh"
(cd "$folder" && setsid bash -c 'bash job.sh > out.log 2>&1; echo $? > code.new; mv code.new code' > /dev/null 2>&1 < /dev/null &)
echo "$folder"
"""
STATUS = """#!/bin/bash
if [ ! -e "$1/code" ]; then echo running; elif [ "$(cat "$1/code")" = 0 ]; then echo success; else echo failed; fi
"""


@pytest.fixture
def checkout(tmp_path):
    """Makes a checkout of the workflow with a study."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        for part in CHECKOUT:
            (shutil.copytree if (ROOT / part).is_dir() else shutil.copy)(ROOT / part, folder / part)
        return folder

    return make


@pytest.fixture
def carried(checkout, tmp_path):
    """Runs the study's table of runs with jobs in folders of their own, and results in a storage."""
    here, others = checkout("here"), tmp_path / "others"
    others.mkdir()
    for name, text in (("submit", SUBMIT.replace("FOLDER", str(others))), ("status", STATUS)):
        (here / name).write_text(text)
        (here / name).chmod(0o755)

    def run(config, *arguments):
        (here / "study.yaml").write_text(yaml.safe_dump(config))
        programs = str(Path(sys.executable).parent)
        return subprocess.run(
            [Path(programs) / "snakemake", "--configfile", "study.yaml", "--jobs", "2", "--executor", "cluster-generic",
             "--cluster-generic-submit-cmd", "./submit", "--cluster-generic-status-cmd", "./status",
             "--seconds-between-status-checks", "1", "--default-storage-provider", "fs",
             "--default-storage-prefix", str(tmp_path / "store"), "--shared-fs-usage", "none",
             "--rerun-triggers", "mtime", "params", "input", *arguments, "--", "results/tables/runs.parquet"],
            cwd=here, env=os.environ | {"PATH": f"{programs}:{os.environ['PATH']}"},
            capture_output=True, text=True, check=False, timeout=400,
        )  # fmt: skip

    return run


def test_jobs_that_share_no_files_make_the_same_tables(carried, checkout, tmp_path):
    ok(carried(STUDY))
    here = tmp_path / "here"
    mine = [file.relative_to(here).as_posix() for file in (here / "results").rglob("*") if file.is_file()]
    assert mine == ["results/timings/run.json"], (
        "what initbench status reads where the run was begun, and no job's file"
    )
    assert len(list((tmp_path / "others").iterdir())) == 3, "tuning, scoring and collecting"
    again = carried(STUDY, "-n")
    assert "Nothing to be done" in again.stdout + again.stderr
    assert planned(carried(STUDY | {"training": {"steps": 4, "records": 2}}, "-n"))["train"] == 2
    shared = checkout("shared")
    ok(snakemake(shared, STUDY, "results/tables/runs.parquet"))
    assert hashes(shared) == hashes(tmp_path / "store")
