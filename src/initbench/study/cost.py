"""About how long things take on one core, and how much disk: what sizes a job, never what a result depends on.

Seconds of training are FILE + Σ_k COEFFICIENTS[k] × amounts[k], fitted by `python benchmarks/cost_model.py`. They are those of a machine
on which `work` of study/speed.py takes REFERENCE; how much faster this one is, is measured there.
"""

import math
from functools import lru_cache
from typing import NamedTuple

from initbench.activations import ACTIVATIONS
from initbench.architectures import build
from initbench.base.registry import home_of
from initbench.network.layer import Network
from initbench.study.cells import Cell, Shard, Training


class DataShape(NamedTuple):
    """Rows, features and classes of a data set."""

    rows: int
    features: int
    classes: int


DIGITS = DataShape(1797, 64, 10)  # what a data set is taken for whose shape nobody knows
SHAPES = {
    "digits": DIGITS,
    "absolute_value": DataShape(500, 1, 10),
    "breast_cancer": DataShape(569, 30, 2),
    "noise": DataShape(500, 256, 10),
    "spirals": DataShape(1000, 2, 2),
    "wine": DataShape(178, 13, 3),
}  # of the package's own data sets, which need not be loaded to be known
COPIES = ("zeros", "constant")  # schemes that draw equal units
PLAIN = "sgd"  # the optimiser that keeps one number for a parameter; others keep two
OWN, SLOW = "initbench.activations.", "rectifying"  # the package's activations, and the slowest family of them
ROW = 8  # units that normalising a sample of a layer costs, whatever the width
TRAINED, SEEN = 0.6, 0.8  # parts of a data set that are trained on, and evaluated at each record
COEFFICIENTS = {
    "start": 0.00015,
    "start_params": 3.4e-08,
    "start_units": 5.8e-06,
    "step_patches": 5.3e-09,
    "step_inputs": 3.5e-09,
    "step_units": 1.8e-09,
    "step_layer": 8.4e-09,
    "seen_patches": 1.1e-09,
    "seen_inputs": 1e-09,
    "seen_units": 3.9e-09,
    "seen_piecewise_linear": 3.2e-10,
    "seen_layer": 5.9e-09,
    "step": 8e-06,
    "step_params": 2.1e-09,
    "step_moments": 4.8e-10,
    "record": 5.9e-05,
    "record_params": 4.3e-08,
    "data": 1.5e-08,
    "step_saturating": 4.3e-09,
    "step_copies": 8.8e-11,
    "seen_copies": 1.3e-11,
    "step_batch": 6.2e-10,
    "seen_batch": 1.4e-09,
    "step_rectifying": 2.4e-08,
    "seen_rectifying": 1.3e-08,
}
FILE = 0.015  # seconds to begin a shard's runs and to write its file
JOB = 1.3  # seconds for which a job's processes start and end
PLANNING = 6.5, 0.01  # seconds to plan a study, and for each job
STAGES = {  # seconds of one core, and more of them for each thousand rows of the table `layers`; the first for each file of splits
    "prepare": (2.2, 0.0),
    "choose": (1.0, 0.0),
    "collect": (1.5, 0.008),
    "analyse": (15.5, 0.06),
    "judge": (4.5, 0.008),
    "plot": (21.0, 0.01),
    "report": (6.5, 0.012),
}
SHARD_BYTES, RUN_BYTES, ROW_BYTES, COPIED_ROW_BYTES = (
    26_000,
    700,
    170,
    10,
)  # of shards: a row of units alike has few numbers
TABLE_ROW_BYTES, PAGE_BYTES = 135, 12_000_000  # of `layers`, which is nearly all of the tables; of figures and page


def seconds(shard: Shard, shape: DataShape = DIGITS) -> float:
    """Estimated seconds of one core."""
    return FILE + sum(COEFFICIENTS.get(name, 0.0) * amount for name, amount in amounts(shard, shape).items())


