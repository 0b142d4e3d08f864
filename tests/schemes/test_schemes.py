"""What a scheme draws, by its distribution."""

import numpy as np
import pytest
from scipy import stats

from initbench.architectures import build
from initbench.base.extensions import load_extension
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import described, draw
from initbench.schemes.label import parse_scheme
from initbench.schemes.truncated_normal import TRUNCATED_STD
from initbench.study.grid import ConfigError, load_study


def centred_uniform(limit):
    return stats.uniform(-limit, 2 * limit)


def cut_normal(std):
    """N(0, std²) cut at ±2 std."""
    return stats.truncnorm(-2, 2, scale=std)


DISTRIBUTIONS = {
    "small_normal": lambda n, m: stats.norm(0, 0.01),
    "lecun_normal": lambda n, m: stats.norm(0, n**-0.5),
    "he_normal": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "he_normal_fan_out": lambda n, m: stats.norm(0, (2 / m) ** 0.5),
    "glorot_normal": lambda n, m: stats.norm(0, (2 / (n + m)) ** 0.5),
    "gaussian(1.5,0.3)": lambda n, m: stats.norm(0, (1.5 / n) ** 0.5),
    "xavier_sigmoid": lambda n, m: centred_uniform(n**-0.5),
    "xavier_tanh": lambda n, m: centred_uniform((6 / (n + m)) ** 0.5),
    "glorot_sigmoid": lambda n, m: centred_uniform(4 * (6 / (n + m)) ** 0.5),
    "he_uniform": lambda n, m: centred_uniform((6 / n) ** 0.5),
    "lecun_uniform": lambda n, m: centred_uniform((3 / n) ** 0.5),
    "torch_default": lambda n, m: centred_uniform(n**-0.5),
    "keras_default": lambda n, m: centred_uniform((6 / (n + m)) ** 0.5),
    "flax_default": lambda n, m: cut_normal(n**-0.5 / stats.truncnorm(-2, 2).std()),
    "sklearn_default": lambda n, m: centred_uniform((6 / (n + m)) ** 0.5),
    "truncated_normal": lambda n, m: cut_normal(0.02),
    "lecun_truncated_normal": lambda n, m: cut_normal(n**-0.5 / stats.truncnorm(-2, 2).std()),
    "he_truncated_normal": lambda n, m: cut_normal((2 / n) ** 0.5 / stats.truncnorm(-2, 2).std()),
    "glorot_truncated_normal": lambda n, m: cut_normal((2 / (n + m)) ** 0.5 / stats.truncnorm(-2, 2).std()),
    "mup(50)": lambda n, m: stats.norm(0, n**-0.5),  # a first layer
    "rezero": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "skipinit": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "fixup": lambda n, m: stats.norm(0, (2 / n) ** 0.5),  # outside of branches
    "zero_last": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "zero_gamma": lambda n, m: stats.norm(0, (2 / n) ** 0.5),
    "critical": lambda n, m: stats.norm(0, n**-0.5),  # the layer is followed by the identity
}
BIASES = {
    "torch_default": lambda n, m: centred_uniform(n**-0.5),
    "sklearn_default": lambda n, m: centred_uniform((6 / (n + m)) ** 0.5),
    "gaussian(1.5,0.3)": lambda n, m: stats.norm(0, 0.3**0.5),
}
INDEPENDENT = sorted(name for name in SCHEMES if SCHEMES[name].iid and not name.startswith("test_"))


def test_every_independent_scheme_has_its_distribution_here():
    assert sorted({label.partition("(")[0] for label in DISTRIBUTIONS}) == INDEPENDENT


