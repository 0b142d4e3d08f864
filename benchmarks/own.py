"""This project, as the benchmarks run it: `ours` and `ours_one_at_a_time` as in `alternatives`."""

import numpy as np

from initbench.activations import get_activation
from initbench.engine.ensemble import Block
from initbench.engine.training import _blocks


def ours(problem):
    """This project, in the blocks that it chooses."""
    rates = len(problem.training.learning_rates)
    places = places_of(problem)

    def fresh():
        return blocks_of(problem)

    def train(blocks):
        return np.concatenate(
            [
                _train_block(block, problem, slice(some[0] * rates, (some[-1] + 1) * rates))
                for block, some in zip(blocks, places, strict=True)
            ]
        )

    return fresh, train


def ours_one_at_a_time(problem):
    """This project with blocks of a single run."""
    rates = problem.training.learning_rates
    alone = [problem.training.from_dict({**problem.training.to_dict(), "learning_rates": [rate]}) for rate in rates]

    def fresh():
        return [_block(problem, training, [seed]) for seed in range(len(problem.data)) for training in alone]

    def train(blocks):
        return np.concatenate([_train_block(block, problem, slice(m, m + 1)) for m, block in enumerate(blocks)])

    return fresh, train


def places_of(problem) -> list[np.ndarray]:
    """The seeds of each block."""
    return _blocks(problem.architecture, problem.training, len(problem.data), len(problem.data[0].train_labels))


def blocks_of(problem) -> list[Block]:
    """The runs of a problem at their start, in the blocks that training puts them in."""
    return [_block(problem, problem.training, some) for some in places_of(problem)]


def _block(problem, training, places) -> Block:
    return Block(
        problem.architecture,
        get_activation(problem.cell.activation),
        training,
        [problem.data[k] for k in places],
        list(places),
        problem.start[places],
    )


def _train_block(block: Block, problem, runs: slice):
    with np.errstate(over="ignore", invalid="ignore"):
        for step, (inputs, targets) in enumerate(zip(problem.inputs, problem.targets, strict=True), start=1):
            loss = block.update(step, inputs[runs], targets[runs])
    return loss / inputs.shape[1]
