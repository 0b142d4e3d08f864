"""The quick study, run in the repository itself: results/quick. One process of the tests at a time runs it, or finds it made."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent


def made() -> Path:
    """Run what is out of date of the quick study; the folder of its results."""
    (ROOT / "results").mkdir(exist_ok=True)
    with open(ROOT / "results/quick.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = snakemake("--cores", str(os.cpu_count()))
    assert done.returncode == 0, done.stderr
    return ROOT / "results/quick"


def snakemake(*arguments: str):
    """Run Snakemake on the quick study."""
    return subprocess.run(
        [Path(sys.executable).with_name("snakemake"), "--configfile", "workflow/studies/quick.yaml", *arguments],
        cwd=ROOT, capture_output=True, text=True, timeout=1200,
    )  # fmt: skip
