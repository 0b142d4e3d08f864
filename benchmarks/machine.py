"""What a measurement was made on, and where results are written."""

import json
import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

RESULTS = Path(__file__).parent / "results"


def machine() -> dict:
    """Processor, the kernel that NumPy's BLAS chose, and versions."""
    kernels = [i.get("architecture", "") for i in threadpool_info() if "numpy" in i.get("filepath", "")]
    versions = {"python": platform.python_version()}
    for package in ("numpy", "scikit-learn", "torch", "jax"):
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            continue
    return {"processor": _processor(), "kernel": kernels[0] if kernels else "unknown", "versions": versions}


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        return next(line.split(":", 1)[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor() or platform.machine()


def write(name: str, result: dict) -> None:
    """Write benchmarks/results/<name>.json with the machine it was measured on."""
    RESULTS.mkdir(exist_ok=True)
    text = json.dumps({"machine": machine(), **result}, indent=1, default=float)
    (RESULTS / f"{name}.json").write_text(text + "\n")


def geometric_mean(values) -> float:
    """exp of the mean logarithm."""
    return float(np.exp(np.mean(np.log(values))))
