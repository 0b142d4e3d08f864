"""What layers of PyTorch, Keras, Flax and scikit-learn hold when nothing is said is what the schemes of their names draw.

scikit-learn is there always; the others by `make test-frameworks`.
"""

import os
import warnings
from importlib.util import find_spec

import numpy as np
import pytest
from scipy import stats

from initbench.architectures import build
from initbench.schemes.draw import described
from initbench.schemes.label import parse_scheme
from initbench.schemes.truncated_normal import TRUNCATED_STD

os.environ.setdefault("KERAS_BACKEND", "jax" if find_spec("jax") else "torch")
FEATURES, WIDTH, CLASSES = 300, 200, 100
LEAST_P = 1e-5  # of some dozens of comparisons with fixed seeds
pytestmark = pytest.mark.filterwarnings("default")


def of_torch(activation):
    torch = pytest.importorskip("torch")
    torch.manual_seed(1)
    layers = [torch.nn.Linear(FEATURES, WIDTH), torch.nn.Linear(WIDTH, CLASSES)]
    return [(layer.weight.detach().numpy().T, layer.bias.detach().numpy()) for layer in layers]


def of_keras(activation):
    keras = pytest.importorskip("keras")
    keras.utils.set_random_seed(1)
    layers = [keras.layers.Dense(WIDTH, activation=activation), keras.layers.Dense(CLASSES)]
    model = keras.Sequential([keras.Input((FEATURES,)), *layers])
    return [tuple(np.asarray(weight) for weight in layer.get_weights()) for layer in model.layers]


def of_flax(activation):
    jax, linen = pytest.importorskip("jax"), pytest.importorskip("flax.linen")
    model = linen.Sequential([linen.Dense(WIDTH), linen.Dense(CLASSES)])
    layers = model.init(jax.random.key(1), np.zeros((1, FEATURES), np.float32))["params"]
    return [(np.asarray(layers[name]["kernel"]), np.asarray(layers[name]["bias"])) for name in sorted(layers)]


def of_sklearn(activation):
    """After one step too small to be seen: scikit-learn draws when it fits."""
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.neural_network import MLPClassifier

    name = {"sigmoid": "logistic"}.get(activation, activation)
    model = MLPClassifier(WIDTH, activation=name, max_iter=1, learning_rate_init=1e-30, random_state=1)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)
        model.fit(np.random.default_rng(0).normal(size=(2 * CLASSES, FEATURES)), np.arange(2 * CLASSES) % CLASSES)
    return list(zip(model.coefs_, model.intercepts_, strict=True))


LIBRARIES = {
    "torch_default": of_torch,
    "keras_default": of_keras,
    "flax_default": of_flax,
    "sklearn_default": of_sklearn,
}


@pytest.mark.parametrize("activation", ["relu", "tanh", "sigmoid"])
@pytest.mark.parametrize("label", LIBRARIES)
def test_a_default_is_what_the_library_draws(label, activation):
    """Every entry of W and b: its distribution by Kolmogorov and Smirnov's test, its variance, its range."""
    network = build("mlp", (FEATURES,), CLASSES, WIDTH, 1, activation, "none")
    for layer, drawn in zip(described(network), LIBRARIES[label](activation), strict=True):
        for array, variance in zip(drawn, parse_scheme(label).variances(layer), strict=True):
            entries, scale = np.asarray(array, float).ravel(), np.sqrt(variance)
            if not scale:
                assert not entries.any()
                continue
            cut = stats.truncnorm(-2, 2, scale=scale / TRUNCATED_STD)
            expected = cut if label == "flax_default" else stats.uniform(-scale * 3**0.5, 2 * scale * 3**0.5)
            assert stats.kstest(entries, expected.cdf).pvalue > LEAST_P
            error = np.sqrt((expected.stats("k") + 2) / entries.size)
            assert np.mean(entries**2) == pytest.approx(variance, rel=5 * float(error))
            low, high = expected.support()
            assert low * (1 + 1e-6) <= entries.min() < 0.9 * low
            assert 0.9 * high < entries.max() <= high * (1 + 1e-6)
