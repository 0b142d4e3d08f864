"""When is recorded, and which samples each update is given."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from initbench.base.randomness import keyed
from initbench.datasets.splits import SeedData
from initbench.study.cells import Training


def recorded_steps(training: Training) -> np.ndarray:
    """0, 1, and log-spaced steps up to the last: about `records` after step 0."""
    if training.steps == 0:
        return np.array([0])
    spaced = np.geomspace(1, training.steps, training.records)
    return np.unique(np.concatenate([[0], np.round(spaced)]).astype(int))


def batch_order(seed: int, samples: int, training: Training) -> np.ndarray:
    """Rows of every batch, (batches, batch size): an own permutation each epoch, keyed by the seed alone.

    What does not fill a batch is left for the next epoch's draw. With batch_size 0, one batch of everything.
    """
    if training.batch_size == 0:
        return np.arange(samples)[None]
    if training.batch_size > samples:
        raise ValueError(f"batch_size {training.batch_size} exceeds the training split of {samples} samples")
    rng = keyed(training.study_seed, "batches", seed)
    per_epoch = samples // training.batch_size
    epochs = -(-training.steps // per_epoch)
    used = per_epoch * training.batch_size
    return np.concatenate([rng.permutation(samples)[:used].reshape(per_epoch, -1) for _ in range(epochs)])


@dataclass(frozen=True)
class SeedGroup:
    """Neighbouring members of one seed: their slice, their data in the training's dtype, and their batches.

    inputs (n, F) of train, valid and test; targets (n, classes) one-hot of train; batches: rows of train.
    """

    data: SeedData
    members: slice
    inputs: dict[str, np.ndarray]
    targets: np.ndarray
    batches: np.ndarray


def seed_groups(data: Sequence[SeedData], seeds: Sequence[int], training: Training, rates: int) -> list[SeedGroup]:
    """The groups of starts with these seeds, each trained at so many learning rates: neighbours of one seed share a group."""
    dtype = np.dtype(training.dtype)
    first = [k for k in range(len(seeds)) if k == 0 or seeds[k] != seeds[k - 1]]
    return [
        SeedGroup(
            data[start],
            slice(start * rates, stop * rates),
            {name: getattr(data[start], f"{name}_inputs").astype(dtype) for name in ("train", "valid", "test")},
            np.eye(data[start].classes, dtype=dtype)[data[start].train_labels],
            batch_order(seeds[start], len(data[start].train_labels), training),
        )
        for start, stop in zip(first, [*first[1:], len(seeds)], strict=True)
    ]


def fill_batch(groups: Sequence[SeedGroup], step: int, inputs: np.ndarray, targets: np.ndarray) -> None:
    """Write the samples of update `step`, from 1, into inputs (M, B, F) and targets (M, B, classes)."""
    for group in groups:
        rows = group.batches[(step - 1) % len(group.batches)]
        inputs[group.members], targets[group.members] = group.inputs["train"][rows], group.targets[rows]
