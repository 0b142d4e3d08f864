"""Code that `initbench recommend --for` writes, executed: what PyTorch, Keras and JAX draw by it is what initbench draws.

`make test-frameworks` runs these tests; they are skipped where a library is not installed.
"""

import os
from importlib.util import find_spec
from inspect import signature

import numpy as np
import pytest
import scipy

from initbench.advice.code import FRAMEWORKS, code
from initbench.advice.drawing import CENTRED, ORTHOGONAL, drawing
from initbench.network.normalization import NORMALIZATIONS
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import draw
from initbench.schemes.orthogonal_gain import TORCH_GAINS

os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "torch")
LABELS = {"constant": "constant(0.1,bias=0.2)", "gaussian": "gaussian(1.5,bias_variance=0.2)", "mup": "mup(64)"}
ALL = sorted(LABELS.get(name, name) for name in SCHEMES)
RANDOM = ("normal", "uniform", "truncated")
FANS = ((300, 200), (200, 300))
LEAST_P = 1e-6  # of a few hundred comparisons with fixed seeds
ERRORS = 6  # standard errors by which a variance may be off
NEAR = {"rtol": 1e-5, "atol": 2e-5}  # of numbers in float32
pytestmark = pytest.mark.filterwarnings("default")


def _torch(draw_layer, fan_in, fan_out, place):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    layer = torch.nn.Linear(fan_in, fan_out)
    draw_layer(layer, **place)
    return layer.weight.detach().numpy().T, layer.bias.detach().numpy()


def _keras(draw_layer, fan_in, fan_out, place):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    layer = draw_layer(fan_in, fan_out, **place)
    if not layer.built:
        layer.build((None, fan_in))
    return tuple(np.asarray(weight) for weight in layer.get_weights())


def _jax(draw_layer, fan_in, fan_out, place):
    jax = pytest.importorskip("jax")
    given = () if place else (jax.random.key(1),)
    return tuple(np.asarray(array) for array in draw_layer(*given, fan_in, fan_out, **place))


DRAWS = {"torch": _torch, "keras": _keras, "jax": _jax}


def drawn_by_code(label, framework, layer):
    """(W, b) of a layer of 1 … 2, drawn by the code that is written for it."""
    pytest.importorskip(framework)
    namespace = {}
    exec(compile(code(label, framework, "tanh"), f"{label} in {framework}", "exec"), namespace)
    name = "linear" if "linear" in namespace else "output" if layer.is_output else "hidden"
    # what initbench itself draws is told which layer it is
    place = {"index": layer.index, "depth": layer.depth} if "index" in signature(namespace[name]).parameters else {}
    return DRAWS[framework](namespace[name], layer.fan_in, layer.fan_out, place)


def convolution_by_code(label, framework, layer):
    """(W (height, width, channels, units), b) of a 3 × 3 convolution of a network of one, drawn by the code that is written for it."""
    library = pytest.importorskip(framework)
    namespace, sizes = {}, (layer.channels, layer.units)
    exec(compile(code(label, framework, "tanh", convolutions=True), f"{label} in {framework}", "exec"), namespace)
    draw_layer, own = namespace.get("hidden") or namespace["linear"], "linear" in namespace
    if framework == "torch":
        library.manual_seed(1)
        made = library.nn.Conv2d(*sizes, 3)
        draw_layer(made)
        return made.weight.detach().numpy().transpose(2, 3, 1, 0), made.bias.detach().numpy()
    if framework == "keras":
        library.utils.set_random_seed(1)
        made = draw_layer(*sizes, **({"size": 3} if own else {}))
        if not made.built:
            made.build((None, 8, 8, layer.channels))
        return tuple(np.asarray(weight) for weight in made.get_weights())
    return tuple(map(np.asarray, draw_layer(*sizes, size=3) if own else draw_layer(library.random.key(1), *sizes)))


