"""Claims on what changes as a network grows wider."""

from collections.abc import Iterator

import numpy as np

from initbench.claims import CellVerdict, claim
from initbench.claims.compared import CLOSE, CONFIDENCE, Difference
from initbench.claims.measures import CELL_AXES
from initbench.claims.quantities import between, number, word
from initbench.claims.tables import Quantity
from initbench.schemes.label import parse_scheme
from initbench.statistics.paired import differences, sign_flip_interval
from initbench.study.cells import RUN
from initbench.tables.over_widths import FEWEST, QUANTITIES, TOLERANCE, Curve, curves, predicted, slope
from initbench.tables.rates_over_widths import Rates, rate_slope, rates_over_widths

AXES = tuple(axis for axis in CELL_AXES if axis != "width")
FIRST = 1  # the update that theory speaks of


@claim("width-moves-logits", figure="width_scaling", values={"tolerance": TOLERANCE})
def width_moves_logits(tables):
    """The change of the logits by the first update, of starts that state no rates."""
    found = []
    for kind, layers in _changes(tables):
        if parse_scheme(kind["scheme"]).entry.rates is None:
            value, low, high = slope(layers[-1])
            holds = True if low > TOLERANCE else False if high < TOLERANCE else None
            found.append(CellVerdict(_cell(kind), holds, value, _measured(kind, layers[-1:])))
    return found


@claim("mup-keeps-updates", figure="width_scaling", values={"tolerance": TOLERANCE})
def mup_keeps_updates(tables):
    """The changes of all layers by the first update, of starts that state rates."""
    found = []
    for kind, layers in _changes(tables):
        if parse_scheme(kind["scheme"]).entry.rates is not None:
            ends = np.array([slope(curve)[1:] for curve in layers])
            within, beyond = (np.abs(ends) <= TOLERANCE).all(), (ends[:, 0] > TOLERANCE) | (ends[:, 1] < -TOLERANCE)
            holds = True if within else False if beyond.any() else None
            measured = _measured(kind, layers)
            found.append(CellVerdict(_cell(kind), holds, measured[0].value, measured))
    return found


@claim("mup-rate-transfers", figure="width_rates", values={"close": CLOSE})
def mup_rate_transfers(tables):
    """The accuracy of the widest network at the rate of the narrowest, of starts that state rates."""
    every = list(rates_over_widths(tables.runs_at_every_rate))
    judged = []
    for found in every:
        if parse_scheme(found.key["scheme"]).entry.rates is None:
            continue
        gain = _gain(found)
        others = [other for other in every if _same_block(found, other)]
        measured = (
            _difference("lost_by_narrow_rate", gain),
            number("rate_exponent", rate_slope(found)[0], len(found.seeds)),
            *(_difference("lost_by_usual", _gain(other)) for other in others[:1]),
            *(word("compared_with", other.key["scheme"]) for other in others[:1]),
        )
        same = found.best[-1] == found.best[0]
        judged.append(CellVerdict(_cell(found.key), True if same else gain.good_enough, -gain.mean, measured))
    return judged


def _changes(tables) -> Iterator[tuple[dict, list[Curve]]]:
    """Kinds of network with the curve of each layer's change by the first update, at the smallest rate they were trained at."""
    runs = tables.runs_at_every_rate
    if runs["width"].nunique() < FEWEST:
        return
    columns = [*RUN, "step", "layer", *QUANTITIES.values()]
    layers = tables.read("layers", columns, [("step", "==", FIRST), ("preactivation_change", ">=", 0)])
    layers = layers[layers["role"].isin(runs["role"].unique())]
    known: dict[tuple, dict[float, list[Curve]]] = {}
    for curve in curves(layers):
        if curve.quantity == "change" and len(curve.seeds) > 1:
            kind = tuple(curve.key[axis] for axis in AXES)
            known.setdefault(kind, {}).setdefault(curve.key["learning_rate"], []).append(curve)
    for rates in known.values():
        found = sorted(rates[min(rates)], key=lambda curve: curve.key["layer"])
        if len(found) == int(found[0].key["depth"]) + 1:
            yield found[0].key, found


def _cell(kind: dict) -> dict:
    return {axis: kind[axis] if isinstance(kind[axis], str) else int(kind[axis]) for axis in AXES}


def _measured(kind: dict, layers: list[Curve]) -> tuple[Quantity, ...]:
    """The exponent that is farthest from 0, its interval and the one predicted, and at which rate and widths."""
    slopes = [slope(curve) for curve in layers]
    most = int(np.argmax([abs(value) for value, *_ in slopes]))
    value, low, high = slopes[most]
    exponents, layer = predicted(kind), int(layers[most].key["layer"])
    foreseen = np.nan if exponents is None else exponents.change[layer - 1]
    return (
        number("width_exponent", value, len(layers[most].seeds)),
        between("exponent_interval", low, high),
        number("exponent_predicted", foreseen),
        number("of_layer", layer),
        number("at_rate", float(kind["learning_rate"])),
        between("over_widths", layers[0].widths[0], layers[0].widths[-1]),
    )


def _gain(found: Rates) -> Difference:
    """Test accuracy of the widest network at the rate of the narrowest less that at its own."""
    gain, resolution = differences(found.narrow[:, -1], found.own[:, -1])
    return Difference(float(gain.mean()), sign_flip_interval(gain, CONFIDENCE, resolution), len(found.seeds))


def _difference(name: str, gain: Difference) -> Quantity:
    low, high = gain.interval or (None, None)
    return Quantity(name, "difference", gain.mean, low, high, gain.seeds)


def _same_block(found: Rates, other: Rates) -> bool:
    """Whether the other start states no rates, in the same networks."""
    alike = all(found.key[axis] == other.key[axis] for axis in AXES if axis != "scheme")
    return alike and parse_scheme(other.key["scheme"]).entry.rates is None
