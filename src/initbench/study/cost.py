"""About how long a shard takes to train, on one core: what sizes a job, never what a result depends on.

seconds = FILE + layers × Σ_k COEFFICIENTS[k] × amounts[k], fitted by `python benchmarks/cost_model.py` on one machine (two
cores of an AMD EPYC 9005, float32, digits, batches of 64). Other machines and data scale them all alike, more or less;
`minutes_per_job` is a wish.
"""

from initbench.study.cells import Shard

COEFFICIENTS = {
    "start": 0.00029,  # a seed measured at step 0
    "start_width": 1.1e-06,
    "start_width2": 7.2e-08,
    "step": 1.8e-06,  # an update of one run
    "step_width2": 4.2e-09,
    "record": 0.00012,  # a recorded step of one run
    "record_width2": 3.6e-08,
}
FILE = 3e-3  # seconds to write a shard's file
NORMALIZED = 1.15  # what normalisation multiplies updates and records by


def amounts(shard: Shard) -> dict[str, float]:
    """How many times a layer of the shard's network meets each kind of work, powers of the width included."""
    width, training = shard.cell.width, shard.training
    seeds = len(shard.seeds)
    found: dict[str, float] = {"start": seeds, "start_width": seeds * width, "start_width2": seeds * width**2}
    if training.steps:
        factor = NORMALIZED if shard.cell.normalization != "none" else 1.0
        runs = factor * shard.runs
        batch = (training.batch_size or 1024) / 64
        found |= {"step": runs * training.steps, "step_width2": runs * training.steps * batch * width**2}
        found |= {"record": runs * training.records, "record_width2": runs * training.records * width**2}
    return found


def seconds(shard: Shard) -> float:
    """Estimated seconds of one core."""
    layers = shard.cell.depth + 1
    return FILE + layers * sum(COEFFICIENTS[name] * amount for name, amount in amounts(shard).items())
