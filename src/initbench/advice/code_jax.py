"""A start in JAX."""

import math

from initbench.advice.drawing import CONSTANT, FANS, IDENTITY, NORMAL, ORTHOGONAL, UNIFORM, Drawing, Entries, figures
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
SCALED = {NORMAL: "normal", UNIFORM: "uniform"}


def function(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that draws a layer."""
    return f'''def {name}(key, fan_in: int, fan_out: int):
    """{meaning} Returns W (fan_in, fan_out) and b (fan_out,)."""
    for_weight, for_bias = jax.random.split(key)
    weight = {_drawn(drawn.weight, "for_weight", "(fan_in, fan_out)")}
    bias = {_drawn(drawn.bias, "for_bias", "(fan_out,)")}
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


def linear(fan_in: int, fan_out: int, index: int = 1, depth: int = 1):
    """{label}, layer `index` of 1 … depth + 1: JAX has no such start, initbench draws it."""
    place = initbench.Layer(fan_in, fan_out, index, depth, "{activation}" if index <= depth else "linear")
    weight, bias = initbench.draw("{label}", rng, place)
    return jnp.asarray(weight, jnp.float32), jnp.asarray(bias, jnp.float32)
'''
