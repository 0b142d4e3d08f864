"""Every registered probe through one battery, and every column against a slow twin: its definition, written out plainly."""

import dataclasses
import itertools
import math

import numpy as np
import pytest

from initbench.architectures import build
from initbench.base.columns import Column
from initbench.network import passes
from initbench.network.layer import split
from initbench.network.normalization import NORMALIZATIONS
from initbench.probes import PROBES, TABLES, columns, probe, probes
from initbench.probes.batch import ProbeBatch, measure_networks
from initbench.probes.measure import measure
from initbench.probes.snapshot import take

MEMBERS, SAMPLES, FEATURES, CLASSES, WIDTH, DEPTH = 3, 7, 4, 3, 5, 3
SATURATION = 0.3


def networks(activation="tanh", normalization="none", depth=DEPTH, members=MEMBERS, dtype=float):
    """(network, flat parameters, probe batch, what the last update subtracted)."""
    network = build("mlp", (FEATURES,), CLASSES, WIDTH, depth, activation, normalization)
    rng = np.random.default_rng(0)
    flat = rng.normal(0.2, 0.9, (members, network.size))
    one_hot = np.eye(CLASSES)[rng.integers(0, CLASSES, (members, SAMPLES))]
    inputs, cotangent = (rng.normal(size=(members, SAMPLES, n)) for n in (FEATURES, CLASSES))
    batch = ProbeBatch(*(part.astype(dtype) for part in (inputs, one_hot, cotangent)))
    return network, flat.astype(dtype), batch, rng.normal(size=flat.shape).astype(dtype)


def snapshot(activation="tanh", normalization="none", depth=DEPTH):
    network, flat, batch, update = networks(activation, normalization, depth)
    return take(network, split(flat, network), batch, SATURATION, split(update, network), jacobian=True, changes=True)


def plain(values):
    """The numbers of an array as a flat list of Python floats."""
    return [float(v) for v in np.ravel(values)]


def mean(values):
    values = plain(values)
    return math.fsum(values) / len(values) if values else math.nan


def norm(values):
    return math.sqrt(math.fsum(v * v for v in plain(values)))


def deviation(values):
    return math.sqrt(mean([(v - mean(values)) ** 2 for v in plain(values)]))


def cosines(vectors):
    return [float(u @ v) / (norm(u) * norm(v)) for u, v in itertools.combinations(vectors, 2) if norm(u) * norm(v) > 0]


def rms(delta):
    return math.sqrt(mean([norm(sample) ** 2 for sample in delta]))


def distinct(units, scale, floor):
    found = []
    for unit in units:
        if not any(np.abs(unit - other).max() <= 1e-12 * scale for other in found):
            found.append(unit)
    return len(found) if scale > floor else 1


def of_units(what, matrix, floor=0.0):
    """The symmetry columns of the units (columns) of one matrix."""
    units, scale = matrix.T, np.abs(matrix).max()
    squares = np.linalg.svd(matrix, compute_uv=False) ** 2
    differences = [np.abs(u - v).max() for u, v in itertools.combinations(units, 2)]
    return {
        f"distinct_{what}s": distinct(units, scale, floor),
        f"exactly_equal_{what}s": float(max(differences) == 0),
        f"{what}_spread": max(differences) / scale,
        f"{what}_cosine": mean(np.abs(cosines(units))),
        f"{what}_effective_rank": squares.sum() ** 2 / (squares**2).sum(),
    }


def gradient_floor(layer, m):
    """Rounding of a sum over the samples of products a δ of the linear map."""
    largest = [np.abs(layer.cotangent[m, i]).max() for i in range(SAMPLES)]
    gain = 1 if layer.gain is None else np.abs(layer.gain[m]).max()
    return 4 * np.finfo(float).eps * np.abs(layer.inputs[m]).max() * mean(largest) * gain


def slow_layer(layer, m):
    """Every column of one member's layer."""
    z, weight, gradient = layer.preactivation[m], layer.weight[m], layer.gradient[m]
    found = {
        "preactivation_mean": mean(z),
        "preactivation_std": deviation(z),
        "preactivation_second_moment": mean(np.square(z)),
        "weight_norm": norm(weight),
        "gradient_norm": norm(gradient),
        "bias_gradient_norm": norm(layer.bias_gradient[m]),
        "delta_rms": rms(layer.cotangent[m]),
        "delta_rms_gaussian": rms(layer.independent_cotangent[m]),
        "update_ratio": norm(layer.update[m]) / norm(weight),
        "preactivation_change": math.sqrt(mean(np.square(z - layer.earlier[m]))),
    }
    found |= of_units("weight", weight) | of_units("gradient", gradient, gradient_floor(layer, m))
    if layer.activation is None:
        return found
    a, slope = layer.activation[m], layer.slope[m]
    dead = [all(a[i, j] == 0 == slope[i, j] for i in range(SAMPLES)) for j in range(WIDTH)]
    live = a.T[~np.array(dead)]
    return found | of_units("activation", a) | {
        "activation_mean": mean(a),
        "activation_std": deviation(a),
        "activation_second_moment": mean(np.square(a)),
        "activation_std_over_inputs": math.sqrt(mean([deviation(unit) ** 2 for unit in a.T])),
        "input_correlation": mean(cosines(a)),
        "saturated_fraction": mean(np.abs(slope) < SATURATION),
        "dead_fraction": mean(dead),
        "distinct_live_activations": distinct(live, np.abs(a).max(), 0),
    }  # fmt: skip


