"""What a training step costs in passes over memory, products and allocations: counts, the same on every machine."""

import dataclasses
import tracemalloc

import numpy as np
import pytest

from initbench.activations import get_activation
from initbench.architectures import build
from initbench.architectures.mlp import mlp
from initbench.engine.ensemble import Ensemble
from initbench.engine.schedule import seed_groups
from initbench.engine.training import ensembles
from initbench.network import kernels
from initbench.network.layer import Network
from initbench.network.nonlinearity import Nonlinearity
from initbench.network.normalization import normalization as normalization_layers
from initbench.network.passes import Buffers
from initbench.optimizers import build as build_optimizer
from initbench.optimizers import sgd
from initbench.study.cells import Training

SEEDS, BATCH, WIDTH = 2, 64, 32
HOW = Training(steps=3, learning_rates=(0.01, 0.1))
# Per hidden layer and step: products with a matrix; sums over the batch, each a product with a row of ones; and other
# passes over an array of the layer's size (biases, activation, pulling back through it, update; normalisation).
PRODUCTS = 3
SUMS = {"none": 1, "batch": 0}
PASSES = {
    ("tanh", "none"): 1 + 1 + 1 + 1,
    ("relu", "none"): 1 + 1 + 1 + 1,
    ("sigmoid", "none"): 1 + 4 + 1 + 1,
    ("tanh", "batch"): 2 + 1 + 1 + 1 + 1,
    ("relu", "batch"): 2 + 1 + 1 + 1 + 1,
    ("sigmoid", "batch"): 2 + 4 + 1 + 1 + 1,
}


class Counted(np.ndarray):
    """An array that notes each ufunc it takes part in: (name, size of the result, whether the result is a new array)."""

    noted: list[tuple[str, int, bool]] = []  # noqa: RUF012

    def __array_ufunc__(self, ufunc, method, *inputs, out=(), **named):
        def plain(values):
            return tuple(v.view(np.ndarray) if isinstance(v, Counted) else v for v in values)

        if out:
            named["out"] = plain(out)
        result = getattr(ufunc, method)(*plain(inputs), **named)
        Counted.noted.append((ufunc.__name__, np.size(result), not out))
        return out[0] if out else np.asarray(result).view(Counted)


def counted(value):
    """The same arrays, in tuples and lists too, as counted views."""
    if isinstance(value, np.ndarray):
        return value.view(Counted)
    return type(value)(counted(v) for v in value) if isinstance(value, list | tuple) else value


def fused_and_noted(function):
    """A fused pass that notes the size of the largest array it is given."""

    def noting(*arguments):
        plain = [a.view(np.ndarray) if isinstance(a, Counted) else a for a in arguments]
        Counted.noted.append(("fused", max(np.size(a) for a in plain), False))
        return function(*plain)

    return noting


@pytest.fixture(autouse=True)
def _note_fused_passes(monkeypatch):
    for module in (kernels, sgd):
        for name, function in vars(module).items():
            if hasattr(function, "__wrapped__"):  # compiled
                monkeypatch.setattr(module, name, fused_and_noted(function))


def noting_activation(name):
    """An activation whose fused pass back is noted."""
    activation = get_activation(name)
    return dataclasses.replace(activation, pull_back_from_output=fused_and_noted(activation.pull_back_from_output))


def rates_of(starts: int) -> np.ndarray:
    """Those of HOW for so many starts."""
    return np.tile(HOW.learning_rates, (starts, 1))


def ensemble_and_batch(digits, depth, normalization, activation):
    """An ensemble of four runs after its first step, and a batch."""
    data = [digits.of(seed) for seed in range(SEEDS)]
    inputs, classes = (digits.features.shape[1],), len(digits.classes)
    between, phi = normalization_layers(normalization), (Nonlinearity(noting_activation(activation)),)
    network = Network(inputs, tuple(mlp(inputs, classes, WIDTH, depth, phi, between)))
    start = np.random.default_rng(0).normal(0, 0.1, (SEEDS, network.size))
    ensemble = Ensemble(network, build_optimizer("sgd", vars(HOW)), start, rates_of(SEEDS), BATCH, HOW.dtype)
    groups = seed_groups(data, list(range(SEEDS)), HOW, len(HOW.learning_rates))
    batch, targets = (
        np.repeat(np.stack([part[:BATCH] for part in parts]), len(HOW.learning_rates), axis=0)
        for parts in ([g.inputs["train"] for g in groups], [g.targets for g in groups])
    )
    ensemble.update(1, batch, targets)
    return ensemble, batch, targets


