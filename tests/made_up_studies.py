"""Small made-up studies, as real ones can turn out, and their tables."""

from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd

from initbench.analyses import ANALYSES, Settings
from initbench.analyses.making import compute
from initbench.base.parquet import write_parquet
from initbench.study.cells import CELL, FIRST_TUNING_SEED, SCORING, TUNING
from initbench.tables.schema import arrow_table, measured_tables
from initbench.tables.status import rates_by_merit
from initbench.tables.views import Tables, runs_at_every_rate

SCHEMES = ("zeros", "small_normal", "xavier_tanh", "he_normal")
LOSSES = ("train_loss", "valid_loss", "test_loss")
ACCURACIES = ("train_accuracy", "valid_accuracy", "test_accuracy")
SETTINGS = Settings("xavier_tanh")
OVER_RUNS = [name for name in ANALYSES if ANALYSES[name].reads == ("runs",)]


def study(
    schemes=SCHEMES, seeds=10, depths=(2, 10), activations=("relu", "tanh"), rates=(0.01, 0.1), spread=0.02, **keys
):
    """Runs in which each scheme is 0.05 better than the one before; `keys` sets others of their keys."""
    rng = np.random.default_rng(0)
    rows = []
    for (i, scheme), depth, activation, rate, seed in product(
        enumerate(schemes), depths, activations, rates, range(seeds)
    ):
        accuracy = np.round(360 * np.clip(0.6 + 0.05 * i + spread * rng.standard_normal(), 0, 1)) / 360
        rows.append(
            {"dataset": "digits", "architecture": "mlp", "width": 64, "depth": depth, "activation": activation}
            | {"normalization": "none", "optimizer": "sgd", "scheme": scheme, "role": "scoring"}
            | {"learning_rate": rate, "seed": seed}
            | {"status": "trained" if accuracy > 0.7 else "slow", "steps": 100, "diverged_step": None}
            | {"steps_to_target": 50.0 if accuracy > 0.7 else None, "selected": False}
            | dict.fromkeys(ACCURACIES, accuracy)
            | dict.fromkeys(LOSSES, 1 - accuracy)
            | keys
        )
    return pd.DataFrame(rows).pipe(chosen)


def chosen(runs: pd.DataFrame) -> pd.DataFrame:
    """The runs, those at the rate to be chosen for their cell marked as selected."""
    best = {
        key: rates_by_merit(
            *(cell[name].to_numpy(float) for name in ("learning_rate", "valid_accuracy", "valid_loss"))
        )[0]
        for key, cell in runs_at_every_rate(runs).groupby(CELL)
    }
    keys = runs[CELL].itertuples(index=False, name=None)
    at_choice = np.array([rate == best[key] for key, rate in zip(keys, runs["learning_rate"], strict=True)], dtype=bool)
    return runs.assign(selected=at_choice & (runs["role"] == SCORING))


def tuned(runs: pd.DataFrame, seeds: int = 3) -> pd.DataFrame:
    """The study with so many of its seeds for tuning, the others at the rates chosen on them."""
    tuning = runs["seed"] < seeds
    runs = runs.assign(seed=runs["seed"].where(~tuning, runs["seed"] + FIRST_TUNING_SEED))
    runs = chosen(runs.assign(role=np.where(tuning, TUNING, SCORING)))
    return runs[runs["selected"] | (runs["role"] == TUNING)]


def diverge(runs: pd.DataFrame, where) -> pd.DataFrame:
    """The runs with those at `where` diverged."""
    runs = runs.copy()
    runs.loc[where, [*ACCURACIES, *LOSSES, "steps_to_target"]] = np.nan
    runs.loc[where, "status"] = "diverged"
    return chosen(runs)


def written(runs: pd.DataFrame, folder: Path) -> str:
    """The runs as the table of a study; its path."""
    path = folder / "runs.parquet"
    write_parquet(arrow_table(runs.reset_index(drop=True), measured_tables()["runs"].columns), path)
    return str(path)


def analysed(name: str, runs: pd.DataFrame, folder: Path, settings: Settings = SETTINGS) -> pd.DataFrame:
    """The table of an analysis of some runs."""
    return compute(name, Tables({"runs": written(runs, folder)}), settings).to_pandas()


FULL = study()
STUDIES = {
    "plain": FULL,
    "tuned": tuned(FULL),
    "tuned, some diverged": tuned(diverge(FULL, (FULL["seed"] % 3 == 0) & (FULL["scheme"] == "he_normal"))),
    "empty": FULL.iloc[:0],
    "all tied": study(spread=0.0, schemes=("zeros", "xavier_tanh")).assign(test_accuracy=0.5, test_loss=0.5),
    "one scheme diverged everywhere": diverge(FULL, FULL["scheme"] == "zeros"),
    "all diverged": diverge(FULL, FULL["seed"] >= 0),
    "some diverged": diverge(FULL, (FULL["seed"] % 3 == 0) & (FULL["scheme"] == "he_normal")),
    "reference diverged": diverge(FULL, FULL["scheme"] == "xavier_tanh"),
    "single block": study(depths=(2,), activations=("tanh",)),
    "two schemes": study(schemes=("zeros", "xavier_tanh")),
    "one scheme": study(schemes=("xavier_tanh",)),
    "no reference": study(schemes=("zeros", "he_normal")),
    "one seed": study(seeds=1),
    "two seeds": study(seeds=2),
    "three seeds": study(seeds=3),
    "one seed, one block": study(seeds=1, depths=(2,), activations=("tanh",)),
    "one rate": study(rates=(0.1,)),
    "missing cell": FULL[~((FULL["scheme"] == "zeros") & (FULL["depth"] == 2) & (FULL["activation"] == "relu"))],
    "missing reference cell": FULL[~((FULL["scheme"] == "xavier_tanh") & (FULL["depth"] == 2))],
    "no complete block": FULL[~((FULL["scheme"] == "zeros") & (FULL["depth"] == 2))].query(
        "not (scheme == 'he_normal' and depth == 10)"
    ),
    "missing seed": FULL[~((FULL["scheme"] == "zeros") & (FULL["seed"] == 3) & (FULL["depth"] == 2))],
    "disjoint seeds": FULL[(FULL["scheme"] == "zeros") == (FULL["seed"] < 5)],
    "initial only": FULL.assign(status="initial", learning_rate=np.nan, selected=False),
    "two architectures": pd.concat([FULL, FULL.assign(architecture="other")]),
}