def slow_signal(seen, m):
    """Every column of one member's network."""
    layers = np.arange(len(seen.hidden))
    delta = [math.log(rms(layer.independent_cotangent[m]) ** 2) for layer in seen.hidden]
    moments = [math.log(mean(np.square(layer.preactivation[m]))) for layer in seen.hidden]
    values = np.concatenate([np.linalg.svd(matrix, compute_uv=False) for matrix in seen.jacobian[m]])
    return {
        "gradient_factor": math.exp(-np.polyfit(layers, delta, 1)[0]),
        "log_gradient_ratio": delta[0] - delta[-1],
        "forward_factor": math.exp(np.polyfit(layers, moments, 1)[0]),
        "jacobian_max": max(values),
        "jacobian_median": float(np.median(values)),
        "jacobian_min": min(values),
    }


@pytest.mark.parametrize("normalization", list(NORMALIZATIONS))
@pytest.mark.parametrize("activation", ["tanh", "relu", "gelu"])
def test_every_column_equals_its_slow_twin(activation, normalization):
    seen = snapshot(activation, normalization)
    layers, signal = measure(seen, start=True)
    assert set(layers) == {column.name for column in columns("layers")}
    assert set(signal) == {column.name for column in columns("signal")}
    for m in range(MEMBERS):
        for k, layer in enumerate(seen.layers):
            expected = slow_layer(layer, m)
            assert set(expected) == set(layers) if layer.is_hidden else set(expected) < set(layers)
            for name, values in layers.items():
                rel = 1e-6 if name.endswith(("cosine", "effective_rank")) else 1e-9  # from products in float32
                assert values[m, k] == pytest.approx(expected.get(name, np.nan), rel=rel, nan_ok=True), (name, k)
        for name, value in slow_signal(seen, m).items():
            assert signal[name][m] == pytest.approx(value, rel=1e-9), name


@pytest.mark.parametrize("normalization", list(NORMALIZATIONS))
def test_a_snapshot_holds_what_it_says(normalization):
    """Cotangents are derivatives of the samples' losses by z, gradients of the mean loss, slopes and gains those of the passes."""
    network, flat, batch, _ = networks("tanh", normalization)
    seen = take(network, split(flat, network), batch, SATURATION)
    p = np.exp(seen.logits) / np.exp(seen.logits).sum(axis=2, keepdims=True)
    np.testing.assert_allclose(seen.layers[-1].cotangent, p - batch.one_hot, rtol=1e-12)
    np.testing.assert_allclose(seen.layers[-1].independent_cotangent, batch.cotangent)
    _, gradients = passes.loss_and_gradients(network, split(flat, network), batch.inputs, batch.one_hot)
    for at, layer in zip(network.maps, seen.layers, strict=True):
        np.testing.assert_allclose(layer.gradient, gradients[at.linear][0], rtol=1e-12)
        np.testing.assert_allclose(layer.bias_gradient, layer.cotangent.mean(axis=1), rtol=1e-9, atol=1e-14)
        if layer.is_hidden:
            np.testing.assert_allclose(layer.activation, np.tanh(layer.preactivation))
            np.testing.assert_allclose(layer.slope, 1 - layer.activation**2, rtol=1e-7, atol=1e-12)
    for before, after in itertools.pairwise(seen.layers):
        np.testing.assert_array_equal(after.inputs, before.activation)
        if after.gain is None:
            onward = after.cotangent @ after.weight.swapaxes(1, 2)
            np.testing.assert_allclose(before.cotangent, onward * before.slope, rtol=1e-9, atol=1e-13)