@pytest.mark.parametrize("fans", [(300, 200), (200, 300), (64, 10)])
@pytest.mark.parametrize("label", DISTRIBUTIONS)
def test_independent_draws_follow_their_distribution(label, fans):
    draws = [
        draw(label, np.random.default_rng(seed), Layer(*fans)) for seed in range(60_000 // (fans[0] * fans[1]) + 1)
    ]
    weight = np.stack([w for w, _ in draws])
    expected = DISTRIBUTIONS[label](*fans)
    assert draws[0][0].shape == fans
    assert stats.kstest(weight.ravel(), expected.cdf).pvalue > 1e-3
    # 4 standard errors of a variance, from the distribution's own kurtosis
    error = np.sqrt((expected.stats("k") + 2) / weight.size)
    assert weight.var() == pytest.approx(expected.var(), rel=4 * error)
    low, high = expected.support()
    assert low <= weight.min() <= weight.max() <= high
    biases = np.concatenate([b for _, b in draws])
    if label in BIASES:
        assert stats.kstest(biases, BIASES[label](*fans).cdf).pvalue > 1e-3
    else:
        assert not biases.any()


def test_a_truncated_normal_keeps_88_percent_of_its_deviation_before_it_is_corrected():
    assert pytest.approx(stats.truncnorm(-2, 2).std(), rel=1e-12) == TRUNCATED_STD
    cut, corrected = (
        draw(label, np.random.default_rng(1), Layer(500, 400))[0]
        for label in ("truncated_normal(1)", "lecun_truncated_normal")
    )
    assert cut.std() == pytest.approx(0.8796, rel=0.005)
    assert 1.99 < np.abs(cut).max() <= 2
    assert corrected.std() * np.sqrt(500) == pytest.approx(1, rel=0.005)


FAMILIES = [
    ["lecun_normal", "small_normal", "he_normal", "he_normal_fan_out", "glorot_normal", "gaussian(3,0.1)", "mup(8)"],
    [
        "xavier_sigmoid",
        "xavier_tanh",
        "glorot_sigmoid",
        "he_uniform",
        "lecun_uniform",
        "torch_default",
        "keras_default",
        "sklearn_default",
    ],
    ["truncated_normal", "lecun_truncated_normal", "he_truncated_normal", "glorot_truncated_normal", "flax_default"],
    ["orthogonal", "orthogonal(gain=2)", "orthogonal_torch_gain", "lsuv"],
]


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family[0])
def test_schemes_of_one_shape_scale_the_same_draws(family):
    layer = Layer(30, 50, activation="tanh")
    first, *others = (draw(label, np.random.default_rng(7), layer)[0] for label in family)
    for other in others:
        np.testing.assert_allclose(other * (first.std() / other.std()), first, rtol=1e-12)


def test_truncation_redraws_only_what_lies_beyond_it():
    whole, cut = (
        draw(n, np.random.default_rng(3), Layer(300, 200))[0] for n in ("small_normal(1)", "truncated_normal(1)")
    )
    inside = np.abs(whole) <= 2
    np.testing.assert_array_equal(whole[inside], cut[inside])
    assert inside.mean() == pytest.approx(stats.norm.cdf(2) - stats.norm.cdf(-2), abs=0.005)


@pytest.mark.parametrize(
    ("library", "paper"), [("keras_default", "xavier_tanh"), ("flax_default", "lecun_truncated_normal")]
)
def test_a_default_that_a_paper_proposed_is_the_papers_scheme_to_the_bit(library, paper):
    one, other = (draw(label, np.random.default_rng(4), Layer(30, 50)) for label in (library, paper))
    for ours, theirs in zip(one, other, strict=True):
        np.testing.assert_array_equal(ours, theirs)


@pytest.mark.parametrize("depth", [0, 1, 2])
def test_scikit_learns_default_knows_logistic_networks_in_their_output_layer_too(depth):
    """Limit² times the sum of the fans: 2 in every layer of a network of sigmoids, 6 elsewhere; without hidden layers 6."""
    for activation, factor in [("sigmoid", 2 if depth else 6), ("tanh", 6)]:
        for layer in described(build("mlp", (30,), 10, 20, depth, activation, "none")):
            stated = parse_scheme("sklearn_default").variances(layer)
            assert stated == pytest.approx([factor / (3 * (layer.fan_in + layer.fan_out))] * 2)
            drawn = draw("sklearn_default", np.random.default_rng(0), layer)
            limit = (factor / (layer.fan_in + layer.fan_out)) ** 0.5
            assert all(0.8 * limit < np.abs(array).max() <= limit for array in drawn)


@pytest.mark.parametrize("name", DISTRIBUTIONS)
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


@pytest.mark.parametrize(
    ("label", "words"),
    [
        ("gaussian(-1)", "negative"),
        ("gaussian(1,-0.1)", "negative"),
        ("truncated_normal(-1)", "negative"),
        ("sparse(1.5)", "whole number"),
        ("sparse(0)", "whole number"),
    ],
)
def test_parameters_out_of_range_stop_the_study_before_any_job(label, words):
    with pytest.raises(ConfigError, match=words):
        load_study({"schemes": [label, "zeros"], "reference": "zeros"})


@pytest.mark.parametrize("name", ["fixup", "zero_last", "zero_gamma", "rezero", "skipinit"])
@pytest.mark.parametrize("architecture", ["residual_mlp", "residual_mlp_preact"])
def test_stated_variances_are_those_drawn_in_each_layer_of_a_residual_network(name, architecture):
    """Within 5 standard errors of a variance of n² normal numbers; 0 exactly, where branches end or no logit is wanted."""
    for layer in described(build(architecture, (64,), 10, 64, 6, "relu", "batch")):
        weight, _ = draw(name, np.random.default_rng(0), layer)
        stated, bias = parse_scheme(name).variances(layer)
        assert np.mean(weight**2) == pytest.approx(stated, rel=5 * (2 / weight.size) ** 0.5)
        assert bias == 0
