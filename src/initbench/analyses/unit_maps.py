"""One layer's weights and gradient, unit by unit, before and after training: what symmetry looks like."""

import numpy as np

from initbench.activations import get_activation
from initbench.datasets.splits import Splits
from initbench.engine.ensemble import Block
from initbench.engine.training import draw_parameters
from initbench.network import passes as network
from initbench.probes.batch import Probe
from initbench.study.cells import Cell, Training

SCHEMES = ("zeros", "constant(0.1)", "xavier_tanh", "he_normal")
WIDTH, DEPTH, LAYER, RATE = 16, 2, 0, 0.03
ACTIVATION = "sigmoid"  # with φ(0) ≠ 0, so that even a zero start moves


def weights_and_gradients(dataset: str, splits: Splits, training: Training) -> dict[str, np.ndarray]:
    """{scheme/weight|gradient/before|after: (fan_in, units)} of the first layer for one seed, one learning rate."""
    seed = int(splits.seeds[0])
    data = splits.of(seed)
    probe = Probe.of([data], [seed], training.study_seed)
    how = Training(**{**vars(training), "learning_rates": (RATE,), "steps": max(training.steps, 1)})
    found = {}
    for scheme in SCHEMES:
        cell = Cell(dataset, WIDTH, DEPTH, ACTIVATION, "none", scheme)
        architecture = cell.network(splits.features.shape[1], len(splits.classes))
        start = draw_parameters(cell, architecture, seed, how, probe.inputs[0])[None]
        block = Block(architecture, get_activation(ACTIVATION), how, [data], [seed], start)
        labels = data.train_labels[: probe.inputs.shape[1]]
        for moment in ("before", "after"):
            if moment == "after":
                block.run(probe)
            layers = [tuple(p[0] for p in layer) for layer in block.parameters]
            _, gradients = network.loss_and_gradients(layers, probe.inputs[0], labels, ACTIVATION)
            found[f"{scheme}/weight/{moment}"] = layers[LAYER][0].copy()
            found[f"{scheme}/gradient/{moment}"] = gradients[LAYER][0]
    return found
