"""Networks in evaluation mode on whole splits, and the loss that they must beat."""

import numpy as np

from initbench.datasets.splits import SeedData
from initbench.network import passes as network
from initbench.network.memory import Architecture, allocate_evaluation

EVALUATION_ROWS = 512  # samples evaluated at a time


def label_entropy(data: SeedData) -> float:
    """Entropy of the training labels in nats: the loss of predicting class frequencies."""
    share = np.bincount(data.train_labels, minlength=data.classes) / len(data.train_labels)
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def initial_statistics(architecture: Architecture, members: int, dtype):
    """Running statistics before any batch: mean 0, variance 1, for each hidden layer; None without batch norm."""
    if architecture.normalization != "batch":
        return None
    shape = (members, 1, architecture.width)
    return [(np.zeros(shape, dtype), np.ones(shape, dtype)) for _ in range(architecture.depth)]


def evaluate(parameters, architecture, activation, statistics, inputs, labels) -> tuple[np.ndarray, np.ndarray]:
    """(mean loss, accuracy) of M members in evaluation mode on whole splits: inputs (M, N, F), labels (M, N)."""
    members, samples = labels.shape
    dtype = parameters[0][0].dtype
    losses, correct = np.zeros(members), np.zeros(members)
    identity = np.eye(architecture.classes, dtype=dtype)
    for first in range(0, samples, EVALUATION_ROWS):
        rows = slice(first, min(first + EVALUATION_ROWS, samples))
        part, truth = inputs[:, rows], labels[:, rows]
        buffers = allocate_evaluation(architecture, members, truth.shape[1], dtype)
        logits = network.forward(parameters, part, activation, architecture.normalization, buffers, statistics)
        correct += (logits.argmax(axis=2) == truth).sum(axis=1)
        losses += network.cross_entropy(logits, identity[truth], buffers.cotangents[-1]).sum(axis=1, dtype=float)
    return losses / samples, correct / samples
