"""The claims that a small trained study judges, and changes of its tables."""

import pandas as pd

from initbench.claims import CLAIMS
from initbench.claims.measures import with_scheme
from initbench.claims.verdicts import judge

NAMES = ("runs", "history", "signal", "layers")
IDS = [
    "zero-symmetry", "zero-constant-output", "zero-gradient", "zero-derivative", "zero-stalls", "zero-performance",
    "constant-symmetry", "constant-performance", "constant-output", "constant-vanishes", "constant-explodes",
    "geometric-law", "vanishing-stalls", "exploding-unstable", "random-breaks-symmetry", "small-normal-depth",
    "xavier-sigmoid", "xavier-tanh", "he-relu", "batchnorm-normalises", "batchnorm-robust", "recommended-gradients",
    "recommended-train",
]  # fmt: skip
SCHEMES = ["zeros", "constant(0.01)", "constant(0.5)", "small_normal", "xavier_sigmoid", "xavier_tanh", "he_normal"]


def frames(trained) -> dict[str, pd.DataFrame]:
    return {name: with_scheme(pd.concat([t[name].to_pandas() for t in trained], ignore_index=True)) for name in NAMES}


def judged(tables) -> pd.DataFrame:
    return judge(tables, [CLAIMS[name] for name in IDS])["claims"].set_index("id")


def change(table, where, **values):
    """(tables, as_tables) → tables with the columns of one table set where the query holds."""

    def apply(tables, as_tables):
        frame = tables.read(table)
        rows = frame.query(where).index
        for column, value in values.items():
            frame.loc[rows, column] = value(frame.loc[rows]) if callable(value) else value
        return as_tables({table: frame}, **tables.paths)

    return apply
