"""A start in Keras 3."""

import math

from initbench.advice.drawing import CONSTANT, FANS, IDENTITY, NORMAL, ORTHOGONAL, UNIFORM, Drawing, Entries, figures
from initbench.schemes.truncated_normal import TRUNCATED_STD

HEAD = """
import keras
"""
USE = """
# A model: keras.Sequential([keras.Input((64,)), linear(64, 128, activation="tanh"), linear(128, 10)]).
# Where normalisation follows, say use_bias=False.
"""
SCALED = {NORMAL: "untruncated_normal", UNIFORM: "uniform"}


def function(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that makes a layer."""
    return f'''def {name}(fan_in: int, fan_out: int, **settings) -> keras.layers.Dense:
    """{meaning}"""
    return keras.layers.Dense(
        fan_out,
        kernel_initializer={_initializer(drawn.weight)},
        bias_initializer={_of_bias(drawn.bias)},
        **settings,
    )'''


def _initializer(entries: Entries) -> str:
    """The initialiser of W."""
    value = entries.value
    if entries.kind == CONSTANT:
        return f"keras.initializers.Constant({figures(value)})"
    if entries.kind == ORTHOGONAL:
        return f"keras.initializers.Orthogonal(gain={figures(value)})"
    if entries.kind == IDENTITY:
        return f"keras.initializers.Identity(gain={figures(value)})"
    if entries.fan:
        shape = SCALED.get(entries.kind, "truncated_normal")
        return f'keras.initializers.VarianceScaling({figures(value)}, mode="{entries.fan}", distribution="{shape}")'
    return _unscaled(entries, figures(math.sqrt(value)))


def _of_bias(entries: Entries) -> str:
    """The initialiser of b, of which Keras sees no fans."""
    if not entries.fan:
        return _initializer(entries)
    return _unscaled(entries, f"({figures(entries.value)} / {FANS[entries.fan]}) ** 0.5")


def _unscaled(entries: Entries, std: str) -> str:
    if entries.kind == NORMAL:
        return f"keras.initializers.RandomNormal(stddev={std})"
    if entries.kind == UNIFORM:
        return f"keras.initializers.RandomUniform(-(3**0.5) * {std}, 3**0.5 * {std})"
    return f"keras.initializers.TruncatedNormal(stddev={std} / {TRUNCATED_STD!r})"


def by_initbench(label: str, activation: str) -> str:
    """The layer filled with what initbench draws, where Keras has nothing like it."""
    return f'''import keras
import numpy as np

import initbench

rng = np.random.default_rng(0)


def linear(fan_in: int, fan_out: int, index: int = 1, depth: int = 1, **settings) -> keras.layers.Dense:
    """{label}, layer `index` of 1 … depth + 1: Keras has no such start, initbench draws it."""
    place = initbench.Layer(fan_in, fan_out, index, depth, "{activation}" if index <= depth else "linear")
    layer = keras.layers.Dense(fan_out, **settings)
    layer.build((None, fan_in))
    layer.set_weights(list(initbench.draw("{label}", rng, place))[: len(layer.weights)])
    return layer
'''
