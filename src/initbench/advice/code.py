"""Code that draws a start in PyTorch, Keras or JAX, with the meaning that it has here, whatever the library's own of that name does.

Fans: PyTorch keeps W transposed, (fan_out, fan_in), and its initialisers know. Truncation: JAX and Keras widen a normal that is
cut, PyTorch does not. None of the three draws the same numbers from the same seed.
"""

import re
import textwrap
from dataclasses import replace

from initbench.advice import code_jax, code_keras, code_torch
from initbench.advice.drawing import Drawing, drawing
from initbench.schemes import Layer
from initbench.schemes.label import parse_scheme

FRAMEWORKS = {"torch": code_torch, "keras": code_keras, "jax": code_jax}
RATES = """
# It is half the start: train each layer at the learning rate times its factor, in parameter groups of the optimiser,
#     weight, rest = initbench.rate_factors("{label}", place, "adam")  # for its weights, and for its bias or gain and shift
"""
TAPS = 9  # of the convolutions that are looked at
FANS = (64, 32)  # of the layers that are looked at: entries say how they depend on the fans


def code(label: str, framework: str, activation: str, normalization: str = "none", convolutions: bool = False) -> str:
    """The code, a module of Python: of dense layers, or of convolutions and the dense layer behind them.

    ValueError for a framework that is not known, or an activation that the scheme cannot serve.
    """
    if framework not in FRAMEWORKS:
        raise ValueError(f"unknown framework {framework!r}; there are: {', '.join(FRAMEWORKS)}")
    writer = FRAMEWORKS[framework]
    hidden, output = (drawing(label, layer) for layer in layers(activation, normalization, convolutions))
    if hidden is None or output is None:
        return writer.by_initbench(label, activation) + _rates(label)
    two, use = convolutions or hidden != output, writer.USE_OF_CONVOLUTIONS if convolutions else writer.USE
    write = writer.convolution if convolutions else writer.function
    parts = [write("hidden" if two else "linear", meaning(label), hidden)]
    if two:
        parts.append(writer.function("output", f"{meaning(label)} Here for the last layer.", output))
        use = use.strip().replace("linear(", "hidden(") + "\n# The last layer by output, the others by hidden."
    functions = "\n\n\n".join(parts)
    return "\n".join([*_head(writer.HEAD, functions), "", "", functions, "", "", use.strip() + _note(hidden)]) + "\n"


def _head(lines: str, body: str) -> list[str]:
    """The imports, but for those that nothing uses."""
    kept = [line for line in lines.strip().splitlines() if not line or re.search(rf"\b{line.split()[-1]}\b", body)]
    return kept if kept[0] else kept[1:]


def layers(activation: str, normalization: str = "none", convolutions: bool = False) -> tuple[Layer, Layer]:
    """A hidden layer and an output layer, as schemes are told of them."""
    hidden, output = Layer(*FANS, 1, 1, activation, normalization), Layer(*FANS, 2, 1)
    if convolutions:
        hidden = replace(hidden, fan_in=TAPS * FANS[0], fan_out=TAPS * FANS[1], receptive_field=TAPS)
    return hidden, replace(output, network_activation=activation)


def meaning(label: str) -> str:
    """The first line of what a scheme's docstring says."""
    text = (parse_scheme(label).entry.function.__doc__ or "").strip().partition("\n")[0]
    return f"{label}: {text}" if text else f"{label}."


def _rates(label: str) -> str:
    """What has to be said of a scheme that states learning rates."""
    if parse_scheme(label).entry.rates is None:
        return ""
    return RATES.format(label=label)


def _note(drawn: Drawing) -> str:
    lines = textwrap.wrap(f"{drawn.note[:1].upper()}{drawn.note[1:]}.", 118) if drawn.note else []
    return "".join(f"\n# {line}" for line in lines)
