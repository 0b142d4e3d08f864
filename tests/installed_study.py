"""A study from its first draw to its page, by the library alone: python installed_study.py FOLDER (where it is installed)."""

import sys
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

import initbench

CONFIG = {
    "datasets": ["wine"], "schemes": ["zeros", "he_normal"], "reference": "he_normal", "activations": ["relu"],
    "depths": [2], "widths": [8], "seeds": 2, "learning_rates": [0.1], "training": {"steps": 3}, "initial": [],
}  # fmt: skip
MEASURED = ("runs", "history", "signal", "layers")


def measure(study):
    """Train every cell; paths of the tables, and of the splits."""
    from initbench.datasets.loading import prepare
    from initbench.datasets.splits import write_splits

    made = [initbench.train(cell, range(2), study.training) for cell in study.cells]
    for name in MEASURED:
        pq.write_table(pa.concat_tables([tables[name] for tables in made]), f"{name}.parquet")
    Path("wine").mkdir()
    write_splits(prepare("wine", range(2), 0), "wine/splits.npz")
    return {name: f"{name}.parquet" for name in MEASURED}, ("wine/splits.npz",)


def analyse_and_judge(study, tables, splits):
    """Write every other table, theory's among them."""
    from initbench.analyses import ANALYSES, Settings
    from initbench.analyses.making import Sources, compute
    from initbench.claims.tables import CLAIM_CELLS, CLAIMS
    from initbench.claims.verdicts import judge
    from initbench.report.contents import claims_in_order
    from initbench.tables.schema import arrow_table
    from initbench.tables.views import Tables

    sources = Sources(dict(tables), splits)
    for name in ANALYSES:
        tables[name] = f"{name}.parquet"
        pq.write_table(compute(name, sources.of(ANALYSES[name]), Settings.of(study)), tables[name])
    assert pq.read_metadata(tables["theory"]).num_rows
    made = judge(Tables({name: tables[name] for name in MEASURED}), claims_in_order())
    for table in (CLAIMS, CLAIM_CELLS):
        tables[table.name] = f"{table.name}.parquet"
        pq.write_table(arrow_table(made[table.name], table.columns), tables[table.name])


def report(study, tables):
    """Draw every figure and write the page."""
    from initbench.figures.drawing import draw
    from initbench.report.contents import figures_in_order
    from initbench.report.page import render
    from initbench.report.provenance import provenance
    from initbench.tables.views import Tables

    Path("figures").mkdir()
    for figure in figures_in_order():
        draw(figure, Tables(tables), Path("figures"))
    run = {
        "config": study.config,
        "runs": study.runs,
        "cells": len(study.cells),
        "jobs": 1,
        "tuning_seeds": len(study.tuning_seeds),
    }
    render(Tables(tables), Path("figures"), "index.html", run | {"provenance": provenance(study.config)})


if __name__ == "__main__":
    assert initbench.__file__.startswith(sys.argv[1]), initbench.__file__
    weight, _ = initbench.draw("he_normal", np.random.default_rng(0), initbench.Layer(6, 4))
    assert weight.shape == (6, 4)
    study = initbench.load_study(CONFIG)
    tables, splits = measure(study)
    analyse_and_judge(study, tables, splits)
    report(study, tables)
    print(initbench.__version__)
