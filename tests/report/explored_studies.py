"""Made-up studies with all that the explorer reads: layers, history, choices and the table of the best starts."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from made_up_studies import analysed

from initbench.study.cells import CELL, RUN, START
from initbench.tables.views import Tables, chosen_runs, runs_at_every_rate, trained_runs

STEPS = (1, 10, 100)
SCALES = {"zeros": 0.0, "small_normal": 1e-3}  # from a layer's δ to that of the one before
COLUMNS = ("delta_rms_gaussian", "distinct_weights", "activation_std", "gradient_norm", "saturated_fraction")


def explored(runs: pd.DataFrame, folder: Path) -> Tables:
    """The tables of a study with these runs, written to a folder."""
    frames = {"runs": runs, "layers": layers(runs), "history": history(runs), "choices": choices(runs)}
    frames["best"] = analysed("best", runs, folder)
    for name, frame in frames.items():
        frame.to_parquet(folder / f"{name}.parquet")
    return Tables({name: str(folder / f"{name}.parquet") for name in frames})


def layers(runs: pd.DataFrame) -> pd.DataFrame:
    """A row a start and layer at step 0, and a row a run, layer and later step: a falling gradient, copies in the zeros start."""
    starts = runs.drop_duplicates(START).assign(learning_rate=np.nan)
    records = [(starts, 0), *((trained_runs(runs), step) for step in STEPS)]
    rows = [
        _layer(row, step, layer)
        for frame, step in records
        for row in frame[RUN].to_dict("records")
        for layer in range(1, row["depth"] + 2)
    ]
    return pd.DataFrame(rows, columns=[*RUN, "step", "layer", *COLUMNS])


def _layer(row: dict, step: int, layer: int) -> dict:
    copies, last = row["scheme"] == "zeros", layer == row["depth"] + 1
    delta = SCALES.get(row["scheme"], 0.9) ** (row["depth"] + 1 - layer)
    measured = (delta, 1 if copies else 10 if last else row["width"], 0.5 + step, 2.0, 0.25)
    return row | {"step": step, "layer": layer} | dict(zip(COLUMNS, measured, strict=True))


def history(runs: pd.DataFrame) -> pd.DataFrame:
    """Losses that fall, and accuracies that rise to what the run ends with."""
    trained, losses = trained_runs(runs), ("train_loss", "train_accuracy", "valid_accuracy")
    rows = [
        {key: row[key] for key in RUN} | {"step": step} | {name: row[name] * (1 + 1 / (1 + step)) for name in losses}
        for row, step in product(trained.to_dict("records"), (0, *STEPS))
    ]
    return pd.DataFrame(rows, columns=[*RUN, "step", *losses]).astype({"learning_rate": float, "step": int})


def choices(runs: pd.DataFrame) -> pd.DataFrame:
    """The rate of every cell that was trained."""
    chosen = chosen_runs(runs).drop_duplicates(CELL)[[*CELL, "learning_rate"]]
    rates = runs_at_every_rate(runs)["learning_rate"]
    return chosen.assign(at_edge=chosen["learning_rate"].isin([rates.min(), rates.max()]))


def config(**changes) -> dict:
    """The configuration of a small study, with all its keys."""
    from initbench.study.grid import load_study

    return load_study(
        {"depths": [2, 10], "activations": ["relu", "tanh"], "learning_rates": [0.01, 0.1]} | changes
    ).config
