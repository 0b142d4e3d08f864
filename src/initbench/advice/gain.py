"""The gains that conventions give an activation, what each does in theory, and why PyTorch's table says what it says."""

import math
from dataclasses import dataclass

from initbench.schemes.orthogonal_gain import TORCH_GAINS
from initbench.theory import moments
from initbench.theory.criticality import critical_point
from initbench.theory.gain import Gain, backward_gain, forward_gain, gain
from initbench.theory.length import fixed_points

KEPT = 0.005  # of χ: gradients change by less than that a layer
WHY = {
    "linear": "nothing follows that would change a variance",
    "sigmoid": "no moment gives 1, which is its value for no activation at all; with it squared gradients fade by × {chi} a layer",
    "tanh": "PyTorch names no source. The gain that keeps pre-activations at variance 1 is near, {forward}; with 5/3 they come to a "
    "variance of {q}, and activations to a standard deviation of {spread}, whatever the depth: forward it is stable, while gradients "
    "grow",
    "relu": "E φ² = E φ′² = 1/2, at every variance (He et al. 2015): both conventions agree",
    "leaky_relu": "E φ² = E φ′² = (1 + a²)/2, at every variance, a the slope below 0 (He et al. 2015); here a = 0.01",
    "selu": "found by trying, for gradients that neither grow nor fade in 100 layers (pytorch/pytorch#50664): activations come down to a "
    "standard deviation of {spread}. What keeps variance 1, which self-normalising networks need (Klambauer et al. 2017), is 1: "
    "PyTorch's documentation says to use 'linear' for them",
}


@dataclass(frozen=True)
class Convention:
    """A gain by one convention: its key and what it is, and what it does; None in its place where the convention gives none."""

    key: str
    meaning: str
    does: Gain | None


@dataclass(frozen=True)
class Gains:
    """All that is known of the gains of an activation; moments are of φ(z) and φ′(z), z ~ N(0, 1)."""

    activation: str
    second_moment: float
    second_moment_slope: float
    conventions: tuple[Convention, ...]
    why_torch: str


def gains(activation: str) -> Gains:
    """The gains of a registered activation; UnknownNameError (a ValueError) for a name that there is not."""
    forward, backward = forward_gain(activation), backward_gain(activation)
    found = (
        Convention("forward", "1/√(E φ²): pre-activations keep variance 1", _of(activation, forward)),
        Convention("backward", "1/√(E φ′²): gradients keep their size at variance 1", _of(activation, backward)),
        _critical(activation),
        Convention("torch", "PyTorch's calculate_gain", _of(activation, TORCH_GAINS.get(activation))),
    )
    second, slope = moments.second_moment(activation, 1.0), moments.second_moment_slope(activation, 1.0)
    return Gains(activation, second, slope, found, _why(activation, forward, found[-1].does))


def _of(activation: str, value: float | None) -> Gain | None:
    return None if value is None or not math.isfinite(value) else gain(activation, value)


def _critical(activation: str) -> Convention:
    """The edge of chaos, where there is one."""
    try:
        point = critical_point(activation)
    except ValueError as error:
        none = str(error).removeprefix(f"activation {activation!r} ")
        return Convention("critical", f"edge of chaos: {activation} {none}", None)
    kept = fixed_points(activation, point.weight_variance, point.bias_variance).every_q
    does = Gain(math.sqrt(point.weight_variance), point.bias_variance, 1.0 if kept else point.q, 1.0)
    return Convention("critical", "edge of chaos: gradients neither grow nor fade with depth", does)


def _why(activation: str, forward: float, does: Gain | None) -> str:
    """Where PyTorch's value comes from, or that there is none."""
    if does is None:
        return f"PyTorch's calculate_gain has no value for {activation}, and raises an error"
    spread = math.sqrt(does.q) / does.gain if math.isfinite(does.q) else math.inf
    return WHY[activation].format(
        forward=f"{forward:.4g}", q=f"{does.q:.3g}", chi=f"{does.chi:.2g}", spread=f"{spread:.2f}"
    )


def lengths(does: Gain) -> str:
    """In words, where the lengths go from variance 1."""
    if math.isinf(does.q):
        return "grow without bound"
    return "go to 0" if does.q == 0 else f"come to {does.q:.3g}" if abs(does.q - 1) > 1e-6 else "stay at 1"


def gradients(does: Gain) -> str:
    """In words, what becomes of squared gradients from layer to layer, once the lengths have come to where they go."""
    if abs(does.chi - 1) < KEPT:
        return "keep their size"
    return f"{'grow' if does.chi > 1 else 'fade'}: × {does.chi:.3g} a layer"
