"""How the entries of a layer are drawn by a scheme, in terms that deep-learning libraries share: what code for them is made of."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from initbench.schemes import Layer
from initbench.schemes.critical import critical_variances
from initbench.schemes.framework_defaults import sklearn_factor
from initbench.schemes.label import parse_scheme
from initbench.schemes.orthogonal_gain import TORCH_GAINS
from initbench.schemes.truncated_normal import TRUNCATED_STD

NORMAL, UNIFORM, TRUNCATED = (
    "normal",
    "uniform",
    "truncated",
)  # truncated: a normal cut at ±2 of its standard deviations
CONSTANT, ORTHOGONAL, IDENTITY = "constant", "orthogonal", "identity"
CENTRED = {
    ORTHOGONAL: "orthogonal at the centre tap",
    IDENTITY: "identity at the centre tap",
}  # of convolutions, 0 around it
IN, OUT, MEAN = "fan_in", "fan_out", "fan_avg"
FANS = {IN: "fan_in", OUT: "fan_out", MEAN: "((fan_in + fan_out) / 2)"}  # in code that has both fans


@dataclass(frozen=True)
class Entries:
    """The entries of W or b.

    Of the random kinds `value` is their variance, times the fan that is named: fan_in, fan_out, or the mean of both. Of the
    others it is the constant, or the gain.
    """

    kind: str
    value: float
    fan: str | None = None

    def variance(self, layer: Layer) -> float:
        """Of one random entry in a layer."""
        fans = {IN: layer.fan_in, OUT: layer.fan_out, MEAN: (layer.fan_in + layer.fan_out) / 2, None: 1}
        return self.value / fans[self.fan]


@dataclass(frozen=True)
class Drawing:
    """How a layer is drawn; note: what has to be done beside it."""

    weight: Entries
    bias: Entries
    note: str = ""


ZERO = Entries(CONSTANT, 0.0)
Rule = Callable[[Mapping[str, float | None], Layer], Drawing]


def _scaled(kind: str, value: float, fan: str, note: str = "") -> Rule:
    """Independent entries without bias, whose variance depends on the fans alone."""
    return lambda arguments, layer: Drawing(Entries(kind, value, fan), ZERO, note)


def _critical(arguments: Mapping[str, float | None], layer: Layer) -> Drawing:
    weight, bias = critical_variances(layer, arguments["bias_variance"])
    return Drawing(Entries(NORMAL, weight * layer.fan_in, IN), _biases(bias))


def _gaussian(arguments: Mapping[str, float | None], layer: Layer) -> Drawing:
    return Drawing(Entries(NORMAL, arguments["weight_variance"], IN), _biases(arguments["bias_variance"]))


def _sklearn_default(arguments: Mapping[str, float | None], layer: Layer) -> Drawing:
    entries = Entries(UNIFORM, sklearn_factor(layer) / 6, MEAN)
    return Drawing(entries, entries)


def _at_centre(kind: str, gain: float, layer: Layer) -> Entries:
    """A matrix, or of a convolution that at its centre tap."""
    return Entries(CENTRED[kind] if layer.receptive_field > 1 else kind, gain)


def _biases(variance: float | None) -> Entries:
    return Entries(NORMAL, variance) if variance else ZERO


LSUV = (
    "then, first layer to last, divide W by the standard deviation of a W over a batch of your data, the layers before scaled already: "
    "no library has this start, which looks at the data"
)
GAMMA = (
    "and set the gain γ of every normalisation layer to 0, or with shortcuts that of the last in each residual branch"
)
ALPHA = "and multiply each residual branch by a learned scalar that starts at "
RULES: dict[str, Rule] = {
    "zeros": lambda arguments, layer: Drawing(ZERO, ZERO),
    "constant": lambda a, layer: Drawing(Entries(CONSTANT, a["value"]), Entries(CONSTANT, a["bias"])),
    "small_normal": lambda a, layer: Drawing(Entries(NORMAL, a["std"] ** 2), ZERO),
    "truncated_normal": lambda a, layer: Drawing(Entries(TRUNCATED, (TRUNCATED_STD * a["std"]) ** 2), ZERO),
    "torch_default": lambda a, layer: Drawing(Entries(UNIFORM, 1 / 3, IN), Entries(UNIFORM, 1 / 3, IN)),
    "keras_default": _scaled(UNIFORM, 1.0, MEAN),
    "flax_default": _scaled(TRUNCATED, 1.0, IN),
    "sklearn_default": _sklearn_default,
    "gaussian": _gaussian,
    "critical": _critical,
    "orthogonal": lambda a, layer: Drawing(Entries(ORTHOGONAL, a["gain"]), ZERO),
    "delta_orthogonal": lambda a, layer: Drawing(_at_centre(ORTHOGONAL, a["gain"], layer), ZERO),
    "orthogonal_torch_gain": lambda a, layer: Drawing(Entries(ORTHOGONAL, TORCH_GAINS[layer.activation]), ZERO),
    "lsuv": lambda a, layer: Drawing(Entries(ORTHOGONAL, 1.0), ZERO, LSUV),
    "identity": lambda a, layer: Drawing(_at_centre(IDENTITY, a["gain"], layer), ZERO),
    "lecun_normal": _scaled(NORMAL, 1.0, IN),
    "lecun_uniform": _scaled(UNIFORM, 1.0, IN),
    "lecun_truncated_normal": _scaled(TRUNCATED, 1.0, IN),
    "xavier_sigmoid": _scaled(UNIFORM, 1 / 3, IN),
    "xavier_tanh": _scaled(UNIFORM, 1.0, MEAN),
    "glorot_normal": _scaled(NORMAL, 1.0, MEAN),
    "glorot_truncated_normal": _scaled(TRUNCATED, 1.0, MEAN),
    "glorot_sigmoid": _scaled(UNIFORM, 16.0, MEAN),
    "he_normal": _scaled(NORMAL, 2.0, IN),
    "he_uniform": _scaled(UNIFORM, 2.0, IN),
    "he_truncated_normal": _scaled(TRUNCATED, 2.0, IN),
    "he_normal_fan_out": _scaled(NORMAL, 2.0, OUT),
    "zero_gamma": _scaled(NORMAL, 2.0, IN, GAMMA),
    "rezero": _scaled(NORMAL, 2.0, IN, f"{ALPHA}0"),
    "skipinit": lambda a, layer: Drawing(Entries(NORMAL, 2.0, IN), ZERO, f"{ALPHA}{a['alpha']:g}"),
}


def figures(value: float) -> str:
    """A number as code has it, without digits that are rounding."""
    return repr(float(f"{value:.12g}"))


def drawing(label: str, layer: Layer) -> Drawing | None:
    """How a scheme draws a layer; None where no library has its like. ValueError for a layer that the scheme cannot serve."""
    call = parse_scheme(label)
    rule = RULES.get(call.name)
    if rule is None or not call.entry.function.__module__.startswith("initbench.schemes"):
        return None
    if call.name == "orthogonal_torch_gain" and layer.activation not in TORCH_GAINS:
        raise ValueError(f"PyTorch's calculate_gain has no value for {layer.activation!r}")
    return rule(dict(call.arguments), layer)
