"""One layer's weights and gradient, unit by unit, before and after training: what symmetry looks like."""

import numpy as np

from initbench.architectures.mlp import loss_and_gradients
from initbench.datasets.splits import Splits
from initbench.engine.ensemble import Ensemble
from initbench.engine.recording import run
from initbench.engine.schedule import seed_groups
from initbench.engine.start import draw_parameters
from initbench.network.layer import grouped
from initbench.optimizers import build
from initbench.probes.batch import ProbeBatch
from initbench.study.cells import Cell, Training

SCHEMES = ("zeros", "constant(0.1)", "xavier_tanh", "he_normal")
WIDTH, DEPTH, LAYER, RATE = 16, 2, 0, 0.03
ACTIVATION = "sigmoid"  # with φ(0) ≠ 0, so that even a zero start moves


def weights_and_gradients(dataset: str, splits: Splits, training: Training) -> dict[str, np.ndarray]:
    """{scheme/weight|gradient/before|after: (fan_in, units)} of the first layer for one seed, one learning rate."""
    seed = int(splits.seeds[0])
    data = splits.of(seed)
    probe = ProbeBatch.of([data], [seed], training.study_seed)
    how = Training(**{**vars(training), "learning_rates": (RATE,), "steps": max(training.steps, 1)})
    found = {}
    for scheme in SCHEMES:
        cell = Cell(dataset, WIDTH, DEPTH, ACTIVATION, "none", scheme)
        network = cell.build(splits.features.shape[1], len(splits.classes))
        start = draw_parameters(cell, network, seed, how, probe.inputs[0])[None]
        groups = seed_groups([data], [seed], how)
        ensemble = Ensemble(network, build(cell.optimizer, vars(how)), how, start, groups[0].batches.shape[1])
        labels = data.train_labels[: probe.inputs.shape[1]]
        for moment in ("before", "after"):
            if moment == "after":
                run(ensemble, groups, how)
            layers = [tuple(p[0] for p in layer) for layer in grouped(ensemble.parameters, network)]
            _, gradients = loss_and_gradients(layers, probe.inputs[0], labels, ACTIVATION)
            found[f"{scheme}/weight/{moment}"] = layers[LAYER][0].copy()
            found[f"{scheme}/gradient/{moment}"] = gradients[LAYER][0]
    return found
