"""What measuring a network costs in products and passes over memory: counts, the same on every machine."""

import dataclasses
from collections import Counter

import numpy as np
import pytest

from initbench.activations import get_activation
from initbench.architectures.mlp import mlp
from initbench.network.layer import Network
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.normalization import normalization as normalization_layers
from initbench.network.products import BLAS, Products
from initbench.probes import passes
from initbench.probes.batch import ProbeBatch, measure_networks

MEMBERS, SAMPLES, FEATURES, CLASSES, WIDTH = 3, 24, 6, 4, 24
PRODUCTS = 4  # a hidden layer: forward, back with two cotangents, ∂loss/∂W
# Of each of weights, activations and gradients: extents, squares, directions, sums over pairs, distinct units; then moments of
# z and a, slopes, directions of samples, and the sizes of two cotangents, ∂loss/∂b and the last update.
PASSES = 3 * 5 + 2 + 1 + 1 + 4


@pytest.fixture
def noted(monkeypatch) -> Counter:
    """How often each fused pass of the probes is called."""
    found: Counter = Counter()

    def noting(name, function):
        def call(*arguments):
            found[name] += 1
            return function(*arguments)

        return call

    for name, function in vars(passes).items():
        if hasattr(function, "__wrapped__"):  # compiled
            monkeypatch.setattr(passes, name, noting(name, function))
    return found


def measured(noted, depth, normalization="none", activation="tanh", start=None, later=True):
    """Counts of measuring networks once: the fused passes, `products` and `slope`."""
    noted.clear()

    def multiply(*arguments):
        noted["products"] += 1
        return BLAS.multiply(*arguments)

    phi = get_activation(activation)

    def derivative(z, out):
        noted["slope"] += 1
        return phi.derivative(z, out)

    layers = (Nonlinearity(dataclasses.replace(phi, derivative=derivative)),)
    normalized = normalization_layers(normalization)
    network = Network((FEATURES,), tuple(mlp((FEATURES,), CLASSES, WIDTH, depth, layers, normalized)))
    rng = np.random.default_rng(0)
    parts = (rng.normal(size=(MEMBERS, SAMPLES, n)) for n in (FEATURES, CLASSES))
    inputs, cotangent = parts
    one_hot = np.eye(CLASSES)[rng.integers(0, CLASSES, (MEMBERS, SAMPLES))]
    flat = rng.normal(size=(MEMBERS, network.size)) if start is None else np.full((MEMBERS, network.size), start)
    updates = [flat] if later else None
    products = Products(multiply, BLAS.batch_sum, unitwise=False)
    measure_networks(network, [flat], ProbeBatch(inputs, one_hot, cotangent), 0.05, updates, products)
    return Counter(noted)


@pytest.mark.parametrize("normalization", ["none", "batch"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_a_layer_is_measured_by_four_products_and_few_passes_over_each_of_its_arrays(noted, normalization, activation):
    few, many = (measured(noted, depth, normalization, activation) for depth in (2, 5))
    each = {name: (many[name] - few[name]) / 3 for name in many}
    assert each.pop("products") == PRODUCTS
    assert each.pop("slope") == 1
    assert sum(each.values()) <= PASSES + (activation == "relu")  # dead units, where some are, are counted without
    assert max(each.values()) <= 4


def test_units_that_are_all_the_same_need_no_products_of_pairs(noted):
    found = measured(noted, 3, start=0.1, later=False)
    assert found["extents"] > 0
    # of the output layer's gradient alone, whose units are the classes
    assert found["directions"] == found["pair_sums"] == 1
    assert found["representatives"] <= 1
