"""Which starts theory expects to keep gradients, where nothing was measured."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np

from initbench.analyses.normalized_predictions import RESIDUAL
from initbench.analyses.predictions import predict
from initbench.analyses.stated_variances import TAPS, hidden_layer, variances_of
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.thresholds import Thresholds

PLAIN = "mlp"  # the architecture that is meant where none is named
UNNORMALIZED = {"normalization": "none"}
SIDE = 4  # of the image, whose squares are all 1
WIDTH = 64  # of the layers that theory is asked of, where none is given; it matters for few starts


@dataclass(frozen=True)
class Predicted:
    """A start as theory has it: by what factor squared gradients differ between the first and the last hidden layer."""

    start: str
    gradient: float


def predicted(
    activation: str, depth: int, normalization: str = "none", width: int | None = None, architecture: str | None = None
) -> tuple[Predicted, ...]:
    """Starts whose gradients neither vanish nor explode by mean-field theory, those that change them least first.

    Of the package's starts that need no value; inputs of unit variance. Empty under normalisation, of which this theory says the
    same for all starts, without hidden layers, and for architectures that it knows nothing of. Images have no edges.
    """
    architecture = architecture or PLAIN
    if normalization != "none" or depth < 1 or architecture not in {PLAIN, *RESIDUAL, *TAPS}:
        return ()
    limits = Thresholds()
    every = _factors(activation, depth, width or WIDTH, architecture)
    found = [each for each in every if np.isfinite(each.gradient) and each.gradient > 0]
    kept = [each for each in found if limits.vanishing_ratio <= each.gradient <= limits.exploding_ratio]
    return tuple(
        sorted(kept, key=lambda each: (round(abs(np.log(each.gradient)), 6), each.start == "critical", each.start))
    )


def _factors(activation: str, depth: int, width: int, architecture: str) -> Iterator[Predicted]:
    # convolutions without edges, of which theory needs no image
    architecture = "convnet_circular" if architecture in TAPS else architecture
    cell = {"architecture": architecture, "width": width, "depth": depth, "activation": activation} | UNNORMALIZED
    for name in SCHEMES:
        try:
            if _distinct(name, cell):
                yield Predicted(name, _factor(name, cell))
        except ValueError:  # an activation that the scheme cannot serve
            continue


def _distinct(name: str, cell: Mapping) -> bool:
    """Whether a scheme states its variances, needs no value, and is not a start of shortcuts where there are none to scale."""
    entry, shortcuts = SCHEMES[name], cell["architecture"] in RESIDUAL
    if entry.variances is None or any(each.default is each.empty for each in entry.parameters.values()):
        return False
    ending = replace(hidden_layer(cell), block=1, blocks=1, branch_layer=2, branch_layers=2)
    silent = entry.branch_gain is not None or parse_scheme(name).variances(ending)[0] == 0
    return entry.gain is None and (shortcuts or not silent)


def _factor(name: str, cell: Mapping) -> float:
    """δ² of the first hidden layer over that of the last; NaN for what theory cannot follow."""
    layer = hidden_layer(cell)
    weight, bias, _ = variances_of(parse_scheme(name), layer)
    first = np.array([layer.fan_in * weight + bias])
    found = predict(cell | {"scheme": name}, first, [np.ones((1, SIDE**2))])
    return float(found.gradient[0]) if found else np.nan
