"""Measure the phase diagram that one figure shows."""

import numpy as np

from initbench.analyses import phase_diagram as phase
from initbench.base.files import write_atomically
from initbench.base.log import logged


def main(phase_path, study_seed):
    plane = phase.DEFAULT
    found = {"measured": phase.measure(plane, study_seed), "predicted": phase.predict(plane)}
    with write_atomically(phase_path) as partial, open(partial, "wb") as file:
        np.savez(file, **found, **vars(plane))


if "snakemake" in globals():
    with logged(snakemake.log[0], "phase diagram"):
        main(snakemake.output.phase, snakemake.params.study_seed)
