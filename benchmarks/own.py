"""This project, as the benchmarks run it: `ours` and `ours_one_at_a_time` as in `alternatives`."""

import numpy as np

from initbench.engine.ensemble import Ensemble
from initbench.engine.training import ensembles
from initbench.optimizers import build


def ours(problem):
    """This project, in the ensembles that it chooses."""
    rates = len(problem.training.learning_rates)
    starts = starts_of(problem)

    def fresh():
        return ensembles_of(problem)

    def train(found):
        return np.concatenate(
            [
                _train_ensemble(ensemble, problem, slice(rows[0] * rates, (rows[-1] + 1) * rates))
                for ensemble, rows in zip(found, starts, strict=True)
            ]
        )

    return fresh, train


def ours_one_at_a_time(problem):
    """This project with ensembles of a single run."""
    rates = problem.training.learning_rates
    alone = [problem.training.from_dict({**problem.training.to_dict(), "learning_rates": [rate]}) for rate in rates]

    def fresh():
        return [_ensemble(problem, training, [seed]) for seed in range(len(problem.data)) for training in alone]

    def train(found):
        return np.concatenate([_train_ensemble(one, problem, slice(m, m + 1)) for m, one in enumerate(found)])

    return fresh, train


def starts_of(problem) -> list[np.ndarray]:
    """The seeds of each ensemble."""
    samples, rates = len(problem.data[0].train_labels), len(problem.training.learning_rates)
    return ensembles(problem.network, problem.training, len(problem.data), samples, rates)


def ensembles_of(problem) -> list[Ensemble]:
    """The runs of a problem at their start, in the ensembles that training puts them in."""
    return [_ensemble(problem, problem.training, rows) for rows in starts_of(problem)]


def _ensemble(problem, training, rows) -> Ensemble:
    optimizer = build(problem.cell.optimizer, vars(training))
    rates = np.tile(training.learning_rates, (len(rows), 1))
    return Ensemble(problem.network, optimizer, problem.start[rows], rates, problem.inputs.shape[2], training.dtype)


def _train_ensemble(ensemble: Ensemble, problem, runs: slice):
    with np.errstate(over="ignore", invalid="ignore"):
        for step, (inputs, targets) in enumerate(zip(problem.inputs, problem.targets, strict=True), start=1):
            loss = ensemble.update(step, inputs[runs], targets[runs])
    return loss / inputs.shape[1]
