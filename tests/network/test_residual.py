"""Residual networks beside two independent automatic differentiations, and what their layers say of themselves."""

import autograd
import autograd.numpy as anp
import numpy as np
import pytest

from initbench.architectures import build
from initbench.network import passes
from initbench.network.branches import Place, places
from initbench.network.layer import split
from initbench.network.products import BLAS, UNITWISE
from initbench.network.residual import Fork
from initbench.probes.batch import ProbeBatch, measure_networks
from initbench.probes.snapshot import take

FEATURES, CLASSES, WIDTH, BATCH = 5, 3, 6, 7
ARCHITECTURES = ("residual_mlp", "residual_mlp_preact")
DEPTHS = (0, 1, 2, 3, 4, 7)
rng = np.random.default_rng(3)
INPUTS, LABELS = rng.normal(size=(BATCH, FEATURES)), rng.integers(0, CLASSES, BATCH)
ONE_HOT = np.eye(CLASSES)[LABELS]

architectures = pytest.mark.parametrize("name", ARCHITECTURES)
normalized = pytest.mark.parametrize("normalization", ["none", "batch", "layer"])


def network_of(name, depth, normalization, activation="tanh"):
    return build(name, (FEATURES,), CLASSES, WIDTH, depth, activation, normalization)


def residual(np_, parameters, x, name, depth, normalization, phi):
    """The logits as He et al. 2016a and b draw them, from arrays in the order in which they are used."""
    rest = iter(parameters)

    def linear(a):
        product = np_.matmul(a, next(rest))
        return product + next(rest) if normalization == "none" else product

    def normalized(z):
        if normalization == "none":
            return z
        axis = 0 if normalization == "batch" else 1
        centred = z - z.mean(axis, keepdims=True)
        scale = np_.sqrt((centred**2).mean(axis, keepdims=True) + 1e-5)
        return next(rest) * centred / scale + next(rest)

    plain, blocks = {0: (0, 0), 1: (1, 0), 2: (2, 0)}.get(depth, (1 + (depth + 1) % 2, (depth - 1) // 2))
    if name == "residual_mlp":
        for _ in range(plain):
            x = phi(normalized(linear(x)))
        for _ in range(blocks):
            branch = normalized(linear(phi(normalized(linear(x)))))
            x = phi(x + next(rest) * branch)
    else:
        for number in range(plain):
            x = linear(phi(normalized(x)) if number else x)
        for _ in range(blocks):
            branch = linear(phi(normalized(linear(phi(normalized(x))))))
            x = x + next(rest) * branch
        x = phi(normalized(x)) if depth else x
    return np_.matmul(x, next(rest)) + next(rest)


@pytest.mark.parametrize("depth", DEPTHS)
@normalized
@architectures
def test_loss_and_gradients_are_those_of_automatic_differentiation(name, normalization, depth):
    network = network_of(name, depth, normalization)
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))

    def loss(parameters):
        logits = residual(anp, parameters, INPUTS, name, depth, normalization, anp.tanh)
        log_p = logits - anp.log(anp.sum(anp.exp(logits), axis=1, keepdims=True))
        return -anp.mean(anp.sum(log_p * ONE_HOT, axis=1))

    parameters = split(flat, network)
    alone = [array[0] for weights in parameters for array in weights]
    value, gradients = passes.loss_and_gradients(network, parameters, INPUTS[None], ONE_HOT[None])
    assert value[0] == pytest.approx(float(loss(alone)), rel=1e-12)
    found = [array[0] for weights in gradients for array in weights]
    for own, expected in zip(found, autograd.grad(loss)(alone), strict=True):
        np.testing.assert_allclose(own, expected, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("activation", ["relu", "sigmoid", "gelu"])
@normalized
@architectures
def test_loss_and_gradients_are_those_of_pytorch(name, normalization, activation):
    torch = pytest.importorskip("torch")
    network = network_of(name, 6, normalization, activation)
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))
    parameters = split(flat, network)
    theirs = [torch.tensor(array[0], requires_grad=True) for weights in parameters for array in weights]
    phi = getattr(torch, activation, getattr(torch.nn.functional, activation, None))
    logits = residual(torch, theirs, torch.tensor(INPUTS), name, 6, normalization, phi)
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(LABELS))
    loss.backward()
    value, gradients = passes.loss_and_gradients(network, parameters, INPUTS[None], ONE_HOT[None])
    assert value[0] == pytest.approx(float(loss.detach()), rel=1e-12)
    for own, expected in zip((a[0] for weights in gradients for a in weights), theirs, strict=True):
        np.testing.assert_allclose(own, expected.grad.numpy(), rtol=1e-8, atol=1e-11)


