"""Measure the phase diagram that one figure shows."""

import os

import numpy as np

from initbench import phase
from initbench.joblog import logged


def main(phase_path, study_seed):
    plane = phase.DEFAULT
    partial = f"{phase_path}.{os.getpid()}.partial.npz"
    np.savez(partial, measured=phase.measure(plane, study_seed), predicted=phase.predict(plane), **vars(plane))
    os.replace(partial, phase_path)


if "snakemake" in globals():
    with logged(snakemake.log[0], "phase diagram"):
        main(snakemake.output.phase, snakemake.params.study_seed)
