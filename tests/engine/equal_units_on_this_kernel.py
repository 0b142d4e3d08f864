"""Trains networks of equal units in this process and says where units parted: run by test_equal_units under several kernels.

Prints JSON: the BLAS kernel in use, and the cells whose hidden units did not stay one bit pattern, or, of zeros under batch
normalisation, whose weights moved where exact arithmetic leaves them at zero.
"""

import itertools
import json

import numpy as np
from threadpoolctl import threadpool_info

from initbench.architectures import build
from initbench.engine.ensemble import Ensemble
from initbench.engine.start import draw_parameters, products_for
from initbench.network.layer import grouped, split
from initbench.optimizers import build as build_optimizer
from initbench.probes.batch import ProbeBatch, measure_networks
from initbench.study.cells import Cell, Training

WIDTHS = (10, 16, 50, 64, 100, 128)
ACTIVATIONS = ("sigmoid", "tanh", "relu", "gelu")
NORMALIZATIONS = ("none", "batch", "layer")
SCHEMES = ("zeros", "constant(0.1)", "constant(0.01,bias=0.1)")
DEPTH, FEATURES, CLASSES, SAMPLES, UPDATES = 2, 13, 3, 24, 300
TRAINING = Training(steps=UPDATES, learning_rates=(0.3,))


def trained(width: int, activation: str, normalization: str) -> tuple:
    """(network, ensemble of one member a scheme after the last update, a batch)."""
    network = build("mlp", (FEATURES,), CLASSES, width, DEPTH, activation, normalization)
    rng = np.random.default_rng(0)
    inputs = rng.standard_normal((SAMPLES, FEATURES))
    labels = np.eye(CLASSES)[rng.integers(CLASSES, size=SAMPLES)]
    cells = [Cell("digits", width, DEPTH, activation, normalization, scheme) for scheme in SCHEMES]
    start = np.stack([draw_parameters(cell, network, 0, TRAINING, inputs) for cell in cells])
    products = products_for(network, TRAINING, start[1])
    rates = np.tile(TRAINING.learning_rates, (len(start), 1))
    ensemble = Ensemble(
        network, build_optimizer("sgd", vars(TRAINING)), start, rates, SAMPLES, TRAINING.dtype, products
    )
    stacked = np.broadcast_to(inputs.astype("float32"), (len(SCHEMES), SAMPLES, FEATURES)).copy()
    targets = np.broadcast_to(labels.astype("float32"), (len(SCHEMES), SAMPLES, CLASSES)).copy()
    with np.errstate(all="ignore"):
        for step in range(1, UPDATES + 1):
            ensemble.update(step, stacked, targets)
    cotangent = rng.standard_normal((1, SAMPLES, CLASSES)).repeat(len(SCHEMES), axis=0)
    return network, ensemble, ProbeBatch(stacked, targets, cotangent.astype("float32"))


def parted(width: int, activation: str, normalization: str) -> list[str]:
    """The schemes whose units are no longer one, by weights, activations or gradients."""
    network, ensemble, batch = trained(width, activation, normalization)
    parameters = grouped(split(ensemble.flat, network), network)
    layers, _ = measure_networks(network, [ensemble.flat], batch, 0.05, products=ensemble.products)
    found = []
    for member, scheme in enumerate(SCHEMES):
        cell = f"{scheme} {activation} {normalization} {width}"
        if ensemble.diverged_step[member] >= 0:
            continue
        for at, arrays in enumerate(parameters[:-1]):
            bits = [np.ascontiguousarray(array[member].reshape(-1, width)).view(np.uint32) for array in arrays]
            measured = [layers[name][member, at] for name in layers if name.startswith("exactly_equal")]
            if any((part != part[:, :1]).any() for part in bits) or not all(measured):
                found.append(f"{cell} layer {at + 1}")
        if (
            scheme == "zeros"
            and normalization != "none"
            and any(arrays[0][member].any() for arrays in parameters[1:-1])
        ):
            found.append(f"{cell} moved")
    return found


if __name__ == "__main__":
    cells = itertools.product(WIDTHS, ACTIVATIONS, NORMALIZATIONS)
    kernel = next(library["architecture"] for library in threadpool_info() if library["user_api"] == "blas")
    print(
        json.dumps(
            {"kernel": kernel, "cells": len(WIDTHS) * 36, "parted": [c for cell in cells for c in parted(*cell)]}
        )
    )
