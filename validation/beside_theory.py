"""How far finite networks lie from mean-field theory: python validation/beside_theory.py TABLES, a study's folder of tables.

Prints the numbers of docs/reference/theory.md ("Beside measurement"): the variance of ln δ² of relu networks, for one input
and for the mean over the probe's samples; rates under batch normalisation; and how much the share of layers that agree can say.
"""

import sys
from pathlib import Path

import numpy as np
import pandas as pd

from initbench.study.cells import CELL
from initbench.tables.views import layer_factor

DRAWS, WIDTH, LAYERS = 400, 64, 30  # of the simulation for one input


def one_input(draws: int, width: int, layers: int, seed: int = 0) -> np.ndarray:
    """ln(δ²_1/δ²_H) of relu networks under He's start, one input and one cotangent each, (draws,)."""
    rng, found = np.random.default_rng(seed), np.empty(draws)
    for draw in range(draws):
        activation, slopes, weights = rng.standard_normal(width), [], []
        for _ in range(layers):
            weights.append(rng.normal(0, np.sqrt(2 / width), (width, width)))
            z = activation @ weights[-1]
            slopes.append(z > 0)
            activation = np.maximum(z, 0)
        delta = last = rng.standard_normal(width) * slopes[-1]
        for weight, slope in zip(weights[:0:-1], slopes[-2::-1], strict=True):
            delta = (weight @ delta) * slope
        found[draw] = np.log(np.sum(delta**2) / np.sum(last**2))
    return found


def variances(layers: pd.DataFrame) -> pd.DataFrame:
    """Variance over draws of ln(δ²_1/δ²_H), δ² the mean over the probe's samples, beside 5(L − 1)/n."""
    rows = []
    he = layers[
        (layers["normalization"] == "none") & (layers["activation"] == "relu") & (layers["scheme"] == "he_normal")
    ]
    for (width, depth), part in he.groupby(["width", "depth"]):
        delta = part.pivot(index="seed", columns="layer", values="delta_rms_gaussian")
        ratio = 2 * np.log(delta[1] / delta[depth])
        rows.append(
            {
                "width": width,
                "depth": depth,
                "draws": len(ratio),
                "variance": ratio.var(ddof=1),
                "5(L-1)/n": 5 * (depth - 1) / width,
            }
        )
    return pd.DataFrame(rows)


def rates(theory: pd.DataFrame) -> pd.DataFrame:
    """Per-layer factor of δ² under batch normalisation: predicted, measured, and measured in the deeper half."""
    rows = []
    for (activation, depth), part in theory[theory["normalization"] == "batch"].groupby(["activation", "depth"]):
        found = []
        for _, cell in part.groupby(CELL):
            delta = cell.set_index("layer")["measured_gradient"]
            found.append((1 / layer_factor(delta), 1 / layer_factor(delta[delta.index >= depth / 2])))
        predicted = cell["predicted_gradient"].iloc[0] ** (1 / (depth - 1))
        whole, deeper = (np.array(values) / predicted - 1 for values in zip(*found, strict=True))
        rows.append(
            {
                "activation": activation,
                "depth": depth,
                "predicted": predicted,
                "excess": span(whole),
                "deeper half": span(deeper),
            }
        )
    return pd.DataFrame(rows)


def agreement(theory: pd.DataFrame) -> pd.DataFrame:
    """Layers within tolerance a width, in how many sets of numbers, and the largest error that passes."""
    errors, rows = ["second_moment_relative_error", "gradient_relative_error"], []
    for width, part in theory[theory["normalization"] == "none"].dropna(subset="within_tolerance").groupby("width"):
        passed = part[part["within_tolerance"].astype(bool)]
        sets = part.groupby(CELL)[errors].apply(lambda cell: tuple(cell.to_numpy().round(6).ravel()))
        row = {
            "width": width,
            "layers": len(part),
            "pass": len(passed),
            "cells": len(sets),
            "different cells": sets.nunique(),
        }
        rows.append(row | {"largest passing error": passed[errors].abs().max().max()})
    return pd.DataFrame(rows)


def span(values: np.ndarray) -> str:
    """The range of some relative differences, in per cent."""
    return f"{100 * values.min():+.1f} to {100 * values.max():+.1f} %"


def main(folder: Path) -> None:
    """Print all of it for a study's tables."""
    layers = pd.read_parquet(folder / "layers.parquet", filters=[("step", "==", 0), ("depth", ">", 1)])
    layers = layers[layers["layer"] <= layers["depth"]].drop_duplicates([*CELL, "seed", "layer"])
    theory = pd.read_parquet(folder / "theory.parquet")
    single = one_input(DRAWS, WIDTH, LAYERS)
    print(f"One input, width {WIDTH}, {LAYERS} layers, {DRAWS} draws:", end=" ")
    print(f"variance {single.var(ddof=1):.3f}, 5(L-1)/n {5 * (LAYERS - 1) / WIDTH:.3f}")
    for table in (variances(layers), rates(theory), agreement(theory)):
        print("\n" + table.to_string(index=False, float_format="%.4g"))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
