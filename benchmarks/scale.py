"""How the cost of a run changes with the size of a study: python benchmarks/scale.py [1000 10000 100000]

Two kinds of studies of small networks, each in sizes that differ by tens: *seeds*, few cells with many seeds, and *cells*,
the hard case, one seed and one learning rate a cell. Each is run to its tables from nothing, on two cores. Writes
benchmarks/results/scale.json.
"""

import argparse
import resource
import shutil
from pathlib import Path

import machine
import numpy as np
import yaml

from workflow import ROOT, jobs, run, timing, timings

BASE = {
    "datasets": ["spirals"], "normalizations": ["none"], "initial": [], "reference": "xavier_tanh",
    "training": {"steps": 20, "records": 3, "batch_size": 32},
}  # fmt: skip
RANDOM = ["xavier_tanh", "he_normal", "lecun_normal", "small_normal", "orthogonal"]
FOLDER = Path("results/benchmark-scale")


def study(kind: str, runs: int) -> dict:
    """A study of so many runs: 5 cells × 2 rates × seeds, or 4 shapes × constants with one run each."""
    if kind == "seeds":
        return BASE | {
            "widths": [8], "depths": [1], "activations": ["tanh"], "schemes": RANDOM, "learning_rates": [0.1, 0.3],
            "tuning": "none", "seeds": runs // 10, "seeds_per_shard": 1000,
        }  # fmt: skip
    constants = [f"constant({value:.7g})" for value in np.geomspace(1e-4, 10, runs // 4 - 1)]
    return BASE | {
        "widths": [8, 12], "depths": [1, 2], "activations": ["tanh"],
        "schemes": ["xavier_tanh", *constants], "learning_rates": [0.1], "seeds": 1,
    }  # fmt: skip


def measure(kind: str, runs: int) -> dict:
    """Planning, jobs, wall time and the peak memory of each stage of one study."""
    shutil.rmtree(ROOT / FOLDER, ignore_errors=True)
    path = ROOT / "results" / "benchmark-scale.yaml"
    path.write_text(yaml.safe_dump(study(kind, runs) | {"results_dir": str(FOLDER)}))
    target = str(FOLDER / "tables" / "runs.parquet")
    try:
        planning, output = run(path, target, "-n")
        wall, _ = run(path, target)
        nothing, _ = run(path, target)
    finally:
        path.unlink()
    train = timings(ROOT / FOLDER / "timings" / "train")
    collect = timing(ROOT / FOLDER / "timings" / "collect.tsv")
    shutil.rmtree(ROOT / FOLDER)
    return {
        "kind": kind,
        "runs": runs,
        "jobs": jobs(output),
        "planning_seconds": planning,
        "wall_seconds": wall,
        "wall_per_run": wall / runs,
        "working_per_run": (wall - nothing) / runs,
        "nothing_to_do_seconds": nothing,
        "training_seconds": sum(job["seconds"] for job in train),
        "training_megabytes": float(np.nanmax([job["megabytes"] for job in train])),
        "collect_seconds": collect["seconds"],
        "collect_megabytes": collect["megabytes"],
        "largest_process_megabytes": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024,
    }


def main() -> None:
    """Measure every size of both kinds, print a table and what it says of a cluster, and write it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="*", type=int, default=[1000, 10_000, 100_000])
    found = []
    print("kind     runs  jobs  planning  wall s  ms a run  training MB  collect s  collect MB  nothing to do s")
    for kind in ("seeds", "cells"):
        for runs in parser.parse_args().runs:
            row = measure(kind, runs)
            found.append(row)
            print(
                f"{kind} {runs:8d} {row['jobs']['train']:5d} {row['planning_seconds']:8.1f}s {row['wall_seconds']:7.1f}"
                f" {1000 * row['wall_per_run']:9.2f} {row['training_megabytes']:12.0f} {row['collect_seconds']:10.1f}"
                f" {row['collect_megabytes']:11.0f} {row['nothing_to_do_seconds']:12.1f}", flush=True,
            )  # fmt: skip
    machine.write("scale", {"studies": found})


if __name__ == "__main__":
    main()
