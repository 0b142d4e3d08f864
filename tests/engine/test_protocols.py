"""What a later architecture or optimiser needs fits the protocols: a residual network of mixed layers, trained by Adam.

Nothing but the decorated functions and two layers is written for it: drawing, calibration, training, probes and tables follow.
"""

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pytest

from initbench.activations import get_activation
from initbench.architectures import ARCHITECTURES, architecture
from initbench.engine.training import Start, train_shard, train_starts
from initbench.network.dense import Dense
from initbench.network.layer import split
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.passes import allocate, forward, jacobian
from initbench.optimizers import OPTIMIZERS, Optimizer, optimizer
from initbench.schemes.draw import described
from initbench.study.cells import Cell, Training

TRAINING = Training(steps=30, records=4, learning_rates=(0.001, 0.01))


@dataclass
class Past:
    """Buffers of a layer of a skip connection: what both ends share, and its own array."""

    common: dict
    output: np.ndarray
    onward: None = None


@dataclass(frozen=True)
class Fork:
    """Hands its input on, and keeps it for the join of its name."""

    name: str
    kind: ClassVar[str] = "fork"

    def weights(self, inputs):
        return ()

    def output(self, inputs):
        return inputs

    def buffers(self, inputs, memory):
        return Past(memory.common(self.name), memory.named(f"past {self.name}", (memory.batch, *inputs)))

    def forward(self, weights, x, buffers):
        np.copyto(buffers.output, x)
        buffers.common["x"] = buffers.output
        return x

    def backward(self, weights, buffers, cotangent, gradients):
        cotangent += buffers.common["cotangent"]
        return cotangent

    def linearized(self, weights, buffers, cotangents):
        return cotangents + buffers.common["cotangents"]

    def observed(self, weights, gradients, buffers):
        return {}


@dataclass(frozen=True)
class Join(Fork):
    """Adds what the fork of its name kept."""

    kind: ClassVar[str] = "join"

    def buffers(self, inputs, memory):
        shape = (memory.batch, *inputs)
        return Past(memory.common(self.name), memory.own(f"sum {self.name}", shape))

    def forward(self, weights, x, buffers):
        return np.add(x, buffers.common["x"], out=buffers.output)

    def backward(self, weights, buffers, cotangent, gradients):
        buffers.common["cotangent"] = cotangent.copy()
        return cotangent

    def linearized(self, weights, buffers, cotangents):
        buffers.common["cotangents"] = cotangents
        return cotangents


@pytest.fixture(autouse=True)
def _registered():
    @architecture("test_residual")
    def residual(inputs, classes, width, depth, activation, normalization):
        """a + φ(normalised(a W)) from the second hidden layer on, the first of them with a φ of its own."""
        for index in range(depth):
            if index:
                yield Fork(f"block {index}")
            yield Dense(width, bias=not normalization)
            yield from normalization
            yield from activation if index else (Nonlinearity(get_activation("softsign")),)
            if index:
                yield Join(f"block {index}")
        yield Dense(classes)

    @optimizer("test_adam")
    def adam(beta1=0.9, beta2=0.999, epsilon=1e-8):
        """θ ← θ − rate m̂/(√v̂ + ε) (Kingma & Ba 2015, algorithm 1)."""

        def init(parameters):
            return np.zeros_like(parameters), np.zeros_like(parameters)

        def direction(m, v, step):
            return m / (1 - beta1**step) / (np.sqrt(v / (1 - beta2**step)) + epsilon)

        def update(parameters, gradient, state, rate, step, start):
            theta, m, v = (array[:, start : start + gradient.shape[1]] for array in (parameters, *state))
            m[...] = beta1 * m + (1 - beta1) * gradient
            v[...] = beta2 * v + (1 - beta2) * gradient**2
            theta -= rate * direction(m, v, step)

        def last_update(state, rate, step):
            return rate * direction(*state, step)

        return Optimizer(init, update, last_update)

    yield
    ARCHITECTURES.forget(["test_residual"])
    OPTIMIZERS.forget(["test_adam"])


def cell(normalization="none", scheme="he_normal", depth=3):
    return Cell("digits", 16, depth, "tanh", normalization, scheme, architecture="test_residual", optimizer="test_adam")


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_a_residual_network_passes_the_battery_and_trains(digits, normalization):
    OPTIMIZERS.check("test_adam")
    record = train_shard(cell(normalization), [0, 1], TRAINING, digits)
    loss = record.history["train_loss"]
    assert (loss[:, -1] < 0.8 * loss[:, 0]).all()
    assert record.runs == [(0, 0.001), (0, 0.01), (1, 0.001), (1, 0.01)]
    for name, values in record.layers.items():
        if name == "preactivation_change":  # measured where `training.changes` asks for it
            continue
        known = values[:, :, :3] if "activation" in name or name.startswith(("input", "saturated", "dead")) else values
        known = known[:, 1:] if name == "update_ratio" else known
        assert np.isfinite(known).all(), name
    assert np.isfinite(record.signal["jacobian_max"][:, 0]).all()


def test_its_gradients_are_right():
    ARCHITECTURES.check("test_residual")


def test_its_runs_do_not_depend_on_what_they_are_trained_with(digits):
    cells = [cell("batch", scheme) for scheme in ("he_normal", "orthogonal")]
    starts = [Start(cell, seed, TRAINING.learning_rates) for cell in cells for seed in (0, 1)]
    together = train_starts(starts, TRAINING, digits)[cells[1]]
    alone = train_shard(cells[1], [1], TRAINING, digits)
    for part in ("history", "layers", "signal", "final"):
        for name, values in getattr(alone, part).items():
            np.testing.assert_array_equal(getattr(together, part)[name][2:], values, err_msg=name)


def test_each_layer_is_told_its_own_activation():
    layers = described(cell("batch").build(64, 10))
    assert [layer.activation for layer in layers] == ["softsign", "tanh", "tanh", "linear"]
    assert [layer.normalization for layer in layers] == ["batch"] * 3 + ["none"]


def test_lsuv_follows_its_skip_connections(digits):
    record = train_shard(cell("none", "lsuv"), [0], Training(steps=0, learning_rates=()), digits)
    np.testing.assert_allclose(record.layers["preactivation_std"], 1, rtol=1e-9)


def test_its_jacobian_is_that_of_finite_differences():
    network = cell("layer").build(4, 3)
    rng = np.random.default_rng(0)
    parameters, inputs = split(rng.normal(0.1, 0.5, (1, network.size)), network), rng.normal(size=(1, 6, 4))

    def logits(x):
        return forward(network, parameters, x, allocate(network, 1, 6, float))

    buffers = allocate(network, 1, 6, float)
    forward(network, parameters, inputs, buffers)
    exact = jacobian(network, parameters, buffers, 2)
    for k, shift in enumerate(1e-6 * np.eye(4)):
        numeric = (logits(inputs + shift) - logits(inputs - shift)) / 2e-6
        np.testing.assert_allclose(exact[0, :, :, k], numeric[0, :2], rtol=1e-5, atol=1e-8)
