"""What a scheme draws, by its distribution."""

import numpy as np
import pytest
from scipy import stats

from initbench.registry import load_extension
from initbench.schemes import SCHEMES, Layer, draw, parse_scheme

DISTRIBUTIONS = {
    "small_normal": lambda n, m: stats.norm(0, 0.01),
    "lecun_normal": lambda n, m: stats.norm(0, n**-0.5),
    "he_normal": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "glorot_normal": lambda n, m: stats.norm(0, (2 / (n + m)) ** 0.5),
    "xavier_sigmoid": lambda n, m: stats.uniform(-(n**-0.5), 2 * n**-0.5),
    "xavier_tanh": lambda n, m: stats.uniform(-((6 / (n + m)) ** 0.5), 2 * (6 / (n + m)) ** 0.5),
    "he_uniform": lambda n, m: stats.uniform(-((6 / n) ** 0.5), 2 * (6 / n) ** 0.5),
    "torch_default": lambda n, m: stats.uniform(-(n**-0.5), 2 * n**-0.5),
    "critical": lambda n, m: stats.norm(0, n**-0.5),  # the layer is followed by the identity
}


@pytest.mark.parametrize("fans", [(300, 200), (200, 300)])
@pytest.mark.parametrize("name", [name for name in SCHEMES if SCHEMES[name].iid])
def test_independent_draws_follow_their_distribution(name, fans):
    weight, bias = draw(name, np.random.default_rng(5), Layer(*fans))
    expected = DISTRIBUTIONS[name](*fans)
    assert weight.shape == fans
    assert stats.kstest(weight.ravel(), expected.cdf).pvalue > 1e-3
    assert weight.var() == pytest.approx(expected.var(), rel=0.03)
    low, high = expected.support()
    assert low <= weight.min() <= weight.max() <= high
    assert name == "torch_default" or not bias.any()


@pytest.mark.parametrize("name", [name for name in SCHEMES if SCHEMES[name].variances])
def test_stated_variances_are_those_of_the_draws(name):
    layer = Layer(300, 200, index=2, depth=3, activation="gelu")
    scheme = parse_scheme(name)
    weight, bias = draw(scheme, np.random.default_rng(0), layer)
    stated = scheme.variances(layer)
    # the sample variance of m normal draws has a relative standard deviation of √(2/m); 4 of them
    assert np.square(weight).mean() == pytest.approx(stated[0], rel=4 * (2 / weight.size) ** 0.5)
    assert np.square(bias).mean() == pytest.approx(stated[1], rel=4 * (2 / bias.size) ** 0.5)


def test_the_critical_scheme_draws_on_the_critical_line_of_its_activation():
    for activation, stds in [("relu", (2**0.5, 0)), ("erf", ((np.pi / 4) ** 0.5, 0)), ("gelu", (1.40821, 0.41584))]:
        weight, bias = draw("critical", np.random.default_rng(1), Layer(400, 3000, 1, 2, activation))
        assert stats.kstest(weight.ravel()[:20000], stats.norm(0, stds[0] / 20).cdf).pvalue > 1e-3
        assert not bias.any() if stds[1] == 0 else stats.kstest(bias, stats.norm(0, stds[1]).cdf).pvalue > 1e-3
    _, bias = draw("critical(0.05)", np.random.default_rng(1), Layer(40, 3000, 1, 2, "tanh"))
    assert bias.var() == pytest.approx(0.05, rel=0.1)
    weight, bias = draw("critical(0.05)", np.random.default_rng(1), Layer(400, 300, 3, 2))
    assert not bias.any()
    assert weight.var() == pytest.approx(1 / 400, rel=0.02)
    with pytest.raises(ValueError, match="softplus"):
        draw("critical", np.random.default_rng(1), Layer(4, 3, 1, 2, "softplus"))


def test_one_seed_gives_critical_the_same_normals_as_he():
    layer = Layer(30, 20, 1, 2, "tanh")
    critical, he = (draw(name, np.random.default_rng(3), layer)[0] for name in ("critical", "he_normal"))
    np.testing.assert_allclose(he, critical * 2**0.5, rtol=1e-12)


@pytest.mark.parametrize("fans", [(40, 25), (25, 40), (30, 30)])
def test_orthogonal_weights_are_orthonormal(fans):
    weight, _ = draw("orthogonal(gain=1.5)", np.random.default_rng(0), Layer(*fans))
    gram = weight.T @ weight if fans[0] >= fans[1] else weight @ weight.T
    np.testing.assert_allclose(gram, 1.5**2 * np.eye(min(fans)), atol=1e-12)


def test_constants_set_weights_and_biases():
    weight, bias = draw("constant(0.1,bias=-2)", np.random.default_rng(0), Layer(3, 4))
    assert (weight == 0.1).all()
    assert (bias == -2).all()


def test_labels_are_canonical():
    assert parse_scheme(" constant( 1.0 ) ").label == "constant(1)"
    assert parse_scheme("constant(0.1, bias=0.10)").label == "constant(0.1,bias=0.1)"
    assert parse_scheme("orthogonal(1)").label == "orthogonal"
    assert parse_scheme("constant(0.1234567891)").label == "constant(0.1234567891)"


@pytest.mark.parametrize(
    "label",
    ["constant", "nothing", "constant(a)", "zeros(1)", "constant(1,2,3)", "constant(nan)", "../x", "constant(1"],
)
def test_bad_labels_are_refused_with_what_is_allowed(label):
    with pytest.raises(ValueError, match=r"scheme"):
        parse_scheme(label)


def test_a_users_scheme_joins_by_its_file(tmp_path):
    file = tmp_path / "mine.py"
    file.write_text(
        "import numpy as np\nfrom initbench.schemes import scheme\n\n"
        '@scheme("test_mine")\ndef mine(rng, layer):\n    return np.full((layer.fan_in, layer.fan_out), layer.index)\n'
        '@scheme("test_wrong")\ndef wrong(rng, fan_in, fan_out):\n    return np.zeros((fan_out, fan_in))\n'
    )
    load_extension(file)
    assert (draw("test_mine", np.random.default_rng(0), Layer(2, 3, index=4, depth=5))[0] == 4).all()
    with pytest.raises(ValueError, match="shape"):
        draw("test_wrong", np.random.default_rng(0), Layer(2, 3))