def check_random(entries, drawn, own, variance):
    """Independent draws: the same distribution by Kolmogorov and Smirnov's test, the variance that is meant, the same ends."""
    drawn, own = np.asarray(drawn, float).ravel(), own.ravel()
    assert scipy.stats.ks_2samp(drawn, own).pvalue > LEAST_P
    kurtosis = np.mean(own**4) / np.mean(own**2) ** 2
    assert np.mean(drawn**2) == pytest.approx(variance, rel=ERRORS * np.sqrt((kurtosis - 1) / drawn.size))
    if entries.kind != "normal":
        end = {"uniform": np.sqrt(3), "truncated": 2 / 0.87962566103423978}[entries.kind] * np.sqrt(variance)
        assert abs(drawn).max() <= end * (1 + 1e-5)
        assert abs(drawn).max() > 0.9 * end


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("label", ALL)
def test_code_draws_what_initbench_draws(label, framework):
    for fans in FANS:
        for layer in (Layer(*fans, 1, 1, "tanh"), Layer(*fans, 2, 1)):
            rule = drawing(label, layer)
            weight, bias = drawn_by_code(label, framework, layer)
            own = draw(label, np.random.default_rng(0), layer)
            assert weight.shape == fans
            assert bias.shape == fans[1:]
            if rule is None:  # drawn by initbench itself
                assert np.allclose(weight, own[0], **NEAR)
                assert np.allclose(bias, own[1], **NEAR)
                continue
            for entries, there, here in ((rule.weight, weight, own[0]), (rule.bias, bias, own[1])):
                if entries.kind in RANDOM:
                    check_random(entries, there, here, entries.variance(layer))
                elif entries.kind == ORTHOGONAL:
                    small = there if fans[0] < fans[1] else there.T
                    assert np.allclose(small @ small.T, entries.value**2 * np.eye(min(fans)), atol=1e-4)
                    assert scipy.stats.kstest(there[0] * np.sqrt(max(fans)) / entries.value, "norm").pvalue > LEAST_P
                else:
                    assert np.allclose(there, here, **NEAR)


@pytest.mark.parametrize("framework", FRAMEWORKS)
@pytest.mark.parametrize("label", ALL)
def test_code_for_convolutions_draws_what_initbench_draws(label, framework):
    for channels, units in ((40, 20), (20, 40)):
        layer = Layer(9 * channels, 9 * units, 1, 1, "tanh", receptive_field=9)
        rule = drawing(label, layer)
        weight, bias = convolution_by_code(label, framework, layer)
        assert weight.shape == (3, 3, channels, units)
        own = draw(label, np.random.default_rng(0), layer)
        kinds = [rule.weight.kind, rule.bias.kind] if rule else ["", ""]
        for entries, kind, there, here in zip(
            (rule.weight, rule.bias) if rule else "??", kinds, (weight, bias), own, strict=True
        ):
            rows = there.reshape(-1, units)
            if kind in RANDOM:
                check_random(entries, there, here, entries.variance(layer))
            elif kind == CENTRED[ORTHOGONAL]:
                assert np.count_nonzero(there) == np.count_nonzero(there[1, 1])
                small = there[1, 1] if channels < units else there[1, 1].T
                assert np.allclose(small @ small.T, np.eye(len(small)), atol=1e-4)
            elif kind == ORTHOGONAL:
                assert np.allclose(rows.T @ rows, entries.value**2 * np.eye(units), atol=1e-4)
            else:
                assert np.allclose(rows.reshape(here.shape), here, **NEAR)


def test_the_gains_are_those_of_pytorch():
    torch = pytest.importorskip("torch")
    for activation, gain in TORCH_GAINS.items():
        assert torch.nn.init.calculate_gain(activation) == pytest.approx(gain)
    with pytest.raises(ValueError, match="Unsupported nonlinearity"):
        torch.nn.init.calculate_gain("gelu")


@pytest.mark.parametrize("normalization", NORMALIZATIONS)
def test_code_for_pytorch_starts_layers_without_a_bias(normalization):
    torch = pytest.importorskip("torch")
    namespace = {}
    exec(code("torch_default", "torch", "relu", normalization), namespace)
    layer = torch.nn.Linear(8, 4, bias=False)
    namespace["linear"](layer)
    assert layer.bias is None
