"""What differs between two folders of results: first what a reader concludes from them, then numbers."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from initbench.base.parquet import check
from initbench.study.cells import BLOCK, CELL, RUN
from initbench.tables.described import content_digest

MOST = 12  # lines of a kind


@dataclass(frozen=True)
class Differences:
    """Lines on changed conclusions (verdicts, conditions, best schemes), and on changed numbers."""

    conclusions: tuple[str, ...]
    numbers: tuple[str, ...]


def compare(first: Path, second: Path) -> Differences:
    """Compare the tables of two folders of results; FileNotFoundError where one lacks a table that conclusions stand in."""

    def both(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
        paths = [folder / "tables" / f"{name}.parquet" for folder in (first, second)]
        for path in paths:
            check(path)
        return pd.read_parquet(paths[0]), pd.read_parquet(paths[1])

    conclusions = [
        *_changed("claim", *both("claims"), ["id"], ["verdict"]),
        *_changed("best start", *both("best"), [*BLOCK, "metric"], ["best"]),
        *_changed("condition of", *both("claims"), ["id"], ["condition"]),
    ]
    numbers = [*_changed("learning rate", *both("choices"), CELL, ["learning_rate"]), *_runs(*both("runs"))]
    return Differences(tuple(conclusions), (*numbers, *_bytes(first, second)))


def _changed(what: str, one: pd.DataFrame, other: pd.DataFrame, keys: list[str], columns: list[str]) -> list[str]:
    """A line for every row whose columns differ, and on rows that only one has."""
    joined = one[[*keys, *columns]].merge(other[[*keys, *columns]], on=keys, how="outer", indicator=True)
    lines = []
    for side, name in (("left_only", "first"), ("right_only", "second")):
        alone = joined[joined["_merge"] == side]
        lines += [f"{what} {_named(row, keys)}: in the {name} alone" for _, row in alone.iterrows()]
    for column in columns:
        a, b = joined[f"{column}_x"], joined[f"{column}_y"]
        differs = (joined["_merge"] == "both") & ~((a == b) | (a.isna() & b.isna())).fillna(False).astype(bool)
        lines += [
            f"{what} {_named(row, keys)}: {row[f'{column}_x']} → {row[f'{column}_y']}"
            for _, row in joined[differs].iterrows()
        ]
    return _shortened(lines)


def _named(row: pd.Series, keys: list[str]) -> str:
    return " · ".join(str(row[key]) for key in keys)


def _shortened(lines: list[str]) -> list[str]:
    return lines if len(lines) <= MOST else [*lines[: MOST - 1], f"… and {len(lines) - MOST + 1} more like this"]


def _runs(one: pd.DataFrame, other: pd.DataFrame) -> list[str]:
    """How many runs differ in how they ended, and by how much in what is measured at the end."""
    joined = one.merge(other, on=RUN, how="outer", indicator=True)
    alone = joined["_merge"].value_counts()
    lines = [
        f"runs: {alone[side]} in the {name} alone"
        for side, name in (("left_only", "first"), ("right_only", "second"))
        if alone[side]
    ]
    joined = joined[joined["_merge"] == "both"]
    ended = int((joined["status_x"] != joined["status_y"]).sum())
    lines += [f"runs: {ended} of {len(joined)} end otherwise"] if ended else []
    for name in [name for name in one.select_dtypes("number") if name not in RUN and f"{name}_x" in joined]:
        a, b = (joined[f"{name}_{side}"].astype(float).to_numpy() for side in "xy")
        differs = ~((a == b) | (np.isnan(a) & np.isnan(b)))
        if differs.any():
            gaps = np.abs(a - b)[differs]
            largest = f", by up to {np.nanmax(gaps):.3g}" if np.isfinite(gaps).any() else ""
            lines.append(f"runs: {name} differs in {int(differs.sum())} of {len(joined)}{largest}")
    return lines


def _bytes(first: Path, second: Path) -> list[str]:
    """Which tables do not hold the same, to the last bit, or are in one folder alone."""
    names = sorted({path.name for folder in (first, second) for path in (folder / "tables").glob("*.parquet")})
    paths = {name: [folder / "tables" / name for folder in (first, second)] for name in names}
    differ = [
        name.removesuffix(".parquet")
        for name, files in paths.items()
        if len({content_digest(path) if path.exists() else None for path in files}) > 1
    ]
    return [f"tables that are not the same bytes: {', '.join(differ)}"] if differ else []
