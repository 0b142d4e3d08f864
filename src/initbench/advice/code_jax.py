"""A start in JAX."""

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
import jax
import jax.numpy as jnp
from jax.nn import initializers
"""
USE = """
# Every layer with a key of its own: keys = jax.random.split(jax.random.key(0), layers). Initialisers of W, but for the identity,
# are Flax's kernel_init too.
"""
USE_OF_CONVOLUTIONS = """
# Every layer with a key of its own: keys = jax.random.split(jax.random.key(0), layers). W is for jax.lax.conv_general_dilated
# with dimension_numbers=("NHWC", "HWIO", "NHWC"), and is what Flax's Conv keeps.
"""
SCALED = {NORMAL: "normal", UNIFORM: "uniform"}


def function(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that draws a layer."""
    return f'''def {name}(key, fan_in: int, fan_out: int):
    """{meaning} Returns W (fan_in, fan_out) and b (fan_out,)."""
    for_weight, for_bias = jax.random.split(key)
    weight = {_drawn(drawn.weight, "for_weight", "(fan_in, fan_out)")}
    bias = {_drawn(drawn.bias, "for_bias", "(fan_out,)")}
    return weight, bias'''


def convolution(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that draws a convolution, W (height, width, channels, units)."""
    weight, bias = _drawn(drawn.weight, "for_weight", "shape"), _drawn(drawn.bias, "for_bias", "(units,)")
    fans = "\n    fan_in, fan_out = size**2 * channels, size**2 * units" if "fan_" in bias else ""
    return f'''def {name}(key, channels: int, units: int, size: int = 3):
    """{meaning} Returns W (size, size, channels, units) and b (units,)."""
    for_weight, for_bias = jax.random.split(key)
    shape = (size, size, channels, units){fans}
    weight = {weight}
    bias = {bias}
    return weight, bias'''


def _drawn(entries: Entries, key: str, shape: str) -> str:
    """The expression that draws an array."""
    value = entries.value
    if entries.kind == IDENTITY:
        return f"{figures(value)} * jnp.eye(fan_in, fan_out)"
    if entries.kind == CONSTANT:
        return f"jnp.full({shape}, {figures(value)})"
    if entries.kind == ORTHOGONAL:
        return f"initializers.orthogonal({figures(value)})({key}, {shape})"
    if entries.kind in CENTRED.values():
        orthogonal = f"initializers.orthogonal({figures(value)})({key}, (channels, units))"
        tap = orthogonal if entries.kind == CENTRED[ORTHOGONAL] else f"{figures(value)} * jnp.eye(channels, units)"
        return f"jnp.zeros({shape}).at[size // 2, size // 2].set({tap})"
    if entries.fan and key == "for_weight":
        form = SCALED.get(entries.kind, "truncated_normal")
        return f'initializers.variance_scaling({figures(value)}, "{entries.fan}", "{form}")({key}, {shape})'
    std = f"({figures(value)} / {FANS[entries.fan]}) ** 0.5" if entries.fan else figures(math.sqrt(value))
    if entries.kind == NORMAL:
        return f"{std} * jax.random.normal({key}, {shape})"
    if entries.kind == UNIFORM:
        return f"3**0.5 * {std} * jax.random.uniform({key}, {shape}, minval=-1.0)"
    return f"{std} / {TRUNCATED_STD!r} * jax.random.truncated_normal({key}, -2.0, 2.0, {shape})"


def by_initbench(label: str, activation: str) -> str:
    """Arrays that initbench draws, where JAX has nothing like it."""
    return f'''import jax.numpy as jnp
import numpy as np

import initbench

rng = np.random.default_rng(0)


def linear(channels: int, units: int, index: int = 1, depth: int = 1, size: int = 0, branch=()):
    """{label}, layer `index` of 1 … depth + 1: JAX has no such start, initbench draws it.

    size: of a convolution, 0 for a dense layer. branch: of a map past which a shortcut leads its `block`, `blocks`,
    `branch_layer` and `branch_layers`, a dict.
    """
    activation, taps = "{activation}" if index <= depth else "linear", max(size, 1) ** 2
    fans = taps * channels, taps * units
    place = initbench.Layer(*fans, index, depth, activation, receptive_field=taps, **dict(branch))
    weight, bias = initbench.draw("{label}", rng, place)
    shape = (size, size, channels, units) if size else (channels, units)
    return jnp.asarray(weight.reshape(shape), jnp.float32), jnp.asarray(bias, jnp.float32)
'''
