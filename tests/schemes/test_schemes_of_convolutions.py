"""What schemes draw for convolutions, whose fans count the receptive field."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.network import passes
from initbench.network.layer import split
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import described, draw, draw_network
from initbench.schemes.label import parse_scheme

CHANNELS, UNITS = 20, 30
LAYER = Layer(9 * CHANNELS, 9 * UNITS, 2, 4, "tanh", receptive_field=9)


def label(name):
    """A scheme by its name, with a value for every parameter that has no default."""
    needed = [k for k, parameter in SCHEMES[name].parameters.items() if parameter.default is parameter.empty]
    return f"{name}({','.join(f'{key}=0.5' for key in needed)})" if needed else name


@pytest.mark.parametrize("name", list(SCHEMES))
def test_every_scheme_draws_a_column_a_channel_of_the_variance_that_it_states(name):
    scheme = parse_scheme(label(name))
    weight, bias = draw(scheme, np.random.default_rng(0), LAYER)
    assert weight.shape == (9 * CHANNELS, UNITS)
    assert bias.shape == (UNITS,)
    if stated := scheme.variances(LAYER):
        assert weight.var() == pytest.approx(stated[0], rel=0.06)  # 5,400 numbers


def test_a_network_is_told_its_receptive_fields():
    told = described(build("convnet", (64,), 10, UNITS, 2, "relu", "none"))
    assert [(layer.fan_in, layer.fan_out, layer.units, layer.channels) for layer in told] == [
        (9, 270, 30, 1),
        (270, 270, 30, 30),
        (30, 10, 10, 30),
    ]
    assert [layer.receptive_field for layer in told] == [9, 9, 1]


def test_layers_of_units_are_drawn_as_ever():
    dense = Layer(9 * CHANNELS, UNITS, 2, 4, "tanh")
    for each in ("he_normal", "orthogonal", "sparse", "identity"):
        ours, theirs = (draw(each, np.random.default_rng(0), layer)[0] for layer in (dense, LAYER))
        assert ours.shape == theirs.shape


@pytest.mark.parametrize("architecture", ["convnet", "convnet_circular"])
def test_delta_orthogonal_convolutions_preserve_every_position(architecture):
    network = build(architecture, (16,), 10, 12, 3, "linear", "none")  # 4 × 4: no strides
    rngs = [np.random.default_rng(k) for k in range(4)]
    flat = np.concatenate([a.ravel() for arrays in draw_network("delta_orthogonal", network, rngs) for a in arrays])
    buffers = passes.allocate(network, 1, 5, float)
    x = np.random.default_rng(9).normal(size=(1, 5, 16))
    passes.forward(network, split(flat[None], network), x, buffers)
    for at in network.maps[:-1]:
        lengths = np.linalg.norm(buffers.layers[at.linear].output, axis=4)
        np.testing.assert_allclose(lengths.reshape(1, 5, 16), np.abs(x), rtol=1e-10)


def test_the_centre_tap_is_what_the_others_leave_alone():
    for each in ("delta_orthogonal(gain=2)", "identity", "zero_hadamard"):
        taps = draw(each, np.random.default_rng(0), LAYER)[0].reshape(9, CHANNELS, UNITS)
        assert not np.delete(taps, 4, axis=0).any()
        assert np.linalg.matrix_rank(taps[4]) == CHANNELS
    q = draw("delta_orthogonal(gain=2)", np.random.default_rng(0), LAYER)[0].reshape(9, CHANNELS, UNITS)[4]
    np.testing.assert_allclose(q @ q.T, 4 * np.eye(CHANNELS), atol=1e-12)
    dense = Layer(CHANNELS, UNITS)
    ours, theirs = (draw(name, np.random.default_rng(0), dense)[0] for name in ("delta_orthogonal", "orthogonal"))
    np.testing.assert_array_equal(ours, theirs)


def test_orthogonal_is_the_matrix_of_patches_by_channels():
    weight = draw("orthogonal", np.random.default_rng(0), LAYER)[0]
    np.testing.assert_allclose(weight.T @ weight, np.eye(UNITS), atol=1e-12)
