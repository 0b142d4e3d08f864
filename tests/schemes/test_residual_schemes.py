"""Schemes made for shortcuts: what each block is at the start, by the numbers of its paper."""

import numpy as np
import pytest

from initbench.architectures import build
from initbench.network import passes
from initbench.network.layer import ungrouped
from initbench.schemes import SCHEMES, Layer, scheme
from initbench.schemes.draw import described, draw, draw_network

WIDTH, DEPTH = 32, 9  # four blocks
INPUTS = np.random.default_rng(1).normal(size=(1, 8, 12))
ARCHITECTURES = ("residual_mlp", "residual_mlp_preact")
architectures = pytest.mark.parametrize("name", ARCHITECTURES)


def network_of(name, normalization="none", activation="relu", depth=DEPTH):
    return build(name, (12,), 5, WIDTH, depth, activation, normalization)


def drawn(scheme, network):
    return draw_network(scheme, network, [np.random.default_rng(k) for k in range(len(network.maps))])


def logits(scheme, network):
    parameters = [tuple(array[None] for array in weights) for weights in drawn(scheme, network)]
    return passes.forward(network, ungrouped(parameters, network), INPUTS, passes.allocate(network, 1, 8, float))


@pytest.mark.parametrize("scheme", ["rezero", "skipinit", "zero_last"])
@architectures
def test_every_block_starts_as_its_shortcut(name, scheme):
    """With ReLU after the sum, which does nothing to what is not negative, too: the network of one hidden layer is left."""
    deep, shallow = logits(scheme, network_of(name)), network_of(name, depth=1)
    parameters = drawn(scheme, network_of(name))
    ends = [tuple(array[None] for array in parameters[k][:2]) for k in (0, -1)]
    expected = passes.forward(shallow, ungrouped(ends, shallow), INPUTS, passes.allocate(shallow, 1, 8, float))
    np.testing.assert_allclose(deep, expected, rtol=1e-12)


@pytest.mark.parametrize("normalization", ["batch", "layer"])
@architectures
def test_zero_gamma_silences_the_last_normalisation_of_each_branch_alone(name, normalization):
    network = network_of(name, normalization)
    silent = 2 if name == "residual_mlp" else 1
    for weights, layer in zip(drawn("zero_gamma", network), described(network), strict=True):
        if layer.normalization != "none":
            gamma = weights[2] if name == "residual_mlp_preact" and layer.ends_branch else weights[1]
            assert set(gamma) == {float(layer.branch_layer != silent)}
    np.testing.assert_allclose(logits("zero_gamma", network), logits("rezero", network), rtol=1e-12)


@architectures
def test_fixup_scales_what_he_draws_by_the_number_of_blocks(name):
    """Zhang et al. 2019, section 3: L^(−1/(2m − 2)) with m = 2 maps in each of L = 4 branches is 1/2."""
    network = network_of(name)
    for ours, he, layer in zip(drawn("fixup", network), drawn("he_normal", network), described(network), strict=True):
        factor = 0.0 if layer.is_output or layer.ends_branch else 0.5 if layer.branch_layer else 1.0
        np.testing.assert_array_equal(ours[0], factor * he[0])
    assert not logits("fixup", network).any()


def test_fixup_follows_the_number_of_maps_in_a_branch():
    weight, he = (draw(s, np.random.default_rng(0), Layer(8, 8, 2, 12, block=1, blocks=16, branch_layer=1, branch_layers=3))[0]
                  for s in ("fixup", "he_normal"))  # fmt: skip
    np.testing.assert_allclose(weight, he * 16**-0.25, rtol=1e-15)
    only = Layer(8, 8, 2, 12, block=1, blocks=16, branch_layer=1, branch_layers=1)  # first and last
    assert not draw("fixup", np.random.default_rng(0), only)[0].any()


@architectures
def test_a_scalar_that_is_given_is_where_branches_start(name):
    network = network_of(name)
    for ours, he, layer in zip(
        drawn("skipinit(0.25)", network), drawn("he_normal", network), described(network), strict=True
    ):
        alphas = [array for array in ours if array.shape == (1,)]
        assert alphas == ([0.25] if layer.ends_branch else [])
        np.testing.assert_array_equal(ours[0], he[0])


@pytest.mark.parametrize("scheme", ["rezero", "skipinit(0.5)", "zero_last"])
def test_without_shortcuts_they_are_he_normal(scheme):
    network = build("mlp", (12,), 5, WIDTH, 3, "relu", "batch")
    for ours, he in zip(drawn(scheme, network), drawn("he_normal", network), strict=True):
        assert all(np.array_equal(a, b) for a, b in zip(ours, he, strict=True))


@pytest.mark.parametrize("normalization", ["none", "batch", "layer"])
@architectures
@pytest.mark.parametrize("scheme", sorted(name for name in SCHEMES if not SCHEMES[name].parameters))
def test_every_scheme_draws_a_residual_network(scheme, name, normalization):
    network = network_of(name, normalization, "tanh")
    for weights, arrays in zip(ungrouped(drawn(scheme, network), network), network.weights, strict=True):
        assert [array.shape for array in weights] == [weight.shape for weight in arrays]
    assert np.isfinite(logits(scheme, network)).all()


@pytest.mark.parametrize("stated", ["gain", "branch_gain"])
def test_a_start_of_gains_that_is_no_number_is_refused(stated):
    @scheme("test_endless", **{stated: lambda layer: float("inf")})
    def endless(rng, fan_in, fan_out):
        """W ~ N(0, 1), and a gain that no number is."""
        return rng.standard_normal((fan_in, fan_out))

    try:
        with pytest.raises(ValueError, match=r"test_endless: γ starts at .*: give finite numbers"):
            SCHEMES.check("test_endless")
    finally:
        SCHEMES.forget(["test_endless"])
