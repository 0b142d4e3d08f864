"""Training runs whose split, draw and batch order have seeds of their own.

A run's numbers are those that `training` gives for one seed where its three are equal.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

import numpy as np
from threadpoolctl import threadpool_limits

from initbench.base.chunks import chunks
from initbench.datasets.splits import Splits
from initbench.engine.record import Record, concatenated
from initbench.engine.recording import train_ensemble
from initbench.engine.start import draw_parameters, products_for, rate_factors_of
from initbench.engine.training import Start, Work, ensembles
from initbench.probes.batch import measure_networks, measured_together
from initbench.study.cells import Cell, Training

Levels = Callable[[int], tuple[int, int, int]]  # (split, draw, order) of a run by its number


def train_crossed(
    starts: Sequence[Start], training: Training, splits: Splits, levels: Levels, progress=None
) -> dict[Cell, Record]:
    """Train starts whose seed is the number of a run, as `train_starts` does: the record of each cell, sorted by run.

    `splits` holds the split of a run under the run's number. ValueError if nothing is trained.
    """
    if not training.steps:
        raise ValueError("runs with seeds of their own for split, draw and order are trained: steps is 0")
    starts = sorted(starts, key=lambda start: (levels(start.seed)[0], levels(start.seed)[2], start.seed))
    work = Work.of(starts, training, splits)
    records, order, rates = [], [], len(starts[0].rates)
    with threadpool_limits(limits=1, user_api="blas"):
        # neighbours of one order are given the same samples, so only runs on one split are trained together
        for _, alike in groupby(starts, key=lambda start: levels(start.seed)[0]):
            for together in chunks(alike, measured_together(work.network, np.float64)):
                for some, record in _trained(work, together, levels):
                    records.append(record)
                    order += some
                    if progress:
                        progress(len(order) * rates, len(starts) * rates)
    whole, of_cell = concatenated(records), {}
    for k in sorted(range(len(order)), key=lambda k: order[k].seed):
        of_cell.setdefault(order[k].cell, []).extend(range(k * rates, (k + 1) * rates))
    return {cell: whole.rows(np.array(runs)) for cell, runs in of_cell.items()}


def _trained(work: Work, starts: list[Start], levels: Levels) -> Iterator[tuple[list[Start], Record]]:
    """Starts on one split with their record, ensemble by ensemble: those together that need the same products."""
    data, seeds, batch = work.of_starts(starts)
    flat = np.stack([
        draw_parameters(start.cell, work.network, levels(start.seed)[1], work.training, inputs)
        for start, inputs in zip(starts, batch.inputs, strict=True)
    ])  # fmt: skip
    rates, needed = (
        np.array([start.rates for start in starts]),
        [products_for(work.network, work.training, row) for row in flat],
    )
    for products in dict.fromkeys(needed):
        alike = np.array([k for k, own in enumerate(needed) if own is products])
        measured = measure_networks(
            work.network, [flat[alike]], batch.at(alike), work.training.saturation, products=products
        )
        samples = len(data[0].train_labels)
        for rows in ensembles(work.network, work.training, len(alike), samples, rates.shape[1]):
            at, first = alike[rows], tuple({name: values[rows] for name, values in part.items()} for part in measured)
            orders = [levels(seeds[k])[2] for k in at]
            record = train_ensemble(
                work.cell, work.network, work.training, [data[k] for k in at], orders, rates[at], flat[at], batch.at(at), first,
                products, rate_factors_of([starts[k].cell for k in at], work.network),
            )  # fmt: skip
            runs = [(seeds[k], rate) for k in at for rate in rates[k].tolist()]
            yield [starts[k] for k in at], replace(record, runs=runs)
