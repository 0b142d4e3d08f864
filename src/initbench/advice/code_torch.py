"""A start in PyTorch."""

from initbench.advice.drawing import (
    CONSTANT,
    IDENTITY,
    IN,
    MEAN,
    NORMAL,
    ORTHOGONAL,
    OUT,
    UNIFORM,
    Drawing,
    Entries,
    figures,
)
from initbench.schemes.truncated_normal import TRUNCATED_STD

HEAD = """
import math

import torch
from torch import nn
"""
USE = """
# Every linear layer of a model:
#     for layer in model.modules():
#         if isinstance(layer, nn.Linear):
#             linear(layer)
# Where normalisation follows, give the layer no bias: nn.Linear(fan_in, fan_out, bias=False).
"""
FANS = {IN: "layer.in_features", OUT: "layer.out_features", MEAN: "((layer.in_features + layer.out_features) / 2)"}
NAMED = {  # (kind, value, fan) → PyTorch's own initialiser, of the same distribution
    (NORMAL, 2.0, IN): 'nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")',
    (NORMAL, 1.0, IN): 'nn.init.kaiming_normal_(layer.weight, nonlinearity="linear")',
    (NORMAL, 2.0, OUT): 'nn.init.kaiming_normal_(layer.weight, mode="fan_out", nonlinearity="relu")',
    (NORMAL, 1.0, MEAN): "nn.init.xavier_normal_(layer.weight)",
    (UNIFORM, 2.0, IN): 'nn.init.kaiming_uniform_(layer.weight, nonlinearity="relu")',
    (UNIFORM, 1.0, IN): 'nn.init.kaiming_uniform_(layer.weight, nonlinearity="linear")',
    (UNIFORM, 1.0, MEAN): "nn.init.xavier_uniform_(layer.weight)",
    (UNIFORM, 16.0, MEAN): "nn.init.xavier_uniform_(layer.weight, gain=4)",
}


def function(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that starts a layer."""
    weight = NAMED.get((drawn.weight.kind, drawn.weight.value, drawn.weight.fan)) or _fill("layer.weight", drawn.weight)
    return f'''@torch.no_grad()
def {name}(layer: nn.Linear) -> None:
    """{meaning}"""
    {weight}
    if layer.bias is not None:
        {_fill("layer.bias", drawn.bias)}'''


def _fill(array: str, entries: Entries) -> str:
    """The statement that fills an array."""
    if entries.kind == CONSTANT:
        return f"nn.init.constant_({array}, {figures(entries.value)})"
    if entries.kind == ORTHOGONAL:
        return f"nn.init.orthogonal_({array}, gain={figures(entries.value)})"
    if entries.kind == IDENTITY:
        return f"nn.init.eye_({array}).mul_({figures(entries.value)})"
    std = f"math.sqrt({figures(entries.value)}{f' / {FANS[entries.fan]}' if entries.fan else ''})"
    if entries.kind == NORMAL:
        return f"nn.init.normal_({array}, std={std})"
    if entries.kind == UNIFORM:
        return f"nn.init.uniform_({array}, -math.sqrt(3) * {std}, math.sqrt(3) * {std})"
    cut = f"{std} / {TRUNCATED_STD!r}"
    return f"nn.init.trunc_normal_({array}, std={cut}, a=-2 * {cut}, b=2 * {cut})"


def by_initbench(label: str, activation: str) -> str:
    """The layer filled with what initbench draws, where PyTorch has nothing like it."""
    return f'''import numpy as np
import torch
from torch import nn

import initbench

rng = np.random.default_rng(0)


@torch.no_grad()
def linear(layer: nn.Linear, index: int = 1, depth: int = 1) -> None:
    """{label}, layer `index` of 1 … depth + 1: PyTorch has no such start, initbench draws it."""
    activation = "{activation}" if index <= depth else "linear"
    place = initbench.Layer(layer.in_features, layer.out_features, index, depth, activation)
    weight, bias = initbench.draw("{label}", rng, place)
    layer.weight.copy_(torch.from_numpy(weight.T))
    if layer.bias is not None:
        layer.bias.copy_(torch.from_numpy(bias))
'''
