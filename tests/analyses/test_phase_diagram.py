"""The measured phase diagram against theory, and its networks against the engine's."""

from types import SimpleNamespace

import numpy as np

from initbench import theory
from initbench.analyses import phase_diagram as phase
from initbench.network.layer import ungrouped
from initbench.probes.snapshot import take
from initbench.study.cells import Cell

SMALL = phase.Plane(np.array([0.8, 1.4, 2.5]), np.array([0.0, 0.6]), width=128, depth=20, draws=6)


def test_measured_phases_are_those_of_theory():
    measured, predicted = phase.measure(SMALL, 0), phase.predict(SMALL)
    assert measured.shape == (2, 3)
    np.testing.assert_allclose(measured, predicted, rtol=0.05)
    limits = [[theory.mean_field("tanh", w**2, b**2).chi for w in SMALL.weight_std] for b in SMALL.bias_std]
    assert (np.sign(np.log(measured)) == np.sign(np.log(limits))).all()


def test_the_phase_diagrams_networks_are_those_of_the_engine():
    """One point, its draws repeated through the engine's passes."""
    plane = phase.Plane(np.array([1.3]), np.array([0.4]), width=24, depth=3, samples=5, draws=1)
    ours = phase._delta_squared(plane, np.random.default_rng(8))[0]
    rng = np.random.default_rng(8)
    weights = rng.standard_normal((3, 24, 24)) / np.sqrt(24)
    biases = rng.standard_normal((3, 24))
    inputs = rng.standard_normal((5, 24))
    inputs *= np.sqrt(24 / np.square(inputs).sum(axis=1, keepdims=True))
    network = Cell("digits", 24, 3, "tanh", "none", "zeros").build(24, 24)
    parameters = [(1.3 * w[None], 0.4 * b[None]) for w, b in zip(weights, biases, strict=True)]
    parameters.append((np.eye(24)[None], np.zeros((1, 24))))  # hands the cotangent to the last hidden layer
    cotangent = rng.standard_normal((1, 5, 24))
    batch = SimpleNamespace(inputs=inputs[None], cotangent=cotangent, one_hot=np.zeros((1, 5, 24)))
    seen = take(network, ungrouped(parameters, network), batch, saturation=0.0)
    engine = [np.square(layer.independent_cotangent[0]).sum(axis=1).mean() for layer in seen.hidden]
    np.testing.assert_allclose(ours, engine, rtol=1e-12)
