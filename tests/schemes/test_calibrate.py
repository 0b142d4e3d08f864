"""Data-dependent schemes: what `calibrate` is given, what it may return, and layer-sequential unit variance."""

import numpy as np
import pytest

from initbench.activations import get_activation
from initbench.engine.start import draw_parameters
from initbench.engine.training import train_shard
from initbench.network.layer import grouped, split
from initbench.network.normalization import EPSILON, NORMALIZATIONS
from initbench.schemes import scheme
from initbench.schemes.draw import calibrated, draw_network
from initbench.study.cells import Cell, Training

START = Training(steps=0, learning_rates=())


def drawn_network(cell, inputs=12, classes=5, seed=0):
    """(parameters, network) before calibration."""
    network = cell.build(inputs, classes)
    rngs = [np.random.default_rng([seed, k]) for k in range(len(network.maps))]
    return draw_network(cell.bound_scheme, network, rngs), network


def linear_outputs(parameters, batch, activation, normalization):
    """a W of every layer, by a plain forward pass."""
    a, outputs = batch, []
    for weight, *rest in parameters:
        z = a @ weight
        outputs.append(z)
        if len(rest) == 2:
            axis = 0 if normalization == "batch" else 1
            z = (z - z.mean(axis, keepdims=True)) / np.sqrt(z.var(axis, keepdims=True) + EPSILON)
        a = get_activation(activation)(z)
    return outputs


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
@pytest.mark.parametrize("activation", ["tanh", "relu", "sigmoid", "linear", "selu"])
@pytest.mark.parametrize("depth", [0, 1, 12])
def test_lsuv_gives_every_linear_output_unit_variance_on_its_batch(normalization, activation, depth):
    cell = Cell("digits", 20, depth, activation, normalization, "lsuv")
    parameters, network = drawn_network(cell)
    batch = np.random.default_rng(1).normal(3, 5, (64, 12))
    scaled = calibrated("lsuv", network, parameters, batch)
    for output in linear_outputs(scaled, batch, activation, normalization):
        assert output.var() == pytest.approx(1, rel=1e-10)


def test_lsuv_scales_orthonormal_weights_and_nothing_else():
    cell = Cell("digits", 20, 3, "relu", "batch", "lsuv")
    parameters, network = drawn_network(cell)
    scaled = calibrated("lsuv", network, parameters, np.random.default_rng(1).normal(size=(64, 12)))
    for (weight, *rest), (before, *same) in zip(scaled, parameters, strict=True):
        values = np.linalg.svd(weight, compute_uv=False)
        np.testing.assert_allclose(values, values[0], rtol=1e-12)
        np.testing.assert_allclose(weight, values[0] * before, rtol=1e-12, atol=1e-14)
        for array, old in zip(rest, same, strict=True):
            np.testing.assert_array_equal(array, old)


@pytest.mark.parametrize("dead", [0, 2])
def test_lsuv_leaves_a_layer_without_variance_and_those_after_it_as_drawn(dead):
    cell = Cell("digits", 20, 4, "relu", "none", "lsuv")
    parameters, network = drawn_network(cell)
    batch = np.random.default_rng(1).normal(size=(64, 12))
    if dead == 0:
        batch = np.zeros_like(batch)
    else:
        weight, bias = parameters[dead - 1]
        parameters[dead - 1] = (weight, bias - 1e6)  # no ReLU of this layer lets anything through
    scaled = calibrated("lsuv", network, parameters, batch)
    for index, ((weight, _), (before, _)) in enumerate(zip(scaled, parameters, strict=True)):
        assert (index < dead) != np.array_equal(weight, before)


def test_lsuv_gives_unit_variance_at_step_zero_of_training(digits):
    for normalization in NORMALIZATIONS:
        result = train_shard(Cell("digits", 32, 8, "tanh", normalization, "lsuv"), [0, 1], START, digits)
        np.testing.assert_allclose(result.layers["preactivation_std"], 1, rtol=1e-4)  # ε = 1e-5 under normalisation


def recording(name, function):
    """Register `function` as the calibration of a scheme of ones."""

    def ones(rng, fan_in, fan_out):
        return np.ones((fan_in, fan_out))

    scheme(name, calibrate=function)(ones)
    return name


def prepared(name, normalization="batch"):
    parameters, network = drawn_network(Cell("digits", 6, 2, "tanh", normalization, name))
    return network, parameters, np.ones((4, 12))


def test_calibrate_is_given_parameters_and_batch_and_a_way_to_pass_a_layer_if_it_asks():
    seen = {}
    two = recording("test_two", lambda parameters, batch: seen.update(two=(parameters, batch)) or parameters)
    three = recording("test_three", lambda parameters, batch, forward: seen.update(three=forward) or parameters)
    network, parameters, batch = prepared(two)
    calibrated(two, network, parameters, batch)
    assert [len(layer) for layer in seen["two"][0]] == [3, 3, 2]
    assert seen["two"][1].shape == (4, 12)
    calibrated(three, network, parameters, batch)
    assert [(p.activation, p.normalization) for p in seen["three"].layers] == [("tanh", "batch")] * 2 + [
        ("linear", "none")
    ]


def test_calibrate_cannot_write_to_what_it_is_given():
    def doubles_in_place(parameters, batch):
        parameters[0][0][...] *= 2
        return parameters

    def shifts_the_batch(parameters, batch):
        batch += 1
        return parameters

    for k, function in enumerate((doubles_in_place, shifts_the_batch)):
        name = recording(f"test_writes_{k}", function)
        network, parameters, batch = prepared(name)
        with pytest.raises(ValueError, match=f"scheme {name}: calibrate: .*read-only"):
            calibrated(name, network, parameters, batch)
        assert (parameters[0][0] == 1).all()
        assert (batch == 1).all()


@pytest.mark.parametrize(
    ("function", "words"),
    [
        (lambda parameters, batch: parameters[:-1], "shapes"),
        (lambda parameters, batch: [(w.T, *rest) for w, *rest in parameters], "shapes"),
        (lambda parameters, batch: [(w * np.nan, *rest) for w, *rest in parameters], "not finite"),
        (lambda parameters, batch: None, "calibrate"),
    ],
)
def test_a_calibration_that_returns_something_else_is_named(function, words):
    name = recording("test_returns", function)
    with pytest.raises(ValueError, match=rf"scheme test_returns: .*{words}"):
        calibrated(name, *prepared(name))


def test_parameters_are_calibrated_on_the_probe_batch_before_they_are_measured(digits):
    cell = Cell("digits", 16, 2, "tanh", "none", "lsuv")
    network = cell.build(64, 10)
    probe = digits.of(0).train_inputs[:64]
    flat = draw_parameters(cell, network, 0, START, probe)
    layers = [tuple(a[0] for a in layer) for layer in grouped(split(flat[None], network), network)]
    for output in linear_outputs(layers, probe, "tanh", "none"):
        assert output.var() == pytest.approx(1, rel=1e-10)
