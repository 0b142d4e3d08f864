"""The maximal update parametrisation (μP): variances and learning rates by which networks of every width learn alike."""

import numpy as np

from initbench.schemes import Layer, scheme
from initbench.schemes.variance_scaling import normal


def growth(layer: Layer, base: float) -> tuple[float, float]:
    """How many times a layer's inputs, and its units, or channels, are those at the base width; features and classes do not grow.

    ValueError for a base width that is not positive.
    """
    if base <= 0:
        raise ValueError(f"the base width is {base:g}: give a positive one")
    return 1.0 if layer.index == 1 else layer.channels / base, 1.0 if layer.is_output else layer.units / base


def mup_variances(
    layer: Layer, base: float, weight_variance: float = 1.0, output_variance: float | None = None
) -> float:
    """σ_w²/fan_in, and less by the growth of its inputs in the output layer; ValueError for a negative variance."""
    output_variance = weight_variance if output_variance is None else output_variance
    if min(weight_variance, output_variance) < 0:
        raise ValueError(f"a variance is negative: {min(weight_variance, output_variance):g}")
    inputs, _ = growth(layer, base)
    return output_variance / layer.fan_in / inputs if layer.is_output else weight_variance / layer.fan_in


def mup_rates(layer: Layer, optimizer: str, base: float, **variances: float | None) -> tuple[float, float]:
    """The factors of a layer's rate, for its weights and for its biases, gains and shifts; ValueError for another optimiser."""
    inputs, units = growth(layer, base)
    if optimizer == "sgd":
        return units / inputs, units
    if optimizer in ("adam", "adamw"):
        return 1 / inputs, 1.0
    raise ValueError(f"scheme mup knows rates for sgd, adam and adamw, not for {optimizer!r}")


@scheme("mup", variances=mup_variances, rates=mup_rates)
def mup(rng, layer, base, weight_variance=1.0, output_variance=None):
    """W ~ N(0, σ_w²/fan_in), in the output layer N(0, σ_w²/fan_in · base/fan_in), and a learning rate a layer; b = 0.

    σ_w² = weight_variance, in the output layer output_variance if that is given; 0 starts it at zero, as is often done. With
    r = width/base the rate is multiplied by

    | | weights of the first layer | of hidden layers | of the output layer | biases, γ and β |
    |---|---|---|---|---|
    | sgd | r | 1 | 1/r | r, but 1 in the output layer |
    | adam, adamw | 1 | 1/r | 1/r | 1 |

    so that an update changes activations and logits by as much at every width, and a rate found at one serves all. At the
    base width it is lecun_normal with one rate (weight_variance=1), or he_normal (2), to the last bit. AdamW's decay is the
    layer's rate times λ, as with parameter groups of PyTorch. Source: Yang & Hu 2021 (Tensor Programs IV); Yang et al. 2021
    (Tensor Programs V), table 3. ValueError for other optimisers, of which nobody has said how their rates must scale.
    """
    variance = mup_variances(layer, base, weight_variance, output_variance)
    return normal(rng, layer.fan_in, layer.fan_out, np.sqrt(variance))
