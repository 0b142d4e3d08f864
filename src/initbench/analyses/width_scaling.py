"""Sizes and updates of layers as powers of the width, beside what counting says of infinite widths."""

from functools import lru_cache

import numpy as np

from initbench.analyses import analysis
from initbench.analyses.scores import CELL_COLUMNS, RATE, SEEDS, frame_of
from initbench.base.columns import Column
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.cells import RUN
from initbench.tables.over_widths import FEWEST, KIND, QUANTITIES, Curve, agrees, curves, predicted, slope
from initbench.theory.widths import Exponents

COLUMNS = (
    *(column for column in CELL_COLUMNS if column.name != "width"),
    RATE,
    Column("step", int, "updates before it was measured", unit="updates"),
    Column("layer", int, "1 … depth: the hidden layers; depth + 1: the logits"),
    Column(
        "quantity",
        str,
        "size: √E[z²]; change: root mean square of what the last update changed z by, if it was asked for",
    ),
    Column("narrowest", int, "least width", unit="units"),
    Column("widest", int, "largest width", unit="units"),
    Column("widths", int, "number of widths"),
    SEEDS,
    Column("slope", float, "least-squares slope of ln (root mean square over seeds) on ln width"),
    Column("slope_low", float, "lower end of its 95 % interval, one seed left out at a time; null for one seed"),
    Column("slope_high", float, "upper end"),
    Column(
        "predicted",
        float,
        "the exponent of infinite width, at the start and at the first update; null elsewhere and where none is known",
    ),
    Column(
        "agrees",
        bool,
        "whether the interval comes within 0.25 of it; null without one, or if the interval is wider than 0.5",
    ),
)


def schemes_of(study) -> set:
    """The schemes of a study, whose variances and rates are asked for."""
    return {SCHEMES[parse_scheme(shard.cell.scheme).name] for shard in study.shards}


@analysis(
    "width_scaling",
    row="a quantity of a layer of networks that differ in their width alone, at a learning rate and step",
    reads=("runs", "layers"),
    settings=("training",),
    group="networks",
    uses=schemes_of,
    columns=COLUMNS,
)
def width_scaling(tables, settings):
    """The slope of every layer at three widths or more, of the runs at every learning rate, if changes were measured."""
    runs = tables.runs_at_every_rate
    if not settings.training.changes or runs["width"].nunique() < FEWEST:
        return frame_of([], COLUMNS)
    layers = tables.read("layers", [*RUN, "step", "layer", *QUANTITIES.values()])
    layers = layers[layers["role"].isin(runs["role"].unique())]
    kind = lru_cache(maxsize=None)(lambda *values: predicted(dict(zip(KIND, values, strict=True))))
    rows = [_row(curve, kind(*(curve.key[axis] for axis in KIND))) for curve in curves(layers)]
    return frame_of(rows, COLUMNS)


def _row(curve: Curve, exponents: Exponents | None) -> dict:
    """A quantity of a layer, with the exponent that is predicted at the start or at the first update."""
    value, low, high = slope(curve)
    foreseen = exponents is not None and curve.key["step"] == (0 if curve.quantity == "size" else 1)
    exponent = getattr(exponents, curve.quantity)[int(curve.key["layer"]) - 1] if foreseen else None
    return curve.key | {
        "quantity": curve.quantity,
        "narrowest": int(curve.widths[0]),
        "widest": int(curve.widths[-1]),
        "widths": len(curve.widths),
        "seeds": len(curve.seeds),
        "slope": value,
        "slope_low": low,
        "slope_high": high,
        "predicted": np.nan if exponent is None else exponent,
        "agrees": agrees(low, high, exponent),
    }
