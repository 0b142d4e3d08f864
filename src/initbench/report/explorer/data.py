"""All that the page's script knows of a study, as plain values: axes, cells, how their runs ended, layers and learning curves.

Numbers are packed as whole numbers (packing.py). Fits are numbered: a fit is a cell at its chosen learning rate, or at one of those
that were tried. Layers and curves are long lists in the order of cells or fits, then updates, then layers.
"""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from initbench.report.explorer.best import best_lists
from initbench.report.explorer.cases import AXES, Cases
from initbench.report.explorer.looks import look_of
from initbench.report.explorer.packing import coded, packed
from initbench.report.explorer.quantities import (
    Quantity,
    at_start,
    columns,
    known,
    layer_medians,
    of_fits,
    packed_quantity,
)
from initbench.report.explorer.results import CHOSEN, STATUSES, as_lists, fits, outputs, seed_scores, tried_rates
from initbench.study.cells import CELL, RUN
from initbench.tables.views import Tables

TABLES = ("runs", "layers", "history", "choices", "best")
BUDGET = 400_000  # characters of packed data
CURVES = (Quantity("train_loss", "train_loss", "log"), Quantity("train_accuracy", "train_accuracy", "share"),
          Quantity("valid_accuracy", "valid_accuracy", "share"))  # fmt: skip
FEWER = 3  # updates that are kept of fits at other than the chosen rate, where all are too many
SETTINGS = ("seeds", "training", "thresholds", "looks", "tuning", "title")  # of the configuration, that are shown


def explorer(tables: Tables, study: Mapping) -> dict:
    """The data for the page's script. tables: those of TABLES. study: what was run, with its config.

    Where they outgrow BUDGET, fits at other rates than the chosen one keep few updates, then none, then all keep few.
    """
    cases = Cases.of(tables, study["config"])
    ended = fits(tables, cases.cells)
    base = _base(tables, cases, ended, study["config"])
    layers, curves = _layers(tables), _curves(tables)
    steps = sorted(int(step) for step in curves["step"].unique() if step)
    for chosen, tried in ((steps, steps), (steps, few(steps)), (steps, []), (few(steps), []), ([], [])):
        content = base | _at_updates(cases, ended, (layers, curves), (chosen, tried))
        if len(packed(content)) <= BUDGET:
            break
    return content


def few(steps: Sequence[int]) -> list[int]:
    """A few updates of many: the last one, and before it some evenly chosen."""
    kept = np.linspace(len(steps) / FEWER, len(steps), FEWER).round().astype(int) - 1 if len(steps) else []
    return [steps[i] for i in sorted({max(int(i), 0) for i in kept})]


def _base(tables: Tables, cases: Cases, ended: pd.DataFrame, config: Mapping) -> dict:
    """All but layers and curves."""
    different, places, seeds = seed_scores(tables, cases)
    lists = best_lists(tables, cases)
    number = cases.schemes.index
    start = tables.layers_at_start(["distinct_weights"])
    return {
        "axes": {name: list(values) for name, values in cases.axes.items()},
        "schemes": list(cases.schemes),
        "looks": [look_of(scheme) for scheme in cases.schemes],
        "rates": tried_rates(tables.runs),
        "blocks": [[cases.axes[name].index(row[name]) for name in AXES] for row in cases.blocks.to_dict("records")],
        "first": cases.first(),
        "cells": as_lists(cases.cells, ["block"]) | {"scheme": [number(name) for name in cases.cells["scheme"]]} | _choices(tables, cases),
        "fits": as_lists(ended, ["cell", "rate", "n", *STATUSES, "score", "low", "high", "reached", "updates"]),
        "scores": {"values": different, "of": places, "seeds": seeds},
        "best": [{name: [number(one) for one in lists[i][name]] for name in lists[i]} if i in lists else None
                 for i in range(len(cases.blocks))],
        "classes": outputs(start),
        "config": dict(config),
    }  # fmt: skip


def _choices(tables: Tables, cases: Cases) -> dict[str, list]:
    """Of each cell the chosen learning rate, and whether it is the smallest or largest tried: None if it was not trained."""
    found = cases.cells[CELL].merge(tables.read("choices", [*CELL, "learning_rate", "at_edge"]), on=CELL, how="left")
    rates = [None if pd.isna(rate) else float(rate) for rate in found["learning_rate"]]
    return {"chosen": rates, "edge": [None if pd.isna(edge) else int(edge) for edge in found["at_edge"]]}


def _layers(tables: Tables) -> pd.DataFrame:
    import pyarrow.parquet

    there = pyarrow.parquet.read_schema(tables.paths["layers"]).names
    return layer_medians(tables.read("layers", [*RUN, "step", "layer", *columns(there)]))


def _curves(tables: Tables) -> pd.DataFrame:
    """Medians over seeds of losses and accuracies, a row a cell, role, rate and recorded update."""
    names = [curve.column for curve in CURVES]
    history = tables.read("history", [*RUN, "step", *names])
    keys = [*CELL, "role", "learning_rate", "step"]
    return history.groupby(keys, observed=True)[names].median().reset_index()


def _at_updates(cases: Cases, ended: pd.DataFrame, measured, kept) -> dict:
    """Layers at the start of every cell and at kept updates of every fit, and learning curves at those."""
    (layers, curves), (at_chosen, at_tried) = measured, kept
    depths = cases.cells["depth"].to_numpy(int)
    start, later = at_start(layers), of_fits(layers, cases, ended)
    first = _index(range(len(depths)), [0] * len(depths), lambda cell: [0], depths)
    steps = {CHOSEN: at_chosen}
    wanted = _index(ended["cell"], ended["rate"], lambda rate: steps.get(rate, at_tried), depths)
    start = start.merge(cases.cells[CELL].assign(cell=cases.cells.index), on=CELL).assign(rate=0)
    keyed = [frame.set_index(["cell", "rate", "step", "layer"]) for frame in (start, later)]
    quantities = {
        q.name: {
            "kind": q.kind,
            "start": packed_quantity(keyed[0][q.name], first, q),
            "later": packed_quantity(keyed[1][q.name], wanted, q),
        }
        for q in known(layers)
    }
    points = _index(ended["cell"], ended["rate"], lambda rate: [0, *steps.get(rate, at_tried)], None)
    curve = of_fits(curves, cases, ended).set_index(["cell", "rate", "step"])
    drawn = {c.name: {"kind": c.kind, "values": coded(curve[c.name].reindex(points), c.kind)} for c in CURVES}
    return {"steps": {"chosen": list(at_chosen), "tried": list(at_tried)}, "layers": quantities, "curves": drawn}


def _index(cells, rates, steps_of, depths) -> pd.MultiIndex:
    """The keys (cell, rate, step, layer) of fits in their order, without the layer if depths is None."""
    keys = [
        (int(cell), int(rate), step, *layer)
        for cell, rate in zip(cells, rates, strict=True)
        for step in steps_of(rate)
        for layer in (((),) if depths is None else ((i + 1,) for i in range(depths[cell])))
    ]
    names = ["cell", "rate", "step", *(["layer"] if depths is not None else [])]
    return (
        pd.MultiIndex.from_tuples(keys, names=names)
        if keys
        else pd.MultiIndex.from_arrays([[]] * len(names), names=names)
    )