@architectures
def test_the_jacobian_under_batch_statistics_held_fixed_is_that_of_each_sample(name):
    """One sample's inputs move its own logits alone, with the mean and variance of the batch as they are."""
    network = network_of(name, 5, "batch")
    flat = np.random.default_rng(0).normal(0.1, 0.7, (2, network.size))
    buffers = passes.allocate(network, 2, BATCH, float)
    passes.forward(network, split(flat, network), INPUTS[None], buffers)
    found = passes.jacobian(network, split(flat, network), buffers, 3)

    def logits(x):
        """A sample at x beside the whole batch, whose statistics alone count."""
        written = passes.allocate(network, 2, BATCH + 1, float, forward_only=True)
        for layer in written.layers:
            if hasattr(layer, "samples"):
                layer.samples = BATCH
        whole = np.concatenate([INPUTS, x[None]])[None]
        return passes.forward(network, split(flat, network), whole, written)[:, -1].copy()

    for k in range(3):
        for feature, shift in enumerate(1e-6 * np.eye(FEATURES)):
            numeric = (logits(INPUTS[k] + shift) - logits(INPUTS[k] - shift)) / 2e-6
            np.testing.assert_allclose(found[:, k, :, feature], numeric, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("depth", DEPTHS)
@architectures
def test_every_hidden_map_knows_its_branch(name, depth):
    found = [at.place for at in network_of(name, depth, "batch").maps]
    plain, blocks = min(depth, 2 - depth % 2), max(depth - 1, 0) // 2
    assert [(p.block, p.layer, p.layers) for p in found] == [
        *[(0, 0, 0)] * plain,
        *[(block, layer, 2) for block in range(1, blocks + 1) for layer in (1, 2)],
        (0, 0, 0),
    ]
    closing = 2 if name == "residual_mlp" else 1
    assert [p.last_normalization for p in found] == [p.layer == closing for p in found]
    assert [p.on_stream for p in found] == [p.layer != 1 for p in found]


def test_a_plain_network_has_no_branches_and_a_fork_needs_its_join():
    network = build("mlp", (FEATURES,), CLASSES, WIDTH, 3, "tanh", "batch")
    assert [at.place for at in network.maps] == [Place()] * 4
    assert places(network.layers) == [Place()] * 4
    with pytest.raises(ValueError, match="fork 'past' is followed by no join"):
        places((network.layers[0], Fork("past"), network.layers[3]))


@normalized
@architectures
def test_a_scalar_of_zero_leaves_the_plain_layers_alone(name, normalization):
    """With α = 0 a block hands its input on: before activation whatever follows, after it through φ once more."""
    network = network_of(name, 5, normalization, "relu")
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))
    parameters = split(flat, network)
    for weights, roles in zip(parameters, network.weights, strict=True):
        for array, weight in zip(weights, roles, strict=True):
            if weight.role == "branch_gain":
                array[...] = 0
    logits = passes.forward(network, parameters, INPUTS[None], passes.allocate(network, 1, BATCH, float))
    shallow = network_of(name, 1, normalization, "relu")
    ends = [*range(len(shallow.layers) - 1), -1]
    if name == "residual_mlp_preact" and normalization != "none":  # the last normalisation is that of the whole network
        ends[1] = -3
    kept = [parameters[k] for k in ends]
    expected = passes.forward(shallow, kept, INPUTS[None], passes.allocate(shallow, 1, BATCH, float))
    np.testing.assert_allclose(logits, expected, rtol=1e-12)


