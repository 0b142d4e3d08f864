"""A start in Keras 3."""

import math

from initbench.advice.drawing import (
    CENTRED,
    CONSTANT,
    FANS,
    IDENTITY,
    NORMAL,
    ORTHOGONAL,
    UNIFORM,
    Drawing,
    Entries,
    figures,
)
from initbench.schemes.truncated_normal import TRUNCATED_STD

HEAD = """
import keras
"""
USE = """
# A model: keras.Sequential([keras.Input((64,)), linear(64, 128, activation="tanh"), linear(128, 10)]).
# Where normalisation follows, say use_bias=False.
"""
USE_OF_CONVOLUTIONS = """
# A model: keras.Sequential([keras.Input((8, 8, 1)), hidden(1, 16, activation="relu"), hidden(16, 16, activation="relu"),
#                            keras.layers.GlobalAveragePooling2D(), output(16, 10)]).
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


def convolution(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that makes a convolution."""
    bias = _of_bias(drawn.bias)
    fans = "\n    fan_in, fan_out = size**2 * channels, size**2 * units" if "fan_" in bias else ""
    return f'''def {name}(channels: int, units: int, size: int = 3, **settings) -> keras.layers.Conv2D:
    """{meaning}"""{fans}
    return keras.layers.Conv2D(
        units,
        size,
        kernel_initializer={_initializer(drawn.weight)},
        bias_initializer={bias},
        **({{"padding": "same"}} | settings),
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
    for dense, centred in CENTRED.items():
        if entries.kind == centred:
            return _centred(_initializer(Entries(dense, value)))
    if entries.fan:
        shape = SCALED.get(entries.kind, "truncated_normal")
        return f'keras.initializers.VarianceScaling({figures(value)}, mode="{entries.fan}", distribution="{shape}")'
    return _unscaled(entries, figures(math.sqrt(value)))


def _centred(initializer: str) -> str:
    """The initialiser of a convolution whose centre tap is drawn by this one, the others 0; of odd size."""
    return f"""lambda shape, dtype=None: keras.ops.pad(
            {initializer}(shape[2:], dtype)[None, None], [(size // 2,) * 2] * 2 + [(0, 0)] * 2
        )"""


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


def linear(channels: int, units: int, index: int = 1, depth: int = 1, size: int = 0, branch=(), **settings):
    """{label}, layer `index` of 1 … depth + 1: Keras has no such start, initbench draws it.

    size: of a convolution, 0 for a dense layer. branch: of a map past which a shortcut leads its `block`, `blocks`,
    `branch_layer` and `branch_layers`, a dict.
    """
    activation, taps = "{activation}" if index <= depth else "linear", max(size, 1) ** 2
    fans = taps * channels, taps * units
    place = initbench.Layer(*fans, index, depth, activation, receptive_field=taps, **dict(branch))
    layer = keras.layers.Conv2D(units, size, **settings) if size else keras.layers.Dense(units, **settings)
    layer.build((None, None, None, channels) if size else (None, channels))
    weight, bias = initbench.draw("{label}", rng, place)
    layer.set_weights([weight.reshape(layer.kernel.shape), bias][: len(layer.weights)])
    return layer
'''