@pytest.mark.parametrize("normalization", list(NORMALIZATIONS))
def test_what_was_before_the_last_update_is_what_the_parameters_then_give(normalization):
    network, flat, batch, update = networks("relu", normalization)
    seen = snapshot("relu", normalization)
    before = take(network, split(flat + update, network), batch, SATURATION)
    for now, then in zip(seen.layers, before.layers, strict=True):
        np.testing.assert_array_equal(now.earlier, then.preactivation)
    unasked = take(network, split(flat, network), batch, SATURATION, split(update, network))
    assert all(layer.earlier is None for layer in unasked.layers)


every = pytest.mark.parametrize("name", list(PROBES))


@every
@pytest.mark.parametrize("normalization", list(NORMALIZATIONS))
@pytest.mark.parametrize("depth", [0, 1, 3])
def test_a_probe_fills_the_columns_that_it_declares(name, normalization, depth):
    entry, seen = PROBES[name], snapshot("relu", normalization, depth)
    assert entry.table in TABLES
    for looked_at in seen.layers if entry.table == "layers" else [seen]:
        found = entry.function(looked_at)
        assert set(found) == {column.name for column in entry.columns}
        for column in entry.columns:
            values = np.asarray(found[column.name], float)
            assert values.shape == (MEMBERS,)
            known = values[np.isfinite(values)]
            assert column.type is float or np.array_equal(known, known.astype(int)), column.name
            assert column.meaning


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("normalization", list(NORMALIZATIONS))
def test_a_network_is_measured_as_it_is_alone(normalization, dtype):
    network, flat, batch, update = networks("tanh", normalization, members=5, dtype=dtype)
    for updates in (None, [update]):
        together = measure_networks(network, [flat], batch, SATURATION, updates)
        alone = measure_networks(
            network, [flat[3:4]], batch.at(np.array([3]), dtype), SATURATION, updates and [update[3:4]]
        )
        for whole, own in zip(together, alone, strict=True):
            for key, values in whole.items():
                np.testing.assert_array_equal(values[3:4], own[key], err_msg=key)


def test_stacks_of_networks_are_measured_one_after_the_other(monkeypatch):
    network, flat, batch, update = networks()
    monkeypatch.setattr("initbench.probes.batch.MEASURE_BYTES", 1)  # one at a time, so that stacks are cut anywhere
    layers, signal = measure_networks(network, [flat, 2 * flat], batch, SATURATION, [update, update])
    for stack, scale in enumerate((1, 2)):
        expected = measure_networks(network, [scale * flat], batch, SATURATION, [update])
        rows = slice(stack * MEMBERS, (stack + 1) * MEMBERS)
        for whole, own in zip((layers, signal), expected, strict=True):
            for key, values in whole.items():
                np.testing.assert_array_equal(values[rows], own[key], err_msg=key)


def test_what_is_looked_at_at_the_start_alone_is_left_out_later():
    network, flat, batch, update = networks()
    _, start = measure_networks(network, [flat], batch, SATURATION)
    layers, later = measure_networks(network, [flat], batch, SATURATION, [update])
    assert set(start) - set(later) == {"jacobian_max", "jacobian_median", "jacobian_min"}
    assert np.isfinite(layers["update_ratio"]).all()


def test_a_network_that_is_not_finite_is_measured_as_undefined():
    network, flat, batch, _ = networks("linear")
    flat[1] = 1e300
    layers, signal = measure_networks(network, [flat], batch, SATURATION)
    assert np.isnan(signal["jacobian_max"][1])
    assert np.isfinite(layers["gradient_norm"][[0, 2]]).all()


def test_a_probe_that_fills_other_columns_than_it_declares_is_named(monkeypatch):
    entry = dataclasses.replace(PROBES["norms"], function=lambda layer: {"weight_norm": np.zeros(MEMBERS)})
    monkeypatch.setitem(PROBES._entries, "norms", entry)
    with pytest.raises(ValueError, match="probe norms: it declares weight_norm, gradient_norm"):
        measure(snapshot(), start=True)


def test_a_probe_needs_columns_of_its_own_and_a_table():
    column = Column("my_column", float, "a number")
    with pytest.raises(ValueError, match="declare the columns"):
        probe("faulty")
    with pytest.raises(ValueError, match="choose one of layers, signal"):
        probe("faulty", table="runs", columns=[column])
    with pytest.raises(ValueError, match="the probe 'norms' fills weight_norm already"):
        probe("faulty", columns=[Column("weight_norm", float, "a number")])


def test_the_columns_of_shipped_probes_come_first():
    @probe("aardvark", columns=[Column("aardvarks", float, "a number")])
    def aardvark(layer):
        return {"aardvarks": np.zeros(len(layer.weight))}

    try:
        assert probes("layers")[-1].name == "aardvark"
        assert "aardvarks" in measure(snapshot(), start=True)[0]
    finally:
        PROBES.forget(["aardvark"])