@normalized
@architectures
def test_units_that_are_equal_stay_equal_to_the_last_bit(name, normalization):
    network = build(name, (FEATURES,), CLASSES, 16, 5, "sigmoid", normalization)
    parameters = split(np.full((2, network.size), 0.1, np.float32), network)
    inputs, one_hot = INPUTS[None].astype(np.float32), ONE_HOT[None].astype(np.float32)
    buffers = passes.allocate(network, 2, BATCH, np.float32, products=UNITWISE)
    gradients = [tuple(np.empty_like(array) for array in weights) for weights in parameters]
    logits = passes.forward(network, parameters, inputs, buffers)
    buffers.cotangent[...] = logits - one_hot
    passes.backward(network, parameters, buffers, gradients)
    for at in network.maps[:-1]:
        weight = gradients[at.linear][0]
        np.testing.assert_array_equal(weight, np.broadcast_to(weight[:, :, :1], weight.shape))


def measured(network, flat):
    batch = ProbeBatch(INPUTS[None], ONE_HOT[None], np.random.default_rng(5).normal(size=(1, BATCH, CLASSES)))
    return batch, measure_networks(network, [flat], batch, 0.05)


@pytest.mark.parametrize("normalization", ["none", "batch"])
@architectures
def test_z_is_what_the_activation_is_given_and_delta_its_derivative(name, normalization):
    """δ by finite differences of the independent cotangent times the logits, moved at z itself."""
    network = network_of(name, 5, normalization)
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))
    batch, _ = measured(network, flat)
    parameters = split(flat, network)
    snapshot = take(network, parameters, batch, 0.05)
    for number, at in enumerate(network.maps[:-1]):
        layer = snapshot.layers[number]
        np.testing.assert_array_equal(layer.activation, np.tanh(layer.preactivation))
        phi = next(k for k in range(at.linear, at.stop) if network.layers[k].kind == "activation")
        fork = next((k for k in range(at.linear, phi) if network.layers[k].kind == "fork"), phi)
        moved = fork if normalization == "none" else phi  # without normalisation z is what the shortcut carries too

        def weighed(step, unit, moved=moved):
            buffers = passes.allocate(network, 1, BATCH, float)
            x = INPUTS[None]
            for k, inner in enumerate(network.layers):
                if k == moved:
                    x[:, 2, unit] += step
                x = inner.forward(parameters[k], x, buffers.layers[k])
            return float((x * batch.cotangent).sum())

        for unit in range(2):
            numeric = (weighed(1e-6, unit) - weighed(-1e-6, unit)) / 2e-6
            assert layer.independent_cotangent[0, 2, unit] == pytest.approx(numeric, rel=1e-5, abs=1e-8)


def test_factors_are_those_of_the_layers_that_no_shortcut_leads_past():
    network = network_of("residual_mlp", 6, "none")
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))
    _, (layers, signal) = measured(network, flat)
    numbers = np.array([1, 2, 4, 6])
    delta = 2 * np.log(layers["delta_rms_gaussian"][0, numbers - 1])
    slope = np.polyfit(numbers, delta, 1)[0]
    assert signal["gradient_factor"][0] == pytest.approx(np.exp(-slope), rel=1e-12)
    assert signal["log_gradient_ratio"][0] == pytest.approx(delta[0] - delta[-1], rel=1e-12)


def test_a_gain_that_is_learned_counts_what_normalisation_and_scalar_multiply_by():
    network = network_of("residual_mlp", 3, "batch")
    flat = np.random.default_rng(0).normal(0.1, 0.7, (1, network.size))
    batch, _ = measured(network, flat)
    parameters = split(flat, network)
    buffers = passes.allocate(network, 1, BATCH, float, products=BLAS)
    passes.forward(network, parameters, INPUTS[None], buffers)
    at = network.maps[2]
    gamma, scale, alpha = (
        parameters[at.linear + 1][0],
        buffers.layers[at.linear + 1].scale,
        parameters[at.linear + 2][0],
    )
    found = take(network, parameters, batch, 0.05).layers[2].gain
    np.testing.assert_allclose(found, gamma[:, None] / scale * alpha[:, :, None], rtol=1e-12)
