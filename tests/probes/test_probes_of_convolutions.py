"""Probes of convolutional networks: a unit is a channel, positions count as samples, and a sample's δ is that of all its positions."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.network import passes
from initbench.network.layer import split
from initbench.probes.batch import ProbeBatch, measure_networks
from initbench.probes.measure import measure
from initbench.probes.snapshot import take

SAMPLES, CLASSES, WIDTH, DEPTH = 6, 3, 5, 3
PLACES = [25, 9, 9]  # 5 × 5 images, halved once


def seen(normalization="none", members=2):
    network = build("convnet", (25,), CLASSES, WIDTH, DEPTH, "tanh", normalization)
    rng = np.random.default_rng(0)
    flat = rng.normal(0.1, 0.5, (members, network.size))
    one_hot = np.eye(CLASSES)[rng.integers(0, CLASSES, (members, SAMPLES))]
    inputs, cotangent = (rng.normal(size=(members, SAMPLES, n)) for n in (25, CLASSES))
    return network, flat, ProbeBatch(inputs, one_hot, cotangent)


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
def test_columns_are_what_they_say(normalization):
    network, flat, batch = seen(normalization)
    snapshot = take(network, split(flat, network), batch, 0.05, jacobian=True)
    layers, _ = measure(snapshot, start=True)
    buffers = passes.allocate(network, 2, SAMPLES, float, keep_cotangents=True)
    passes.forward(network, split(flat, network), batch.inputs, buffers)
    buffers.cotangent[...] = batch.cotangent
    passes.backward(network, split(flat, network), buffers, None)
    for k, at in enumerate(network.maps[:-1]):
        written = next(w for w in buffers.layers[at.linear : at.stop] if hasattr(w, "slope"))
        z, a, delta = (getattr(written, name) for name in ("preactivation", "output", "cotangent"))
        assert snapshot.layers[k].positions == PLACES[k]
        maps = a.reshape(2, SAMPLES, -1)
        for m in range(2):
            of_m = {name: values[m, k] for name, values in layers.items()}
            assert of_m["preactivation_second_moment"] == pytest.approx(np.square(z[m]).mean())
            assert of_m["activation_mean"] == pytest.approx(a[m].mean())
            assert of_m["delta_rms_gaussian"] == pytest.approx(np.sqrt(np.square(delta[m]).sum() / SAMPLES))
            assert of_m["activation_std_over_inputs"] == pytest.approx(np.sqrt(maps[m].var(axis=0).mean()))
            assert of_m["dead_fraction"] == 0
            cosines = _cosines(maps[m])
            assert of_m["input_correlation"] == pytest.approx(cosines)
    assert snapshot.jacobian.shape == (2, SAMPLES, CLASSES, 25)


def _cosines(vectors):
    unit = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
    gram = unit @ unit.T
    return gram[~np.eye(len(gram), dtype=bool)].mean()


def test_a_network_has_the_numbers_that_it_has_alone():
    network, flat, batch = seen("batch", members=3)
    together, _ = measure_networks(network, [flat], batch, 0.05)
    alone, _ = measure_networks(network, [flat[1:2]], batch.at(np.array([1])), 0.05)
    for name, values in alone.items():
        np.testing.assert_array_equal(values[0], together[name][1], err_msg=name)


def test_equal_channels_are_one_unit():
    network, flat, batch = seen(members=1)
    layers, _ = measure_networks(network, [np.full_like(flat, 0.1)], batch, 0.05)
    assert (layers["distinct_weights"][0] == 1).all()
    assert (layers["distinct_activations"][0, :-1] == 1).all()
    assert (layers["distinct_gradients"][0, :-1] == 1).all()
