"""Networks in evaluation mode on whole splits, and the loss that they must beat."""

from collections.abc import Sequence

import numpy as np

from initbench.datasets.splits import SeedData
from initbench.engine.schedule import SeedGroup
from initbench.network import passes
from initbench.network.layer import Network
from initbench.network.loss import cross_entropy

EVALUATION_ROWS = 512  # samples evaluated at a time


def label_entropy(data: SeedData) -> float:
    """Entropy of the training labels in nats: the loss of predicting class frequencies."""
    share = np.bincount(data.train_labels, minlength=data.classes) / len(data.train_labels)
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def evaluate(network: Network, parameters, statistics, inputs, labels) -> tuple[np.ndarray, np.ndarray]:
    """(mean loss, accuracy) of M members in evaluation mode on whole splits: inputs (M or 1, N, F), labels (M, N).

    statistics: each layer's running ones, as `network.normalization.initial_statistics` gives them, or None.
    """
    members, samples = labels.shape
    losses, correct = np.zeros(members), np.zeros(members)
    identity = np.eye(network.classes, dtype=inputs.dtype)
    for first in range(0, samples, EVALUATION_ROWS):
        rows = slice(first, min(first + EVALUATION_ROWS, samples))
        part, truth = inputs[:, rows], labels[:, rows]
        buffers = passes.allocate(network, members, truth.shape[1], inputs.dtype, forward_only=True)
        for written, known in zip(buffers.layers, statistics or (), strict=False):
            if known is not None:
                written.statistics = known
        logits = passes.forward(network, parameters, part, buffers)
        correct += (logits.argmax(axis=2) == truth).sum(axis=1)
        losses += cross_entropy(logits, identity[truth], buffers.cotangent).sum(axis=1, dtype=float)
    return losses / samples, correct / samples


def evaluate_groups(
    network: Network, parameters, statistics, groups: Sequence[SeedGroup], part: str, each: int = 1
) -> dict[str, np.ndarray]:
    """Loss and accuracy on a part of the data, train, valid or test, of every member or of the first of `each` so many."""
    columns: dict[str, list] = {f"{part}_loss": [], f"{part}_accuracy": []}
    for group in groups:
        members = slice(group.members.start, group.members.stop, each)
        own = [tuple(array[members] for array in weights) for weights in parameters]
        known = statistics and [s and tuple(array[members] for array in s) for s in statistics]
        labels = getattr(group.data, f"{part}_labels")
        shared = np.broadcast_to(labels, (len(range(members.start, members.stop, each)), len(labels)))
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is marked by the caller
            loss, accuracy = evaluate(network, own, known, group.inputs[part][None], shared)
        columns[f"{part}_loss"].append(loss)
        columns[f"{part}_accuracy"].append(accuracy)
    return {name: np.concatenate(values) for name, values in columns.items()}