def amounts(shard: Shard, shape: DataShape = DIGITS) -> dict[str, float]:
    """How much of each kind of work a shard is: by layers, and by products, units and parameters of its network."""
    size, units, layers, products, patches = _network(shard.cell, shape)
    training, starts = shard.training, len(shard.seeds)
    found: dict[str, float] = {"start": starts * layers, "start_params": starts * size, "start_units": starts * units}
    if not training.steps:
        return found
    passed = shard.runs * training.steps * (training.batch_size or TRAINED * shape.rows)
    seen = shape.rows * (shard.runs * (records(training) * SEEN + 1 - SEEN) + starts * SEEN)
    for stage, samples in (("step", passed), ("seen", seen)):
        found[f"{stage}_{'copies' if _of_copies(shard.cell.scheme) else 'products'}"] = samples * products
        found[f"{stage}_patches"] = samples * patches
        found[f"{stage}_inputs"] = samples * shape.features
        found |= {f"{stage}_{what}": samples * units for what in ("units", _family(shard.cell.activation))}
        if shard.cell.normalization != "none":
            found[f"{stage}_{shard.cell.normalization}"] = samples * (units + ROW * (layers - 1))
    return found | {
        "step": shard.runs * training.steps * layers,
        "step_params": shard.runs * training.steps * size,
        "step_moments": shard.runs * training.steps * size * (shard.cell.optimizer.partition("(")[0] != PLAIN),
        "record": shard.runs * records(training) * layers,
        "record_params": shard.runs * records(training) * size,
        "data": starts * shape.rows * shape.features,
    }


def records(training: Training) -> int:
    """Recorded steps after step 0."""
    return len(recorded(training.steps, training.records))


@lru_cache(maxsize=64)
def recorded(steps: int, records: int) -> tuple[int, ...]:
    """The log-spaced steps after step 0 at which runs are measured, without repetition."""
    if not steps:
        return ()
    return tuple(sorted({round(steps ** (k / max(records - 1, 1))) for k in range(records)}))


def layer_rows(shard: Shard) -> int:
    """Rows that a shard's runs have in the table `layers`: a row a layer of a run at a recorded step, and of a start at step 0."""
    return (shard.runs * records(shard.training) + len(shard.seeds)) * (shard.cell.depth + 1)


def shard_bytes(shard: Shard) -> float:
    """About the size of a shard's file."""
    row = COPIED_ROW_BYTES if _of_copies(shard.cell.scheme) else ROW_BYTES
    return (
        SHARD_BYTES + RUN_BYTES * shard.runs + row * shard.runs * (records(shard.training) + 1) * (shard.cell.depth + 1)
    )


def _network(cell: Cell, shape: DataShape) -> tuple[int, ...]:
    """What a cell's network has of what costs time: see `_counts`; a deep one's from shallow ones, as its layers are alike."""
    return _sizes(cell.architecture, cell.width, cell.depth, cell.activation, cell.normalization, shape)


@lru_cache(maxsize=4096)
def _sizes(
    architecture: str, width: int, depth: int, activation: str, normalization: str, shape: DataShape
) -> tuple[int, ...]:
    few = [
        build(architecture, (shape.features,), shape.classes, width, d, activation, normalization)
        for d in (min(depth, 2), min(depth, 3))
    ]
    more = max(0, depth - 2)
    return tuple(a + more * (b - a) for a, b in zip(*map(_counts, few), strict=True))


def _counts(network: Network) -> tuple[int, ...]:
    """Parameters, hidden units, linear maps, products of a parameter with a number, and numbers gathered for convolutions."""
    of_layers = list(zip(network.weights, network.shapes[1:], strict=True))
    products = sum(weight.size * math.prod(shape[:-1]) for weights, shape in of_layers for weight in weights)
    seen = ((at.weight, network.shapes[at.linear + 1]) for at in network.maps)
    patches = sum(weight.fan_in * math.prod(shape[:-1]) for weight, shape in seen if weight.receptive_field > 1)
    return network.size, network.hidden_units, len(network.maps), products, patches


def _of_copies(scheme: str) -> bool:
    """Whether a scheme draws equal units, which take slower products."""
    return scheme.partition("(")[0] in COPIES


@lru_cache(maxsize=64)
def _family(activation: str) -> str:
    """The module that an activation is from: those of one cost alike; one of a user's own is taken for a slow one."""
    home = home_of(ACTIVATIONS[activation]) or ""
    return home.removeprefix(OWN) if home.startswith(OWN) else SLOW
