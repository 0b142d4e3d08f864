"""Starts: the parameters that a scheme draws for a seed of a cell, and what is measured of them without training."""

from collections.abc import Sequence

import numpy as np

from initbench.base.randomness import keyed
from initbench.datasets.splits import SeedData
from initbench.engine.evaluation import label_entropy
from initbench.engine.record import Columns, Record, at_start
from initbench.network.layer import Network, grouped, split
from initbench.network.memory import rounded
from initbench.network.products import BLAS, UNITWISE, Products, has_equal_units
from initbench.schemes.draw import calibrated, draw_network
from initbench.schemes.rates import array_factors
from initbench.study.cells import Cell, Training


def draw_parameters(cell: Cell, network: Network, seed: int, training: Training, batch: np.ndarray) -> np.ndarray:
    """One network's flat parameters (size,), float64: drawn, and calibrated on the probe batch if the scheme does that.

    Draws are keyed by (seed, layer, shape), so that one seed gives every scheme the same underlying numbers.
    """
    fans = [(at.weight.fan_in, at.weight.fan_out) for at in network.maps]
    rngs = [
        keyed(training.study_seed, "parameters", seed, layer, fan_in, fan_out)
        for layer, (fan_in, fan_out) in enumerate(fans, start=1)
    ]
    drawn = calibrated(cell.bound_scheme, network, draw_network(cell.bound_scheme, network, rngs), batch)
    return np.concatenate([array.ravel() for layer in drawn for array in layer])


def rate_factors_of(cells: Sequence[Cell], network: Network) -> np.ndarray | None:
    """By what the scheme of each cell multiplies the learning rate of each array, (cells, arrays); None where none does."""
    stated = {cell.scheme: array_factors(cell.bound_scheme, network, cell.optimizer) for cell in cells}
    known = [factors for factors in stated.values() if factors is not None]
    if not known:
        return None
    ones = np.ones_like(known[0])
    return np.stack([ones if (own := stated[cell.scheme]) is None else own for cell in cells])


def products_for(network: Network, training: Training, flat: np.ndarray) -> Products:
    """What the passes of a start (size,) must multiply with: UNITWISE if some hidden layer has two equal units.

    Units are equal if every number that was drawn for them is, in the precision of the training. What ends a residual branch
    is added to units of a layer before, which is looked at itself.
    """
    parameters = grouped(split(rounded(flat[None], training.dtype), network), network)
    for at, arrays in zip(network.maps[:-1], parameters[:-1], strict=True):
        if at.place.layer and at.place.on_stream:
            continue
        columns = np.concatenate([array.reshape(-1, at.weight.shape[-1]) for array in arrays])
        if has_equal_units(columns):
            return UNITWISE
    return BLAS


def start_record(data: Sequence[SeedData], seeds: Sequence[int], measured: tuple[Columns, Columns]) -> Record:
    """The record of starts that are not trained: measured = (layers, signal), losses and accuracies NaN.

    Nobody asks for the loss of a network that is not trained, and to evaluate it on whole splits would take a third of the time.
    """
    layers, signal = measured
    undefined = np.full(len(data), np.nan)
    history = {f"{part}_{what}": undefined for part in ("train", "valid") for what in ("loss", "accuracy")}
    final = {
        "test_loss": undefined,
        "test_accuracy": undefined,
        "diverged_step": np.full(len(data), -1),
        "label_entropy": np.array([label_entropy(splits) for splits in data]),
    }
    return at_start(seeds, history, signal, layers, final)
