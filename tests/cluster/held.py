"""A scheme that waits for a file beside it, so that a fault finds its job at work: no guessing of times."""

import os
import time
from pathlib import Path

import numpy as np
from threadpoolctl import threadpool_info

from initbench.schemes import scheme

SIGNS = Path(__file__).parent / "signs"  # in a folder of their own: files that this text names would count as its code
FEATURES = 64  # of the digits
DEADLINE = 240  # seconds; a test that broke must not leave jobs behind


@scheme("held")
def held(rng, fan_in, fan_out):
    """W ~ N(0, 1 / fan_in), once `released` exists; meanwhile it holds as many megabytes as `ballast` says.

    Only the first layer on the digits waits, not the trial draws that check a study in every Snakemake process.
    """
    if fan_in == FEATURES:
        wait_for_release()
    return rng.normal(0, fan_in**-0.5, (fan_in, fan_out))


def wait_for_release():
    """Say that the job has come here, with how many threads, and stay until `released` exists."""
    pools = [pool["num_threads"] for pool in threadpool_info() if pool["user_api"] == "blas"]
    print(f"threads: {os.environ.get('OPENBLAS_NUM_THREADS')} {pools}", flush=True)
    (SIGNS / f"started-{os.environ.get('SLURM_JOB_ID', 'local')}").touch()
    ballast = SIGNS / "ballast"
    weight = np.ones((int(ballast.read_text()), 2**17)) if ballast.exists() else None
    deadline = time.monotonic() + DEADLINE
    while not (SIGNS / "released").exists():
        if time.monotonic() > deadline:
            raise TimeoutError("nobody released the held scheme")
        time.sleep(0.05)
    del weight
