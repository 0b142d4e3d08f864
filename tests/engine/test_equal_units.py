"""Networks whose units start equal: one unit, one bit pattern, on every matrix library, width, activation, normalisation."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.testing import assert_allclose

from initbench.architectures import build
from initbench.engine.ensemble import Ensemble
from initbench.engine.start import draw_parameters, products_for
from initbench.network.products import BLAS, UNITWISE, has_equal_units
from initbench.optimizers import build as build_optimizer
from initbench.study.cells import Cell, Training


@pytest.mark.parametrize("kernel", ["Haswell", "SkylakeX", "Sandybridge", "Prescott"])
def test_equal_units_stay_equal_to_the_last_bit(kernel):
    script = Path(__file__).with_name("equal_units_on_this_kernel.py")
    environment = os.environ | {"OPENBLAS_CORETYPE": kernel, "OPENBLAS_NUM_THREADS": "1"}
    done = subprocess.run([sys.executable, str(script)], env=environment, capture_output=True, text=True)
    if done.returncode == -signal.SIGILL:
        pytest.skip(f"this processor lacks what OpenBLAS's {kernel} kernel asks for")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["parted"] == []


@given(
    st.integers(1, 40),
    st.integers(1, 40),
    st.integers(1, 40),
    st.sampled_from(["float32", "float64"]),
    st.integers(0, 99),
)
@settings(max_examples=60, deadline=None)
def test_products_are_right_and_treat_equal_columns_and_rows_alike(rows, terms, units, dtype, seed):
    rng = np.random.default_rng(seed)
    x = rng.standard_normal((2, rows, terms)).astype(dtype)
    w = rng.standard_normal((2, terms, units)).astype(dtype)
    tolerance = 1e-5 if dtype == "float32" else 1e-13
    out = UNITWISE.multiply(x, w, np.empty((2, rows, units), dtype))
    assert_allclose(out, x.astype(float) @ w.astype(float), rtol=tolerance, atol=tolerance * terms)
    equal = np.repeat(w[:, :, :1], units, axis=2)
    columns = UNITWISE.multiply(x, equal, np.empty((2, rows, units), dtype))
    assert (columns == columns[:, :, :1]).all()
    transposed = UNITWISE.multiply(equal.swapaxes(1, 2), x.swapaxes(1, 2), np.empty((2, units, rows), dtype))
    assert (transposed == transposed[:, :1]).all()
    assert (UNITWISE.batch_sum(columns) == UNITWISE.batch_sum(columns)[:, :, :1]).all()
    assert_allclose(UNITWISE.batch_sum(out), BLAS.batch_sum(out), rtol=tolerance, atol=tolerance * rows)


def test_a_member_alone_has_the_numbers_that_it_has_in_a_stack():
    rng = np.random.default_rng(0)
    x, w = rng.standard_normal((3, 7, 5)).astype("float32"), rng.standard_normal((3, 5, 9)).astype("float32")
    together = UNITWISE.multiply(x, w, np.empty((3, 7, 9), "float32"))
    for member in range(3):
        one = slice(member, member + 1)
        assert np.array_equal(UNITWISE.multiply(x[one], w[one], np.empty((1, 7, 9), "float32")), together[one])


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("zeros", UNITWISE),
        ("constant(0.3)", UNITWISE),
        ("gaussian(0)", UNITWISE),
        ("zero_hadamard", BLAS),
        ("xavier_tanh", BLAS),
        ("sparse", BLAS),
        ("orthogonal", BLAS),
    ],
)
def test_products_are_chosen_by_what_was_drawn(scheme, expected):
    cell, training = Cell("digits", 20, 2, "tanh", "none", scheme), Training()
    network = cell.build(20, 4)
    flat = draw_parameters(cell, network, 0, training, np.ones((8, 20)))
    assert products_for(network, training, flat) is expected


def test_copies_are_found_among_other_units():
    matrix = np.random.default_rng(0).standard_normal((6, 9))
    assert not has_equal_units(matrix)
    assert not has_equal_units(np.concatenate([np.zeros((1, 9)), matrix]))
    assert has_equal_units(matrix[:, [0, 1, 2, 1]])


def one_unit_losses(width, constant, rate, momentum, inputs, one_hot, updates, depth=2):
    """Training losses of a tanh network of equal units, worked out with one unit a layer and its multiplicity, in float64."""
    first, bias = np.full(inputs.shape[1], constant), np.zeros(depth)
    between = np.full(depth - 1, constant)
    last, last_bias = np.full(one_hot.shape[1], constant), np.zeros(one_hot.shape[1])
    parameters = [first, bias, between, last, last_bias]
    velocity = [np.zeros_like(p) for p in parameters]
    losses = []
    for _ in range(updates):
        activations = [np.tanh(inputs @ first + bias[0])]
        for layer in range(1, depth):
            activations.append(np.tanh(width * between[layer - 1] * activations[-1] + bias[layer]))
        logits = width * activations[-1][:, None] * last + last_bias
        shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
        share = shifted / shifted.sum(axis=1, keepdims=True)
        losses.append(-np.log((share * one_hot).sum(axis=1)).mean())
        delta = (share - one_hot) / len(inputs)
        gradients = [np.zeros_like(p) for p in parameters]
        gradients[3], gradients[4] = activations[-1] @ delta, delta.sum(axis=0)
        back = delta @ last
        for layer in range(depth - 1, -1, -1):
            back = back * (1 - activations[layer] ** 2)
            gradients[1][layer] = back.sum()
            if layer:
                gradients[2][layer - 1] = activations[layer - 1] @ back
                back = width * between[layer - 1] * back
            else:
                gradients[0] = inputs.T @ back
        for p, v, g in zip(parameters, velocity, gradients, strict=True):
            v *= momentum
            v += g
            p -= rate * v
    return np.array(losses)


@pytest.mark.parametrize("width", [10, 50, 64])
def test_a_constant_network_trains_as_one_unit_does(width):
    rng, updates = np.random.default_rng(1), 300
    inputs, labels = rng.standard_normal((24, 13)), rng.integers(3, size=24)
    training = Training(steps=updates, learning_rates=(0.05,))
    cell = Cell("digits", width, 2, "tanh", "none", "constant(0.1)")
    network = build("mlp", (13,), 3, width, 2, "tanh", "none")
    start = draw_parameters(cell, network, 0, training, inputs)[None]
    rates = np.array([training.learning_rates])
    ensemble = Ensemble(network, build_optimizer("sgd", vars(training)), start, rates, 24, training.dtype, UNITWISE)
    batch, one_hot = inputs[None].astype("float32"), np.eye(3)[labels]
    found = [ensemble.update(k, batch, one_hot[None].astype("float32"))[0] / 24 for k in range(1, updates + 1)]
    expected = one_unit_losses(width, 0.1, 0.05, training.momentum, inputs, one_hot, updates)
    # float32 carries 7 digits, and 300 updates with momentum 0.9 add up what each rounds: 6e-6 under two kernels
    assert_allclose(found, expected, rtol=5e-5)
