"""A start in PyTorch."""

from collections.abc import Mapping

from initbench.advice.drawing import (
    CENTRED,
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
USE_OF_CONVOLUTIONS = """
# Every layer of a model:
#     for layer in model.modules():
#         if isinstance(layer, nn.Conv2d):
#             hidden(layer)
#         elif isinstance(layer, nn.Linear):
#             output(layer)
# Where normalisation follows, give the convolution no bias.
"""
FANS = {IN: "layer.in_features", OUT: "layer.out_features", MEAN: "((layer.in_features + layer.out_features) / 2)"}
RECEPTIVE = {IN: "layer.weight[0].numel()", OUT: "layer.weight[:, 0].numel()"}  # which count the taps
RECEPTIVE[MEAN] = f"(({RECEPTIVE[IN]} + {RECEPTIVE[OUT]}) / 2)"
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
    """The function that starts a layer of units."""
    return _function(name, "nn.Linear", meaning, drawn, FANS)


def convolution(name: str, meaning: str, drawn: Drawing) -> str:
    """The function that starts a convolution, W (units, channels, height, width)."""
    return _function(name, "nn.Conv2d", meaning, drawn, RECEPTIVE)


def _function(name: str, kind: str, meaning: str, drawn: Drawing, fans: Mapping[str, str]) -> str:
    named = NAMED.get((drawn.weight.kind, drawn.weight.value, drawn.weight.fan or ""))
    weight = named or _fill("layer.weight", drawn.weight, fans)
    return f'''@torch.no_grad()
def {name}(layer: {kind}) -> None:
    """{meaning}"""
    {weight}
    if layer.bias is not None:
        {_fill("layer.bias", drawn.bias, fans)}'''


def _fill(array: str, entries: Entries, fans: Mapping[str, str]) -> str:
    """The statement that fills an array, or the statements."""
    gain = figures(entries.value)
    if entries.kind == CONSTANT:
        return f"nn.init.constant_({array}, {gain})"
    if entries.kind == ORTHOGONAL:
        return f"nn.init.orthogonal_({array}, gain={gain})"
    if entries.kind == IDENTITY:
        return f"nn.init.eye_({array}).mul_({gain})"
    if entries.kind == CENTRED[IDENTITY]:
        return f"nn.init.dirac_({array}).mul_({gain})"
    if entries.kind == CENTRED[ORTHOGONAL]:
        centre = f"{array}[:, :, layer.kernel_size[0] // 2, layer.kernel_size[1] // 2]"
        return f"nn.init.zeros_({array})\n    nn.init.orthogonal_({centre}, gain={gain})"
    std = f"math.sqrt({gain}{f' / {fans[entries.fan]}' if entries.fan else ''})"
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
def linear(layer: nn.Linear | nn.Conv2d, index: int = 1, depth: int = 1, branch=()) -> None:
    """{label}, layer `index` of 1 … depth + 1: PyTorch has no such start, initbench draws it.

    branch: of a map past which a shortcut leads its `block`, `blocks`, `branch_layer` and `branch_layers`, a dict.
    """
    activation = "{activation}" if index <= depth else "linear"
    units, channels = layer.weight.shape[:2]
    taps = layer.weight[0, 0].numel()
    fans = taps * channels, taps * units
    place = initbench.Layer(*fans, index, depth, activation, receptive_field=taps, **dict(branch))
    weight, bias = initbench.draw("{label}", rng, place)
    weight = weight.reshape(taps, channels, units).transpose(2, 1, 0)
    layer.weight.copy_(torch.from_numpy(weight.reshape(layer.weight.shape)))
    if layer.bias is not None:
        layer.bias.copy_(torch.from_numpy(bias))
'''
