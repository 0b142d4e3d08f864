"""Networks in evaluation mode on whole splits, and the loss that they must beat."""

from collections.abc import Mapping, Sequence

import numpy as np

from initbench.base.chunks import chunks
from initbench.datasets.splits import SeedData
from initbench.engine.schedule import SeedGroup
from initbench.network import passes
from initbench.network.layer import Network
from initbench.network.loss import cross_entropy
from initbench.network.products import BLAS, Products

EVALUATION_ROWS = 512  # samples evaluated at a time, where each has its output whatever the others
EVALUATION_BYTES = 4_000_000  # that the activations of members evaluated together may take: a part of the cache


def label_entropy(data: SeedData) -> float:
    """Entropy of the training labels in nats: the loss of predicting class frequencies."""
    share = np.bincount(data.train_labels, minlength=data.classes) / len(data.train_labels)
    return float(-(share[share > 0] * np.log(share[share > 0])).sum())


def evaluate(
    network: Network, parameters, splits: Mapping[str, tuple[np.ndarray, np.ndarray]], products: Products = BLAS
) -> dict[str, np.ndarray]:
    """{split}_loss and {split}_accuracy, (M,) each, of M members on whole splits: inputs (N, *features), labels (N,).

    The first split is the training split: batch normalisation takes the mean and variance of every unit over it, with the
    parameters as they are (Wu & Johnson 2021, "precise" statistics), and normalises all splits by them.
    """
    inputs = np.concatenate([inputs for inputs, _ in splits.values()])
    labels = np.concatenate([labels for _, labels in splits.values()])
    members = len(next(array for weights in parameters for array in weights))
    each = inputs.itemsize * len(labels) * max(network.hidden_units // max(len(network.maps) - 1, 1), network.classes)
    together = max(1, EVALUATION_BYTES // (4 * each))
    parts = []
    for rows in chunks(range(members), together):
        own = [tuple(array[rows[0] : rows[-1] + 1] for array in weights) for weights in parameters]
        parts.append(_losses(network, own, inputs, labels, len(next(iter(splits.values()))[1]), products))
    loss, right = (np.concatenate([part[k] for part in parts]) for k in range(2))
    stops = np.cumsum([len(labels) for _, labels in splits.values()])
    found = {}
    for name, start, stop in zip(splits, [0, *stops[:-1]], stops, strict=True):
        found[f"{name}_loss"] = loss[:, start:stop].mean(axis=1, dtype=float)
        found[f"{name}_accuracy"] = right[:, start:stop].mean(axis=1)
    return found


def _losses(network: Network, parameters, inputs, labels, train: int, products: Products):
    """(loss, whether the largest logit is the label's) of every sample, (M, N) each; the first `train` are for training."""
    over_batch = any(getattr(layer, "over_batch", False) for layer in network.layers)
    size = len(labels) if over_batch else EVALUATION_ROWS
    members = len(next(array for weights in parameters for array in weights))
    identity, parts = np.eye(network.classes, dtype=inputs.dtype), []
    for first in range(0, len(labels), size):
        part, truth = inputs[None, first : first + size], labels[first : first + size]
        buffers = passes.allocate(network, members, len(truth), inputs.dtype, forward_only=True, products=products)
        for written in buffers.layers:
            if hasattr(written, "samples"):
                written.samples = train
        logits = passes.forward(network, parameters, part, buffers)
        right = logits.argmax(axis=2) == truth
        parts.append((cross_entropy(logits, identity[truth][None], buffers.cotangent), right))
    return tuple(np.concatenate([part[k] for part in parts], axis=1) for k in range(2))


def evaluate_groups(
    network: Network, parameters, groups: Sequence[SeedGroup], parts: Sequence[str], products: Products, each: int = 1
) -> dict[str, np.ndarray]:
    """Losses and accuracies on parts of the data, train first, of every member or of the first of `each` so many."""
    found = []
    for group in groups:
        members = slice(group.members.start, group.members.stop, each)
        own = [tuple(array[members] for array in weights) for weights in parameters]
        splits = {part: (group.inputs[part], getattr(group.data, f"{part}_labels")) for part in parts}
        with np.errstate(over="ignore", invalid="ignore"):  # what overflows is marked by the caller
            found.append(evaluate(network, own, splits, products))
    return {name: np.concatenate([columns[name] for columns in found]) for name in found[0]}
