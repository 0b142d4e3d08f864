"""What a cluster costs: the quick study locally and through a Slurm on this machine: python benchmarks/cluster.py [ROUNDS]

The study runs up to its table of runs; statistics, figures and report are the same work either way.

Needs root (see tests/cluster/up.sh). Each way of running is tried ROUNDS times, in turn, so that a machine that others
use slows all of them alike. Prints a row a way: train jobs and submissions of all rules, submissions for 1,000 runs,
median wall seconds and the median ratio to the local run of the same round. With 0 rounds it prints only how many jobs
of `train` the default study makes.
"""

import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import yaml

from initbench.study.grid import load_study
from initbench.study.jobs import jobs

ROOT = Path(__file__).parent.parent
QUICK = "workflow/studies/quick.yaml"
TARGET = "results/quick/tables/runs.parquet"
ROUNDS = int(sys.argv[1]) if len(sys.argv) > 1 else 3
SLURM = ["--profile", "profiles/slurm", "--slurm-init-seconds-before-status-checks", "2",
         "--max-status-checks-per-second", "1"]  # fmt: skip
GROUPS = ["--groups", "train=train", "--group-components", "train=8"]
WAYS = {
    "local, two cores": ["--cores", "2"],
    "minutes_per_job=2": SLURM,
    "minutes_per_job=2, groups of 8": [*SLURM, *GROUPS],
    "minutes_per_job=0.01": [*SLURM, "--config", "minutes_per_job=0.01"],
    "minutes_per_job=0.01, groups of 8": [*SLURM, "--config", "minutes_per_job=0.01", *GROUPS],
}


def run(way: str, env: dict) -> tuple[float, int, int]:
    """Wall seconds, submissions and train jobs of the quick study's training in a fresh folder."""
    with tempfile.TemporaryDirectory(dir="/tmp") as name:
        folder = Path(name)
        for part in ("workflow", "scripts", "profiles"):
            shutil.copytree(ROOT / part, folder / part)
        for part in ("Snakefile", "config.yaml"):
            shutil.copy(ROOT / part, folder)
        snakemake = str(Path(sys.executable).with_name("snakemake"))
        begun = time.monotonic()
        done = subprocess.run([snakemake, "--configfile", QUICK, *WAYS[way], "--", TARGET], cwd=folder, env=env, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)  # fmt: skip
        taken = time.monotonic() - begun
        if done.returncode:
            sys.exit(done.stdout[-4000:])
        submitted = len(re.findall(r"submitted with SLURM jobid", done.stdout))
        return taken, submitted, len(list(folder.glob("results/quick/jobs/*.json")))


def planned() -> None:
    """Print the train jobs of the default study by their length."""
    config = yaml.safe_load((ROOT / "config.yaml").read_text())
    print(
        "| minutes_per_job | train jobs | for 1,000 runs | runs a job | longest job, estimated seconds |\n|---|---|---|---|---|"
    )
    for minutes in (1e-6, 0.1, 0.5, 1, 2, 10):
        study = load_study(config | {"minutes_per_job": minutes})
        found = list(jobs(study))
        print(f"| {minutes:g} | {len(found)} | {1000 * len(found) / study.runs:.1f} | {study.runs / len(found):.0f} "
              f"| {max(job.seconds for job in found):.0f} |")  # fmt: skip


def main() -> None:
    """Bring a Slurm up, run all ways in turn, print the table, take it down."""
    runs = load_study(yaml.safe_load((ROOT / QUICK).read_text())).runs
    folder = Path(tempfile.mkdtemp(prefix="initbench-slurm-", dir="/tmp"))
    try:
        subprocess.run([ROOT / "tests/cluster/up.sh", folder, "8"], check=True)
        path = f"{folder / 'bin'}:{os.environ['PATH']}:/usr/sbin"
        env = os.environ | {"SLURM_CONF": str(folder / "slurm.conf"), "PATH": path}
        found: dict[str, list] = {way: [] for way in WAYS}
        for _ in range(ROUNDS):
            for way in WAYS:
                found[way].append(run(way, env))
                print(way, *found[way][-1], file=sys.stderr, flush=True)
    finally:
        subprocess.run([ROOT / "tests/cluster/down.sh", folder], check=True)
    shutil.rmtree(folder)
    local = [taken for taken, *_ in next(iter(found.values()))]
    print(f"{runs} runs\n\n| | train jobs | submissions | for 1,000 runs | wall seconds | against local |")
    print("|---|---|---|---|---|---|")
    for way, rows in found.items():
        taken = [row[0] for row in rows]
        ratio = statistics.median(a / b for a, b in zip(taken, local, strict=True))
        _, submitted, train = rows[0]
        print(f"| {way} | {train} | {submitted} | {1000 * submitted / runs:.0f} "
              f"| {statistics.median(taken):.0f} | {ratio:.1f} |")  # fmt: skip


if __name__ == "__main__":
    planned()
    if ROUNDS:
        main()
