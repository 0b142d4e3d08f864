"""One layer's weights and gradient, unit by unit, before and after training: what symmetry looks like."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pandas as pd

from initbench.analyses import FIRST_SPLITS, analysis
from initbench.architectures.mlp import loss_and_gradients
from initbench.base.columns import Column
from initbench.datasets.splits import Splits
from initbench.engine.ensemble import Ensemble
from initbench.engine.recording import run
from initbench.engine.schedule import seed_groups
from initbench.engine.start import draw_parameters
from initbench.network.layer import grouped
from initbench.optimizers import build
from initbench.probes.batch import ProbeBatch
from initbench.schemes.label import parse_scheme
from initbench.study.cells import Cell, Training
from initbench.study.signatures import trained_by

SCHEMES = ("zeros", "constant(0.1)", "xavier_tanh", "he_normal")
WIDTH, DEPTH, RATE = 16, 2, 0.03
ACTIVATION = "sigmoid"  # with φ(0) ≠ 0, so that even a zero start moves


def code_used(study) -> set:
    """The code that the four networks are trained by."""
    return {thing for scheme in SCHEMES for thing in trained_by(parse_scheme(scheme).name, ACTIVATION)}


@analysis(
    "unit_maps",
    row="a weight of the first hidden layer, or its gradient, before or after training",
    reads=(FIRST_SPLITS,),
    settings=("training",),
    group="maps",
    uses=code_used,
    columns=(
        Column("scheme", str, "how the parameters were drawn"),
        Column("what", str, "weight, or the gradient of the probe's mean loss by it"),
        Column("moment", str, "before or after training"),
        Column("feature", int, "number of the input feature, from 0"),
        Column("unit", int, "number of the unit, from 0"),
        Column("value", float, "the weight or the gradient"),
        Column("activation", str, "φ"),
        Column("width", int, "units of a hidden layer"),
        Column("depth", int, "number of hidden layers"),
    ),
)
def unit_maps(tables, settings):
    """The first layer's weights and gradients, unit by unit, on the study's first data set and seed."""
    dataset, splits = next(tables.prepared_data())
    parts = []
    for (scheme, what, moment), values in weights_and_gradients(dataset, splits, settings.training).items():
        feature, unit = (index.ravel() for index in np.indices(values.shape))
        part = {"scheme": scheme, "what": what, "moment": moment, "feature": feature, "unit": unit}
        parts.append(pd.DataFrame(part | {"value": values.ravel().astype(float)}))
    return pd.concat(parts).assign(activation=ACTIVATION, width=WIDTH, depth=DEPTH)


def weights_and_gradients(dataset: str, splits: Splits, training: Training) -> dict[tuple[str, str, str], np.ndarray]:
    """(scheme, weight or gradient, before or after) → (fan_in, units) of the first layer for one seed, one learning rate."""
    how = replace(training, steps=max(training.steps, 1))
    found = {}
    for scheme in SCHEMES:
        cell = Cell(dataset, WIDTH, DEPTH, ACTIVATION, "none", scheme)
        for moment, layer in zip(("before", "after"), _first_layer(cell, splits, how), strict=True):
            found[scheme, "weight", moment], found[scheme, "gradient", moment] = layer
    return found


def _first_layer(cell: Cell, splits: Splits, how: Training) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """The first layer's weights and their gradient on the probe batch, before training and after it."""
    seed = int(splits.seeds[0])
    data = splits.of(seed)
    inputs = ProbeBatch.of([data], [seed], how.study_seed).inputs[0]
    network = cell.build(splits.features.shape[1], len(splits.classes))
    start = draw_parameters(cell, network, seed, how, inputs)[None]
    groups = seed_groups([data], [seed], how, 1)
    samples, rates = groups[0].batches.shape[1], np.array([[RATE]])
    ensemble = Ensemble(network, build(cell.optimizer, vars(how)), start, rates, samples, how.dtype)
    for train in (lambda: None, lambda: run(ensemble, groups, how)):
        train()
        layers = [tuple(p[0] for p in layer) for layer in grouped(ensemble.parameters, network)]
        _, gradients = loss_and_gradients(layers, inputs, data.train_labels[: len(inputs)], cell.activation)
        yield layers[0][0].copy(), gradients[0][0]
