"""Seconds and peak memory of each table over the runs, for many seeds: python benchmarks/analyses.py [RUNS]

The study is that of `scale.py` with five cells and many seeds; each table is computed in a process of its own. With 100,000
runs (the default) leaving each seed out once takes some ten minutes.
"""

import subprocess
import sys

import yaml
from scale import study

from initbench.analyses import ANALYSES
from workflow import ROOT, run

FOLDER = "results/benchmark-analyses"
ONE = """
import resource, sys, time
from initbench.analyses import Settings
from initbench.analyses.making import compute
from initbench.tables.views import Tables

name, reference, runs = sys.argv[1:]
begun = time.perf_counter()
compute(name, Tables({"runs": runs}), Settings(reference))
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{name:22s}{time.perf_counter() - begun:8.1f} s {peak:8.0f} MB", flush=True)
"""


def main() -> None:
    """Train the study up to its table of runs, then measure every table made of it alone."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    described = study("seeds", runs) | {"results_dir": FOLDER}
    path = ROOT / "results" / "benchmark-analyses.yaml"
    path.write_text(yaml.safe_dump(described))
    table = f"{FOLDER}/tables/runs.parquet"
    run(path, table)
    for name in ANALYSES:
        if ANALYSES[name].reads == ("runs",):
            subprocess.run([sys.executable, "-c", ONE, name, described["reference"], ROOT / table], check=True)


if __name__ == "__main__":
    main()
