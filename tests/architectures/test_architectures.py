"""Every registered architecture through one battery: shapes, gradients, and independence of what it is stacked with."""

import math

import numpy as np
import pytest

from initbench.architectures import ARCHITECTURES, build
from initbench.base.registry import UnknownNameError
from initbench.network import passes
from initbench.network.layer import grouped, split, ungrouped
from initbench.network.loss import cross_entropy
from initbench.network.normalization import NORMALIZATIONS
from initbench.schemes.draw import described

INPUTS, CLASSES, BATCH = (25,), 3, 6  # an image of 5 × 5 for those that take images
SIZES = [(5, 0), (5, 1), (4, 3)]  # width and depth

every = pytest.mark.parametrize("name", list(ARCHITECTURES))
normalized = pytest.mark.parametrize("normalization", list(NORMALIZATIONS))


def network_and_flat(name, normalization, size=(4, 3), members=1, activation="tanh"):
    network = build(name, INPUTS, CLASSES, *size, activation, normalization)
    flat = np.random.default_rng(0).normal(0.1, 0.6, (members, network.size))
    return network, flat


def batch():
    rng = np.random.default_rng(1)
    return rng.normal(size=(1, BATCH, *INPUTS)), np.eye(CLASSES)[rng.integers(0, CLASSES, BATCH)][None]


@every
@normalized
@pytest.mark.parametrize("size", SIZES)
def test_shapes_fit_and_every_parameter_has_its_place(name, normalization, size):
    network, flat = network_and_flat(name, normalization, size)
    assert network.shapes[0] == INPUTS
    assert network.classes == CLASSES
    parameters = split(flat, network)
    assert sum(array.size for layer in parameters for array in layer) == network.size
    for at in network.maps:
        assert network.layers[at.linear].kind == "linear"
        assert at.weight.size % at.weight.fan_out == 0
    assert [at.first for at in network.maps[1:]] + [len(network.layers)] == [at.stop for at in network.maps]
    assert ungrouped(grouped(parameters, network), network) == parameters


@every
@normalized
def test_a_scheme_is_told_what_follows_each_layer(name, normalization):
    network, _ = network_and_flat(name, normalization)
    *hidden, output = described(network)
    assert [layer.index for layer in hidden] == list(range(1, len(hidden) + 1))
    assert output.is_output
    assert output.activation == "linear"
    assert {layer.activation for layer in hidden} <= {"tanh", "linear"}
    assert {layer.normalization for layer in hidden} <= {normalization, "none"}


@every
@normalized
def test_gradients_equal_finite_differences(name, normalization):
    network, flat = network_and_flat(name, normalization)
    inputs, one_hot = batch()

    def loss():
        return passes.loss_and_gradients(network, split(flat, network), inputs, one_hot)[0][0]

    _, gradients = passes.loss_and_gradients(network, split(flat, network), inputs, one_hot)
    exact = np.concatenate([array.ravel() for layer in gradients for array in layer])
    numeric, h = np.empty(network.size), 1e-5
    for k in range(network.size):
        flat[0, k] += h
        above = loss()
        flat[0, k] -= 2 * h
        numeric[k] = (above - loss()) / (2 * h)
        flat[0, k] += h
    np.testing.assert_allclose(exact, numeric, rtol=1e-5, atol=1e-8)


@every
@normalized
@pytest.mark.parametrize("activation", ["tanh", "gelu"])
def test_training_passes_give_the_gradients_of_measuring_up_to_rounding(name, normalization, activation):
    """What training shares and forms from activations, measuring keeps and forms from pre-activations."""
    network, flat = network_and_flat(name, normalization, activation=activation)
    inputs, one_hot = batch()
    parameters = split(flat, network)
    _, exact = passes.loss_and_gradients(network, parameters, inputs, one_hot)
    buffers = passes.allocate(network, 1, BATCH, float, exact=False)
    found = [tuple(np.empty_like(array) for array in layer) for layer in parameters]
    for _ in range(2):  # buffers may be used again
        cross_entropy(passes.forward(network, parameters, inputs, buffers), one_hot, buffers.cotangent)
        buffers.cotangent[...] /= BATCH
        passes.backward(network, parameters, buffers, found)
    for layer, expected in zip(found, exact, strict=True):
        for array, other in zip(layer, expected, strict=True):
            np.testing.assert_allclose(array, other, rtol=1e-10, atol=1e-13)


@every
@normalized
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_member_has_the_bits_that_it_has_alone(name, normalization, dtype):
    network, flat = network_and_flat(name, normalization, (16, 3), members=4)
    flat = flat.astype(dtype)
    inputs, one_hot = (part.astype(dtype) for part in batch())
    loss, gradients = passes.loss_and_gradients(network, split(flat, network), inputs, one_hot)
    alone, own = passes.loss_and_gradients(network, split(flat[2:3], network), inputs, one_hot)
    assert alone[0] == loss[2]
    for layer, stacked in zip(own, gradients, strict=True):
        assert all(np.array_equal(a[0], b[2]) for a, b in zip(layer, stacked, strict=True))


@every
@normalized
def test_samples_beside_the_training_split_leave_its_logits_alone(name, normalization):
    network, flat = network_and_flat(name, normalization)
    inputs, _ = batch()
    parameters = split(flat, network)
    expected = passes.forward(network, parameters, inputs, passes.allocate(network, 1, BATCH, float)).copy()
    more = np.concatenate([inputs, 3 + 2 * inputs], axis=1)
    frugal = passes.allocate(network, 1, 2 * BATCH, float, forward_only=True)
    for written in frugal.layers:
        if hasattr(written, "samples"):
            written.samples = BATCH
    found = passes.forward(network, parameters, more, frugal)
    np.testing.assert_allclose(found[:, :BATCH], expected, rtol=1e-12)


@every
@pytest.mark.parametrize("normalization", ["none", "layer"])
def test_the_jacobian_is_that_of_finite_differences(name, normalization):
    network, flat = network_and_flat(name, normalization)
    inputs, _ = batch()
    parameters = split(flat, network)

    def logits(x):
        return passes.forward(network, parameters, x, passes.allocate(network, 1, BATCH, float))

    buffers = passes.allocate(network, 1, BATCH, float)
    passes.forward(network, parameters, inputs, buffers)
    exact = passes.jacobian(network, parameters, buffers, 2)
    assert exact.shape == (1, 2, CLASSES, math.prod(INPUTS))
    h = 1e-6
    for k in range(math.prod(INPUTS)):
        shift = h * np.eye(math.prod(INPUTS))[k].reshape(INPUTS)
        numeric = (logits(inputs + shift) - logits(inputs - shift)) / (2 * h)
        np.testing.assert_allclose(exact[0, :, :, k], numeric[0, :2], rtol=1e-5, atol=1e-8)


def test_a_multilayer_perceptron_of_depth_zero_is_logistic_regression():
    network = build("mlp", (7,), 3, 50, 0, "linear", "none")
    assert network.size == 7 * 3 + 3
    assert [at.activation for at in network.maps] == [None]


def test_unknown_names_are_refused_with_those_that_there_are():
    for name, activation, normalization in (
        ("lstm", "tanh", "none"),
        ("mlp", "swoosh", "none"),
        ("mlp", "tanh", "group"),
    ):
        with pytest.raises(UnknownNameError, match=r"unknown .*; there are: "):
            build(name, INPUTS, CLASSES, 4, 2, activation, normalization)
