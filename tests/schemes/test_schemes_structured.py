"""Schemes whose weights have a structure: orthogonal, sparse, identity, Hadamard."""

import numpy as np
import pytest
from scipy import linalg, stats

from initbench.schemes import Layer
from initbench.schemes.draw import draw
from initbench.schemes.orthogonal_gain import TORCH_GAINS
from initbench.schemes.zero_hadamard import hadamard

FANS = [(40, 25), (25, 40), (30, 30), (64, 10), (1, 5)]


@pytest.mark.parametrize("fans", FANS)
@pytest.mark.parametrize("gain", [1, 1.5])
def test_orthogonal_weights_are_orthonormal_times_gain(fans, gain):
    weight, bias = draw(f"orthogonal(gain={gain})", np.random.default_rng(0), Layer(*fans))
    gram = weight.T @ weight if fans[0] >= fans[1] else weight @ weight.T
    np.testing.assert_allclose(gram, gain**2 * np.eye(min(fans)), atol=1e-12)
    assert not bias.any()


def test_orthogonal_weights_are_uniform_on_the_orthogonal_group():
    """Uniform (Haar) means: an entry √n·W_ij has the law of a coordinate on the sphere, whatever its place; and det = ±1
    are equally likely, which they are not if the signs of the QR factor are left as LAPACK gives them (Mezzadri 2007)."""
    drawn = np.stack([draw("orthogonal", np.random.default_rng(k), Layer(4, 4))[0] for k in range(3000)])
    coordinate = stats.beta(1.5, 1.5, loc=-1, scale=2)  # of a point on the sphere in 4 dimensions
    for row, column in ((0, 0), (3, 0), (0, 3), (3, 3)):
        assert stats.kstest(drawn[:, row, column], coordinate.cdf).pvalue > 1e-3
    assert np.mean(np.linalg.det(drawn) > 0) == pytest.approx(0.5, abs=4 * 0.5 / np.sqrt(3000))


@pytest.mark.parametrize(
    ("activation", "gain"),
    # torch.nn.init.calculate_gain, PyTorch 2
    [
        ("linear", 1),
        ("sigmoid", 1),
        ("tanh", 5 / 3),
        ("relu", 2**0.5),
        ("leaky_relu", 1.4141428569978354),
        ("selu", 0.75),
    ],
)
def test_the_gains_are_pytorchs(activation, gain):
    weight, _ = draw("orthogonal_torch_gain", np.random.default_rng(0), Layer(20, 30, activation=activation))
    np.testing.assert_allclose(np.linalg.svd(weight, compute_uv=False), gain, rtol=1e-12)
    assert TORCH_GAINS[activation] == pytest.approx(gain, rel=1e-15)


def test_an_activation_without_a_recommended_gain_is_refused():
    with pytest.raises(ValueError, match="no gain for 'gelu'"):
        draw("orthogonal_torch_gain", np.random.default_rng(0), Layer(4, 4, activation="gelu"))


@pytest.mark.parametrize(("fans", "k"), [((100, 60), 15), ((100, 60), 7), ((10, 60), 15), ((100, 3), 1)])
def test_a_sparse_unit_has_k_incoming_connections_of_unit_size(fans, k):
    weight, bias = draw(f"sparse({k})", np.random.default_rng(2), Layer(*fans))
    assert (np.count_nonzero(weight, axis=0) == min(k, fans[0])).all()
    assert not bias.any()
    many = np.concatenate([draw(f"sparse({k})", np.random.default_rng(s), Layer(*fans))[0] for s in range(40)])
    assert stats.kstest(many[many != 0], stats.norm(0, 1).cdf).pvalue > 1e-3


def test_sparse_connections_are_spread_evenly_over_the_inputs():
    counts = sum(
        np.count_nonzero(draw("sparse", np.random.default_rng(s), Layer(50, 40))[0], axis=1) for s in range(50)
    )
    assert stats.chisquare(counts).pvalue > 1e-3


def test_sparse_takes_the_same_normals_and_the_bias_that_tanh_wants():
    dense, _ = draw("small_normal(1)", np.random.default_rng(4), Layer(50, 40))
    weight, bias = draw("sparse(15,0.25,0.5)", np.random.default_rng(4), Layer(50, 40))
    np.testing.assert_array_equal(weight[weight != 0], 0.25 * dense[weight != 0])
    assert (bias == 0.5).all()


@pytest.mark.parametrize("fans", FANS)
def test_the_identity_hands_on_its_inputs(fans):
    weight, bias = draw("identity", np.random.default_rng(0), Layer(*fans))
    inputs = np.random.default_rng(1).normal(size=(3, fans[0]))
    shared = min(fans)
    np.testing.assert_array_equal((inputs @ weight)[:, :shared], inputs[:, :shared])
    assert not (inputs @ weight)[:, shared:].any()
    assert not bias.any()


@pytest.mark.parametrize("order", range(8))
def test_hadamard_matrices_are_sylvesters(order):
    matrix, size = hadamard(order), 2**order
    np.testing.assert_array_equal(matrix @ matrix.T, size * np.eye(size))
    np.testing.assert_array_equal(matrix, linalg.hadamard(size))


@pytest.mark.parametrize("fans", [(4, 8), (5, 8), (5, 7), (64, 100), (1, 2), (3, 64)])
def test_zero_widens_by_a_hadamard_transform(fans):
    """Against the three factors of algorithm 1: I* (fan_in × 2^m), H/2^(m/2), I* (2^m × fan_out)."""
    weight, _ = draw("zero_hadamard", np.random.default_rng(0), Layer(*fans))
    size = 2 ** int(np.ceil(np.log2(fans[1])))
    product = np.eye(fans[0], size) @ (linalg.hadamard(size) / np.sqrt(size)) @ np.eye(size, fans[1])
    np.testing.assert_allclose(weight, product, rtol=1e-15)
    np.testing.assert_allclose(np.abs(weight), size**-0.5, rtol=1e-15)
    if size == fans[1]:
        np.testing.assert_allclose(weight @ weight.T, np.eye(fans[0]), atol=1e-12)


@pytest.mark.parametrize(("fans", "distinct"), [((64, 256), 64), ((10, 300), 16), ((5, 8), 8), ((3, 64), 4)])
def test_zero_makes_copies_of_units_where_it_widens_more_than_to_the_next_power_of_two(fans, distinct):
    weight, _ = draw("zero_hadamard", np.random.default_rng(0), Layer(*fans))
    assert len(np.unique(weight, axis=1).T) == distinct


def test_zero_is_the_partial_identity_where_it_does_not_widen():
    for fans in ((8, 8), (8, 5), (1, 1)):
        np.testing.assert_array_equal(draw("zero_hadamard", np.random.default_rng(0), Layer(*fans))[0], np.eye(*fans))


@pytest.mark.parametrize("label", ["identity", "zero_hadamard", "zeros", "constant(0.3)"])
def test_deterministic_schemes_draw_nothing(label):
    drawn = [draw(label, np.random.default_rng(seed), Layer(20, 33))[0] for seed in (0, 1)]
    np.testing.assert_array_equal(*drawn)
    rng = np.random.default_rng(0)
    draw(label, rng, Layer(20, 33))
    assert rng.random() == np.random.default_rng(0).random()
