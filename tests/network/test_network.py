"""Gradients against finite differences and an independent automatic differentiation."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

import initbench
from initbench.activations import ACTIVATIONS
from initbench.architectures import build
from initbench.network.layer import grouped

rng = np.random.default_rng(3)
FEATURES, CLASSES, BATCH, WIDTH = 5, 3, 7, 6
INPUTS, LABELS = rng.normal(size=(BATCH, FEATURES)), rng.integers(0, CLASSES, BATCH)


def shapes_of(depth, normalization):
    network = build("mlp", (FEATURES,), CLASSES, WIDTH, depth, "tanh", normalization)
    return grouped([tuple(weight.shape for weight in weights) for weights in network.weights], network)


def random_parameters(depth, normalization):
    draw = np.random.default_rng(7)
    shapes = shapes_of(depth, normalization)
    return [tuple(draw.normal(0.1, 0.7, shape) for shape in layer) for layer in shapes]


@pytest.mark.parametrize("depth", [0, 1, 3])
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_gradients_equal_finite_differences(name, normalization, depth):
    parameters = random_parameters(depth, normalization)
    _, gradients = initbench.loss_and_gradients(parameters, INPUTS, LABELS, name, normalization)
    for layer, layer_gradients in zip(parameters, gradients, strict=True):
        for array, gradient in zip(layer, layer_gradients, strict=True):
            numeric = np.empty_like(array)
            for index in np.ndindex(array.shape):
                estimate = []
                for h in (1e-4, 5e-5):  # Richardson: the error is of fourth order
                    value, sides = array[index], []
                    for sign in (1, -1):
                        array[index] = value + sign * h
                        sides.append(initbench.loss_and_gradients(parameters, INPUTS, LABELS, name, normalization)[0])
                    array[index] = value
                    estimate.append((sides[0] - sides[1]) / (2 * h))
                numeric[index] = (4 * estimate[1] - estimate[0]) / 3
            scale = max(np.abs(g).max() for g in layer_gradients)
            np.testing.assert_allclose(gradient, numeric, rtol=1e-6, atol=1e-6 * scale)


AUTOGRAD = {
    "linear": lambda z: z,
    "tanh": anp.tanh,
    "sigmoid": lambda z: 1 / (1 + anp.exp(-z)),
    "relu": lambda z: anp.where(z > 0, z, 0.0),
    "softplus": lambda z: anp.log1p(anp.exp(z)),
    "silu": lambda z: z / (1 + anp.exp(-z)),
    "softsign": lambda z: z / (1 + anp.abs(z)),
}


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@pytest.mark.parametrize("name", list(AUTOGRAD))
def test_gradients_equal_automatic_differentiation(name, normalization):
    def loss(parameters):
        a = INPUTS
        for layer in parameters[:-1]:
            z = anp.dot(a, layer[0])
            if normalization == "none":
                z = z + layer[1]
            else:
                axis = 0 if normalization == "batch" else 1
                centred = z - anp.mean(z, axis=axis, keepdims=True)
                z = centred / anp.sqrt(anp.mean(centred**2, axis=axis, keepdims=True) + 1e-5)
                z = layer[1] * z + layer[2]
            a = AUTOGRAD[name](z)
        logits = anp.dot(a, parameters[-1][0]) + parameters[-1][1]
        shifted = logits - anp.max(logits, axis=1, keepdims=True)
        log_p = shifted - anp.log(anp.sum(anp.exp(shifted), axis=1, keepdims=True))
        return -anp.mean(log_p[anp.arange(BATCH), LABELS])

    parameters = random_parameters(3, normalization)
    value, gradients = initbench.loss_and_gradients(parameters, INPUTS, LABELS, name, normalization)
    expected_value, expected = loss(parameters), autograd.grad(loss)(parameters)
    assert value == pytest.approx(float(expected_value), rel=1e-12)
    for mine, theirs in zip(gradients, expected, strict=True):
        for a, b in zip(mine, theirs, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_a_stacked_network_gives_the_same_bits_as_alone(normalization):
    draw = np.random.default_rng(1)
    shapes = shapes_of(3, normalization)
    for dtype in (np.float32, np.float64):
        stack = [tuple(draw.normal(size=(5, *s)).astype(dtype) for s in layer) for layer in shapes]
        loss, gradients = initbench.loss_and_gradients(stack, INPUTS, LABELS, "tanh", normalization)
        for first, count in ((0, 1), (2, 1), (1, 2)):
            part = [tuple(p[first : first + count] for p in layer) for layer in stack]
            alone, part_gradients = initbench.loss_and_gradients(part, INPUTS, LABELS, "tanh", normalization)
            assert np.array_equal(alone, loss[first : first + count])
            for mine, theirs in zip(part_gradients, gradients, strict=True):
                assert all(np.array_equal(a, b[first : first + count]) for a, b in zip(mine, theirs, strict=True))


def test_bad_shapes_and_names_are_refused():
    parameters = random_parameters(1, "none")
    with pytest.raises(ValueError, match="unknown activation"):
        initbench.loss_and_gradients(parameters, INPUTS, LABELS, "swoosh")
    with pytest.raises(ValueError, match="normalization"):
        initbench.loss_and_gradients(parameters, INPUTS, LABELS, "tanh", "group")
    with pytest.raises(ValueError, match="labels run"):
        initbench.loss_and_gradients(parameters, INPUTS, LABELS + 5, "tanh")
    half = [tuple(p.astype(np.float16) for p in layer) for layer in parameters]
    with pytest.raises(ValueError, match="float16: use float32 or float64"):
        initbench.loss_and_gradients(half, INPUTS, LABELS, "tanh")