def noted(digits, depth, normalization, activation):
    """What a step notes."""
    ensemble, inputs, targets = ensemble_and_batch(digits, depth, normalization, activation)
    for written in ensemble.buffers.layers:
        for field in dataclasses.fields(written):
            if isinstance(getattr(written, field.name), np.ndarray):
                setattr(written, field.name, counted(getattr(written, field.name)))
    ensemble.buffers = Buffers(ensemble.buffers.layers, counted(ensemble.buffers.cotangent))
    for name in ("parameters", "gradients"):
        setattr(ensemble, name, counted(getattr(ensemble, name)))
    Counted.noted = []
    ensemble.update(2, counted(inputs), counted(targets))
    return Counted.noted


@pytest.mark.parametrize(("activation", "normalization"), list(PASSES))
def test_a_layer_takes_three_products_and_few_passes_over_memory(digits, activation, normalization):
    members = SEEDS * len(HOW.learning_rates)
    large = members * WIDTH * WIDTH  # the size of a layer's weights, below that of its activations

    def count(depth):
        found = noted(digits, depth, normalization, activation)
        products = sum(name == "matmul" and size >= large for name, size, _ in found)
        sums = sum(name == "matmul" and size == members * WIDTH for name, size, _ in found)
        passes = sum(name != "matmul" and size >= large for name, size, _ in found)
        return np.array([products, sums, passes]), sum(size >= large and new for _, size, new in found)

    (few, _), (many, new) = count(2), count(5)
    products, sums, passes = (many - few) / 3
    assert products == PRODUCTS
    assert sums <= SUMS[normalization]
    assert passes <= PASSES[activation, normalization]
    assert new == 0


@pytest.mark.parametrize("normalization", ["none", "batch"])
@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "relu"])
def test_a_step_allocates_a_few_arrays_of_the_logits_size_at_any_depth(digits, activation, normalization):
    ensemble, inputs, targets = ensemble_and_batch(digits, 12, normalization, activation)
    ensemble.update(2, inputs, targets)
    tracemalloc.start()
    ensemble.update(3, inputs, targets)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 6 * ensemble.buffers.cotangent.nbytes


def test_layers_share_what_is_not_read_again(digits):
    ensemble, *_ = ensemble_and_batch(digits, 6, "none", "tanh")
    dense, phi = ensemble.buffers.layers[::2], ensemble.buffers.layers[1::2]
    assert len({id(written.output) for written in dense[:-1]}) == 1
    assert len({id(written.output) for written in phi}) == 6
    assert len({id(written.onward) for written in dense[1:]}) == 2  # in turn
    assert dense[0].onward is None  # nobody asks for the gradient by the inputs
    flat = {id(update.parts[0].gradient) for update in ensemble.updates}
    assert len(flat) == 3  # of the first layer, the hidden ones, the last


def test_pre_activations_are_kept_where_the_slope_needs_them(digits):
    network = build("mlp", (64,), 10, WIDTH, 6, "gelu", "none")
    ensemble = Ensemble(network, build_optimizer("sgd", {}), np.zeros((1, network.size)), rates_of(1), BATCH, HOW.dtype)
    assert len({id(written.output) for written in ensemble.buffers.layers[::2]}) == 7


def mlp_of(width, depth):
    return build("mlp", (64,), 10, width, depth, "tanh", "none")


@pytest.mark.parametrize(("width", "depth"), [(64, 10), (32, 20), (64, 1)])
def test_an_ensemble_holds_enough_runs_to_spread_the_calls_of_a_layer(width, depth):
    found = ensembles(mlp_of(width, depth), Training(), 10, 1000, rates=3)
    assert min(len(starts) for starts in found) * 3 >= 6


def test_full_batches_take_smaller_ensembles():
    """An ensemble's memory is that of its batch: the whole split in full-batch gradient descent, not one sample."""
    shape, full = mlp_of(64, 10), Training(batch_size=0, learning_rates=(0.1,))
    few, many = (len(ensembles(shape, full, 40, samples, rates=1)) for samples in (64, 6400))
    assert few == len(ensembles(shape, Training(batch_size=64), 40, 6400, rates=1))
    assert many > few
