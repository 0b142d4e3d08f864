"""Running Snakemake on a study, timed, for the benchmarks of the pipeline."""

import csv
import re
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
SNAKEMAKE = str(Path(sys.executable).with_name("snakemake"))


def run(configfile, *arguments: str, cores: int = 2) -> tuple[float, str]:
    """(seconds, output) of Snakemake on a study; raises CalledProcessError, with its output, if it fails."""
    start = time.perf_counter()
    done = subprocess.run(
        [SNAKEMAKE, *arguments, "--cores", str(cores), "--configfile", str(configfile)],
        cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=True,
    )  # fmt: skip
    return time.perf_counter() - start, done.stdout


def jobs(output: str) -> dict[str, int]:
    """Jobs by rule, as Snakemake lists them before it starts."""
    return {rule: int(count) for rule, count in re.findall(r"^(\w+) +(\d+)$", output, re.M) if rule != "total"}


def timing(path: Path) -> dict[str, float]:
    """What Snakemake measured of a job: seconds, and peak memory in MB."""
    row = next(csv.DictReader(path.open(), delimiter="\t"))
    # a job that ends before its memory was looked at has none
    return {"seconds": float(row["s"]), "megabytes": float(row["max_rss"].replace("NA", "nan"))}


def timings(folder: Path) -> list[dict[str, float]]:
    """That of all jobs whose timings are in a folder."""
    return [timing(path) for path in sorted(folder.rglob("*.tsv"))]
