"""What the workflow costs beside training: python benchmarks/pipeline.py [study.yaml]

Runs a study (config.yaml by default) from nothing, in results/benchmark, on two cores; then again with nothing to do;
then its figures and page alone; and times how long a training job takes to start. Writes benchmarks/results/pipeline.json.
"""

import os

os.environ["OPENBLAS_NUM_THREADS"] = "1"

import argparse
import resource
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import machine
import yaml

from initbench import load_study
from workflow import ROOT, jobs, run, timing, timings

CORES = 2
# What the script of a training job does up to its first update: Snakemake's own preamble, then the engine.
START = """
import numpy as np
from snakemake import script
import initbench.base.log, initbench.tables.shards, initbench.engine.training
from initbench.architectures import build
from initbench.engine.ensemble import Ensemble
from initbench.optimizers import build as build_optimizer

network = build("mlp", (8,), 2, 16, 2, "tanh", "none")
ensemble = Ensemble(network, build_optimizer("sgd", {}), np.ones((1, network.size)), np.array([[0.1]]), 64, "float32")
batch, targets = (np.ones((len(ensemble.flat), 64, n), np.float32) for n in (8, 2))
ensemble.update(1, batch, targets)
"""
REPEATS = 9


def processor_seconds() -> float:
    """Of all processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def start_seconds() -> list[float]:
    """Processor seconds up to after the first update of a small network; machine code is there already."""
    taken = []
    for _ in range(REPEATS):
        used = processor_seconds()
        subprocess.run([sys.executable, "-c", START], check=True)
        taken.append(processor_seconds() - used)
    return taken


def measured_run(path: Path) -> tuple[float, float, str]:
    """(seconds, seconds of a processor, output) of Snakemake on a study."""
    before = processor_seconds()
    wall, output = run(path, cores=CORES)
    return wall, processor_seconds() - before, output


def measure(study: dict, folder: Path) -> dict:
    """The figures of one study, its results in `folder`, which is emptied first."""
    shutil.rmtree(ROOT / folder, ignore_errors=True)
    path = ROOT / "results" / "benchmark.yaml"
    path.write_text(yaml.safe_dump(study | {"results_dir": str(folder)}))
    try:
        wall, output = run(path, cores=CORES)
        training = sum(job["seconds"] for job in timings(ROOT / folder / "timings" / "train"))
        collected = timing(ROOT / folder / "timings" / "collect.tsv")["seconds"]
        nothing, planning, _ = measured_run(path)
        for name in ("figures", "report"):
            shutil.rmtree(ROOT / folder / name)
        figures, drawing, redrawn = measured_run(path)
    finally:
        path.unlink()
    return {
        "runs": load_study(study).runs,
        "jobs": jobs(output),
        "wall_seconds": wall,
        "training_seconds": training,
        "collect_seconds": collected,
        "wall_over_training": wall / (training / CORES),
        "nothing_to_do_seconds": nothing,
        "figures_seconds": figures,
        "figures_processor_seconds": drawing - planning,
        "figures": jobs(redrawn).get("figure", 0),
        "start_seconds": statistics.median(start_seconds()),
    }


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("study", nargs="?", default=ROOT / "config.yaml", type=Path)
    study = yaml.safe_load(parser.parse_args().study.read_text(encoding="utf-8"))
    found = measure(study, Path("results/benchmark"))
    print(f"wall time / (training time / {CORES}): {found['wall_over_training']:.2f} (at most 1.25)")
    print(f"nothing to do: {found['nothing_to_do_seconds']:.1f} s (at most 5)")
    print(
        f"{found['figures']} figures and the page: {found['figures_processor_seconds']:.1f} s of a processor (at most 10)"
    )
    print(f"the same on {CORES} cores, with planning: {found['figures_seconds']:.1f} s")
    print(f"start of a training job: {found['start_seconds']:.2f} s (at most 0.35)")
    machine.write("pipeline", found)


if __name__ == "__main__":
    main()
