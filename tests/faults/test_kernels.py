"""Matrix kernels of several processors: numbers differ in their last digits, what a reader concludes does not."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from .faulty import counts

pytestmark = pytest.mark.faults
KERNELS = ("Haswell", "SkylakeX", "Sandybridge")


def concluded(kernel: str, folder: Path) -> dict | None:
    """Verdicts, conditions and best starts with a kernel; None where this processor lacks what it asks for."""
    script = Path(__file__).with_name("verdicts_on_this_kernel.py")
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, str(script), str(folder)], env=environment, capture_output=True, text=True)
    if done.returncode == -signal.SIGILL:
        return None
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    return None if kernel not in found.pop("kernels") else found


def test_verdicts_conditions_and_best_starts_are_the_same_with_every_kernel(tmp_path):
    found = {kernel: concluded(kernel, tmp_path / kernel) for kernel in KERNELS}
    known = {kernel: conclusions for kernel, conclusions in found.items() if conclusions}
    if len(known) < 2:
        pytest.skip("this processor or its library has one kernel alone")
    counts["kernels"] += len(known)
    first, *others = known.values()
    assert all(other == first for other in others)
