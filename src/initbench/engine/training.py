"""Training the runs of a shard as stacked ensembles.

Runs are trained in ensembles of a few members, as many as fit the processor's cache. Nothing in a run's numbers depends on the
ensemble it is in. A *start* is a seed of a cell: all its learning rates begin from one draw.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from threadpoolctl import threadpool_limits

from initbench.base.chunks import chunks
from initbench.datasets.splits import SeedData, Splits
from initbench.engine.record import Record, concatenated
from initbench.engine.recording import train_ensemble
from initbench.engine.start import draw_parameters, products_for, rate_factors_of, start_record
from initbench.network.layer import Network
from initbench.network.products import Products
from initbench.probes.batch import ProbeBatch, measure_networks, measured_together
from initbench.study.cells import Cell, Training

# Bytes that the arrays of one ensemble may take: a part of a third-level cache. With fewer members the calls
# of each layer weigh more, with more the arrays of wide layers leave the cache.
ENSEMBLE_BYTES = 12_000_000

Progress = Callable[[int, int], None]


def train_shard(cell: Cell, seeds: Sequence[int], training: Training, splits: Splits, progress=None) -> Record:
    """Train every (seed, learning rate) of a cell and measure it at the recorded steps.

    `progress(done, total)` is called with counts of runs. BLAS is held to one thread meanwhile: with more, the
    products' rounding, and so the results, would depend on their number.
    """
    rates = tuple(training.learning_rates) if training.steps else ()
    return train_starts([Start(cell, seed, rates) for seed in seeds], training, splits, progress)[cell]


@dataclass(frozen=True)
class Start:
    """A seed of a cell, and the learning rates that it is trained at: none if it is measured only."""

    cell: Cell
    seed: int
    rates: tuple[float, ...]


def train_starts(
    starts: Sequence[Start], training: Training, splits: Splits, progress: Progress | None = None
) -> dict[Cell, Record]:
    """Train each start at its own learning rates, all runs stacked together: the record of each cell, sorted by seed.

    Cells with few runs each are trained faster so; a run's numbers are the same. `training.learning_rates` are not looked
    at. Raises ValueError if the cells differ in more than their schemes, or starts in how many learning rates they have.
    """
    if len({start.cell.shape_slug for start in starts}) != 1:
        raise ValueError("cells that are trained together must differ in their schemes only")
    if len({len(start.rates) for start in starts}) != 1:
        raise ValueError("starts that are trained together must have equally many learning rates")
    starts = sorted(starts, key=lambda start: start.seed)  # those which share their data are neighbours
    work, rates = Work.of(starts, training, splits), max(1, len(starts[0].rates))
    done, records = 0, []
    with threadpool_limits(limits=1, user_api="blas"):
        for together in chunks(starts, measured_together(work.network, np.float64)):
            records.append(_record(work, together))
            done += len(together)
            if progress:
                progress(done * rates, len(starts) * rates)
    whole, of_cell = concatenated(records), {}
    for k, start in enumerate(starts):
        of_cell.setdefault(start.cell, []).extend(range(k * rates, (k + 1) * rates))
    return {cell: whole.rows(np.array(runs)) for cell, runs in of_cell.items()}


@dataclass(frozen=True)
class Work:
    """What the starts of some cells have in common."""

    network: Network
    cell: Cell
    training: Training
    seeds: list[int]
    data: list[SeedData]
    batch: ProbeBatch

    @classmethod
    def of(cls, starts: Sequence[Start], training: Training, splits: Splits) -> "Work":
        """Prepare the data and the probe batches of the starts' seeds."""
        cell, seeds = starts[0].cell, list(dict.fromkeys(start.seed for start in starts))
        data = [splits.of(seed) for seed in seeds]
        network = cell.build(splits.features.shape[1], len(splits.classes))
        return cls(network, cell, training, seeds, data, ProbeBatch.of(data, seeds, training.study_seed))

    def of_starts(self, starts: Sequence[Start]) -> tuple[list[SeedData], list[int], ProbeBatch]:
        """The data, the seeds and the probe batches of starts."""
        seeds = [start.seed for start in starts]
        positions = [self.seeds.index(seed) for seed in seeds]
        return [self.data[k] for k in positions], seeds, self.batch.at(np.array(positions))


def _record(work: Work, starts: list[Start]) -> Record:
    """Draw starts, measure them, and train each at its learning rates."""
    _, seeds, batch = work.of_starts(starts)
    flat = np.stack([
        draw_parameters(start.cell, work.network, seed, work.training, inputs)
        for start, seed, inputs in zip(starts, seeds, batch.inputs, strict=True)
    ])  # fmt: skip
    needed = [products_for(work.network, work.training, row) for row in flat]
    records, order = [], []
    for products in dict.fromkeys(needed):
        alike = [k for k, own in enumerate(needed) if own is products]
        records.append(_measured(work, [starts[k] for k in alike], flat[alike], products))
        order += alike
    runs = np.arange(sum(len(record.runs) for record in records)).reshape(len(starts), -1)
    return concatenated(records).rows(runs[np.argsort(order)].ravel())


def _measured(work: Work, starts: list[Start], flat: np.ndarray, products: Products) -> Record:
    """The record of starts that need the same products."""
    data, seeds, batch = work.of_starts(starts)
    measured = measure_networks(work.network, [flat], batch, work.training.saturation, products=products)
    if work.training.steps == 0:
        return start_record(data, seeds, measured)
    return concatenated(list(_trained(work, starts, flat, measured, products)))


def _trained(work: Work, starts, flat, measured, products: Products) -> Iterator[Record]:
    """The records of starts in training, ensemble by ensemble."""
    rates = np.array([start.rates for start in starts])
    for rows in ensembles(work.network, work.training, len(starts), len(work.data[0].train_labels), rates.shape[1]):
        data, seeds, batch = work.of_starts([starts[k] for k in rows])
        at_start = tuple({name: values[rows] for name, values in part.items()} for part in measured)
        factors = rate_factors_of([starts[k].cell for k in rows], work.network)
        yield train_ensemble(
            work.cell,
            work.network,
            work.training,
            data,
            seeds,
            rates[rows],
            flat[rows],
            batch,
            at_start,
            products,
            factors,
        )


def ensembles(network: Network, training: Training, starts: int, samples: int, rates: int) -> list[np.ndarray]:
    """The starts that are trained together: as many as the cache holds, each with so many learning rates.

    samples: of the training split, which is the batch in full-batch gradient descent.
    """
    batch = training.batch_size or samples
    floats = 2 * network.size + 2 * batch * network.hidden_units
    start_bytes = floats * np.dtype(training.dtype).itemsize * rates
    together = max(1, ENSEMBLE_BYTES // start_bytes)
    return np.array_split(np.arange(starts), -(-starts // together))
