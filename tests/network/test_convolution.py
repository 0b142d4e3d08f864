"""Convolutions against their definition and PyTorch, stacked, in parts, and with channels that are equal."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.engine.ensemble import Ensemble
from initbench.engine.start import draw_parameters, products_for
from initbench.network import convolution, passes
from initbench.network.convolution import Convolution
from initbench.network.images import GlobalPooling, Image
from initbench.network.layer import grouped, split
from initbench.network.memory import Memory
from initbench.network.products import BLAS, UNITWISE
from initbench.optimizers import build as build_optimizer
from initbench.study.cells import Cell, Training

MEMBERS, BATCH, CHANNELS, UNITS = 3, 5, 2, 4
CASES = [
    (size, stride, circular) for size in ((4, 4), (5, 3), (2, 2), (1, 1)) for stride in (1, 2) for circular in (0, 1)
]
every = pytest.mark.parametrize(("size", "stride", "circular"), CASES)


def arrays(size, stride, dtype=float):
    rng = np.random.default_rng(0)
    x = rng.normal(size=(MEMBERS, BATCH, *size, CHANNELS)).astype(dtype)
    weights = tuple(rng.normal(size=(MEMBERS, *shape)).astype(dtype) for shape in ((9 * CHANNELS, UNITS), (UNITS,)))
    places = (-(-size[0] // stride), -(-size[1] // stride))
    return x, weights, rng.normal(size=(MEMBERS, BATCH, *places, UNITS)).astype(dtype)


def run(layer, x, weights, delta, products=BLAS):
    """(z, ∂/∂x, ∂/∂W, ∂/∂b) of a layer."""
    memory = Memory(len(delta), x.shape[1], x.dtype, products=products)
    buffers = layer.buffers(x.shape[2:], memory)
    z = layer.forward(weights, x, buffers).copy()
    gradients = tuple(np.empty_like(array) for array in weights)
    back = layer.backward(weights, buffers, delta.copy(), gradients)
    return z, back.copy(), *gradients


def plain(x, weight, bias, stride, circular):
    """z by its definition, place by place and tap by tap."""
    (height, width, _), taps = x.shape[1:], weight.reshape(3, 3, CHANNELS, UNITS)
    z = np.zeros((len(x), -(-height // stride), -(-width // stride), UNITS)) + bias
    for i, j, u, v in np.ndindex(*z.shape[1:3], 3, 3):
        row, column = i * stride + u - 1, j * stride + v - 1
        if circular or (0 <= row < height and 0 <= column < width):
            z[:, i, j] += x[:, row % height, column % width] @ taps[u, v]
    return z


@every
@pytest.mark.parametrize("products", [BLAS, UNITWISE])
def test_a_convolution_is_its_definition(size, stride, circular, products):
    x, weights, delta = arrays(size, stride)
    z, *_ = run(Convolution(UNITS, stride, bool(circular)), x, weights, delta, products)
    for member in range(MEMBERS):
        expected = plain(x[member], weights[0][member], weights[1][member], stride, circular)
        np.testing.assert_allclose(z[member], expected, rtol=1e-12, atol=1e-12)


@every
def test_it_is_linear_and_its_backward_pass_the_transposed_map(size, stride, circular):
    x, weights, delta = arrays(size, stride)
    layer = Convolution(UNITS, stride, bool(circular))
    z, back, weight_gradient, bias_gradient = run(layer, x, weights, delta)
    without = z - weights[1][:, None, None, None]
    of_each = lambda a, b: (a * b).reshape(MEMBERS, -1).sum(axis=1)  # noqa: E731
    np.testing.assert_allclose(of_each(without, delta), of_each(back, x), rtol=1e-10)
    np.testing.assert_allclose(of_each(without, delta), of_each(weight_gradient, weights[0]), rtol=1e-10)
    np.testing.assert_allclose(bias_gradient, delta.sum(axis=(1, 2, 3)), rtol=1e-10)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("circular", [False, True])
def test_values_and_gradients_are_pytorchs(stride, circular):
    torch = pytest.importorskip("torch")
    x, weights, delta = arrays((4, 4), stride)
    found = run(Convolution(UNITS, stride, circular), x, weights, delta)
    for member in range(MEMBERS):
        image = torch.tensor(x[member].transpose(0, 3, 1, 2), requires_grad=True)
        kernel = weights[0][member].reshape(3, 3, CHANNELS, UNITS).transpose(3, 2, 0, 1)
        weight, bias = (torch.tensor(a, requires_grad=True) for a in (kernel, weights[1][member]))
        padded = torch.nn.functional.pad(image, (1, 1, 1, 1), mode="circular" if circular else "constant")
        z = torch.nn.functional.conv2d(padded, weight, bias, stride)
        z.backward(torch.tensor(delta[member].transpose(0, 3, 1, 2)))
        theirs = (
            z.detach().numpy().transpose(0, 2, 3, 1),
            image.grad.numpy().transpose(0, 2, 3, 1),
            weight.grad.numpy().transpose(2, 3, 1, 0).reshape(-1, UNITS),
            bias.grad.numpy(),
        )
        for mine, other in zip(found, theirs, strict=True):
            np.testing.assert_allclose(mine[member], other, rtol=1e-11, atol=1e-12)


@pytest.mark.parametrize("products", [BLAS, UNITWISE])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_a_member_has_the_bits_that_it_has_alone(monkeypatch, products, dtype):
    monkeypatch.setattr(convolution, "PATCH_BYTES", 2 * 16 * 9 * CHANNELS * np.dtype(dtype).itemsize)  # two samples
    x, weights, delta = arrays((4, 4), 1, dtype)
    together = run(Convolution(UNITS), x, weights, delta, products)
    alone = run(Convolution(UNITS), x[1:2], tuple(array[1:2] for array in weights), delta[1:2], products)
    assert all(np.array_equal(one[0], many[1]) for one, many in zip(alone, together, strict=True))


@pytest.mark.parametrize("samples", [1, 2, 4])
def test_parts_of_a_batch_give_the_gradients_of_the_whole(monkeypatch, samples):
    x, weights, delta = arrays((4, 4), 1)
    whole = run(Convolution(UNITS), x, weights, delta)
    monkeypatch.setattr(convolution, "PATCH_BYTES", samples * 16 * 9 * CHANNELS * x.itemsize)
    for one, other in zip(run(Convolution(UNITS), x, weights, delta), whole, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-12)


def test_inputs_that_all_members_share_are_those_of_each():
    x, weights, delta = arrays((4, 4), 1)
    shared = run(Convolution(UNITS), x[:1], weights, delta)
    each = run(Convolution(UNITS), x[:1].repeat(MEMBERS, axis=0), weights, delta)
    assert all(np.array_equal(shared[k], each[k]) for k in (0, 2, 3))


def test_fans_count_the_taps():
    weight, bias = Convolution(UNITS).weights((8, 8, CHANNELS))
    assert (weight.shape, weight.fan_in, weight.fan_out) == ((18, 4), 18, 36)
    assert (weight.receptive_field, bias.receptive_field) == (9, 9)


@pytest.mark.parametrize("scheme", ["constant(0.05)", "zeros", "constant(0.01,bias=0.1)"])
@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_equal_channels_stay_equal_to_the_last_bit(monkeypatch, normalization, scheme):
    monkeypatch.setattr(convolution, "PATCH_BYTES", 5000)
    width, samples, training = 6, 10, Training(steps=8, learning_rates=(0.1,))
    cell = Cell("digits", width, 3, "sigmoid", normalization, scheme, architecture="convnet")
    network = cell.build(64, 3)
    rng = np.random.default_rng(1)
    inputs, labels = rng.standard_normal((samples, 64)), rng.integers(3, size=samples)
    start = draw_parameters(cell, network, 0, training, inputs)[None]
    assert products_for(network, training, start[0]) is UNITWISE
    optimizer = build_optimizer("sgd", vars(training))
    ensemble = Ensemble(network, optimizer, start, np.array([[0.1]]), samples, "float32", UNITWISE)
    for step in range(1, training.steps + 1):
        ensemble.update(step, inputs[None].astype("float32"), np.eye(3, dtype="float32")[labels][None])
    assert np.isfinite(ensemble.flat).all()
    # channels are equal columns, and equal rows of every tap
    for arrays_of_map in grouped(split(ensemble.flat, network), network)[:-1]:
        for array in arrays_of_map:
            columns = array.reshape(-1, width)
            assert (columns == columns[:, :1]).all()
    for at in network.maps[1:-1]:
        taps = split(ensemble.flat, network)[at.linear][0].reshape(9, width, width)
        assert (taps == taps[:, :1]).all()


def test_an_image_is_square():
    assert Image().output((64,)) == (8, 8, 1)
    with pytest.raises(ValueError, match="13 features are no square image"):
        build("convnet", (13,), 3, 4, 2, "relu", "none")
    assert build("convnet", (13,), 3, 4, 0, "relu", "none").size == 13 * 3 + 3


def test_the_first_layer_hands_nothing_back():
    network = build("convnet", (64,), 3, 4, 2, "relu", "none")
    buffers = passes.allocate(network, 1, 4, np.float64)
    assert buffers.layers[1].onward is None
    assert buffers.layers[3].onward is not None


def test_strides_halve_images_down_to_four():
    sides = [shape[0] for shape in build("convnet", (784,), 10, 4, 6, "relu", "none").shapes[1:-2:2]]
    assert sides == [28, 28, 14, 7, 4, 4, 4]


def test_pooling_is_the_mean_and_its_transpose():
    rng = np.random.default_rng(0)
    x, delta = rng.normal(size=(2, 3, 4, 5, 6)), rng.normal(size=(2, 3, 6))
    buffers = GlobalPooling().buffers((4, 5, 6), Memory(2, 3, np.dtype(float)))
    np.testing.assert_allclose(GlobalPooling().forward((), x, buffers), x.mean(axis=(2, 3)), rtol=1e-13)
    back = GlobalPooling().backward((), buffers, delta, None)
    np.testing.assert_allclose(back, np.broadcast_to(delta[:, :, None, None] / 20, x.shape), rtol=1e-13)
