"""Seconds and peak memory of each table of the statistics, for many seeds: python benchmarks/summaries.py [RUNS]

The study is that of `scale.py` with five cells and many seeds; each table is computed in a process of its own. With 100,000
runs (the default) leaving each seed out once takes some ten minutes.
"""

import subprocess
import sys

import yaml
from scale import study

from initbench.analyses.summaries import SUMMARIES
from workflow import ROOT, run

FOLDER = "results/benchmark-summaries"
ONE = """
import resource, sys, time
from pathlib import Path
import pandas as pd
from initbench.claims import judge
from initbench.claims.measures import load
from initbench.analyses.summaries import SUMMARIES

name, reference, tables = sys.argv[1], sys.argv[2], {path.stem: str(path) for path in Path(sys.argv[3]).glob("*.parquet")}
begun = time.perf_counter()
if name == "claims":
    judge(load(tables))
else:
    SUMMARIES[name].function(pd.read_parquet(tables["runs"]), reference, 0.01)
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
print(f"{name:22s}{time.perf_counter() - begun:8.1f} s {peak:8.0f} MB", flush=True)
"""


def main() -> None:
    """Train the study up to its table of runs, then measure every table."""
    runs = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    described = study("seeds", runs) | {"results_dir": FOLDER}
    path = ROOT / "results" / "benchmark-summaries.yaml"
    path.write_text(yaml.safe_dump(described))
    tables = f"{FOLDER}/tables"
    run(path, f"{tables}/runs.parquet")
    for name in ("claims", *SUMMARIES):
        subprocess.run([sys.executable, "-c", ONE, name, described["reference"], ROOT / tables], check=True)


if __name__ == "__main__":
    main()
