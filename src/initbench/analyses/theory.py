"""Prediction beside measurement at initialisation, layer by layer.

A cell is predicted if its scheme draws i.i.d. weights and it has two hidden layers at least. Without normalisation the
recursion starts from the measured q¹ of each seed, shared out among the probe samples by their input lengths, and uses
σ_w² and σ_b² as the scheme states them; of convolutions place by place, from what each sees of the images. Under batch
normalisation the recursion is that of Yang et al. 2019, in residual networks that of Yang & Schoenholz 2017 without
normalisation, and of De & Smith 2020 with it. Of other architectures, and of batch normalised images with zeros around them,
theory says nothing here.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from initbench.activations import ACTIVATIONS
from initbench.analyses import SPLITS, analysis
from initbench.analyses.predictions import Prediction, divided, predict
from initbench.analyses.scores import CELL_COLUMNS
from initbench.base.columns import Column
from initbench.datasets.splits import Splits
from initbench.probes.batch import PROBE_SAMPLES
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.cells import CELL
from initbench.tables.views import hidden

TOLERANCE = 0.02  # relative, to which two standard errors are added
MEASURED = ["preactivation_second_moment", "delta_rms_gaussian"]
GIVEN = "q of layer 1 is given: the recursion starts from it"
BESIDE = (
    Column("predicted_second_moment", float, "E[z²] by the mean-field recursion from the data's own first layer"),
    Column("measured_second_moment", float, "E[z²], mean over seeds"),
    Column("second_moment_relative_error", float, "measured/predicted − 1"),
    Column("second_moment_standard_error", float, "standard error over seeds of the relative error"),
    Column("predicted_factor", float, "δ²_l/δ²_{l+1}; null for the last hidden layer"),
    Column("measured_factor", float, "δ²_l/δ²_{l+1}, each averaged over seeds first"),
    Column("predicted_gradient", float, "δ²_l/δ²_H, H the last hidden layer"),
    Column("measured_gradient", float, "δ²_l/δ²_H of an independent N(0, 1) cotangent, each averaged over seeds first"),
    Column("gradient_relative_error", float, "measured/predicted − 1"),
    Column("gradient_standard_error", float, "standard error over seeds of the relative error"),
)
COLUMNS = (
    *CELL_COLUMNS,
    Column("layer", int, "1 … depth: the hidden layers, at step 0"),
    Column("seeds", int, "draws that the measurement is a mean over"),
    Column(
        "weight_variance",
        float,
        "σ_w²: fan-in × variance of a weight of the map to the layer; of layer 1, that between plain hidden layers",
    ),
    Column("bias_variance", float, "σ_b²: variance of a bias of it; null under normalisation"),
    *BESIDE,
    Column(
        "within_tolerance",
        bool,
        "whether both relative errors are within 2 % + 2 standard errors; null if not judged, as under batch normalisation",
    ),
    Column("note", str, "what limits the prediction or the judgement"),
)


def code_used(study) -> set:
    """The schemes and activations of the study."""
    cells = {shard.cell for shard in study.shards}
    schemes = {SCHEMES[parse_scheme(cell.scheme).name] for cell in cells}
    return schemes | {ACTIVATIONS[cell.activation] for cell in cells}


@analysis(
    "theory",
    row="a hidden layer of a cell that theory speaks of",
    reads=("layers", SPLITS),
    group="networks",
    uses=code_used,
    columns=COLUMNS,
)
def theory(tables, settings):
    """The prediction for every cell of the study that theory speaks of, beside its measurement at step 0."""
    lengths = {}
    for dataset, splits in tables.prepared_data():
        lengths |= {(dataset, seed): values for seed, values in probe_squares(splits).items()}
    return compare(tables.layers_at_start(MEASURED), lengths)


def probe_squares(splits: Splits) -> dict[int, np.ndarray]:
    """Seed → the squared features of the samples in its probe batch, (B, features)."""
    return {int(seed): np.square(splits.of(seed).train_inputs[:PROBE_SAMPLES]) for seed in splits.seeds}


def compare(layers: pd.DataFrame, lengths: Mapping[tuple[str, int], np.ndarray] | None = None) -> pd.DataFrame:
    """The rows of the table from those of `layers` at step 0, one a start and layer.

    lengths: (data set, seed) → squared features of each probe sample, as `probe_squares` gives them, or their means (B,). Without
    them all samples of a seed count as equally long, and `note` says so, and convolutions have no rows.
    """
    layers = hidden(layers[layers["depth"] > 1])
    rows = [
        row
        for key, part in layers.groupby(CELL)
        for row in _cell(dict(zip(CELL, key, strict=True)), part, lengths or {})
    ]
    return pd.DataFrame(rows, columns=[column.name for column in COLUMNS])


def _cell(cell: dict, part: pd.DataFrame, lengths: Mapping) -> list[dict]:
    """The rows of one cell; none if theory does not speak of it."""
    by_seed = part.pivot(index="seed", columns="layer", values=MEASURED)
    q, delta = (by_seed[name].to_numpy(dtype=float, na_value=np.nan) for name in MEASURED)  # (seeds, layers)
    found = predict(cell, q[:, 0], [lengths.get((cell["dataset"], int(seed))) for seed in by_seed.index])
    if found is None:
        return []
    with np.errstate(over="ignore", invalid="ignore"):  # what is too large for a number becomes a null
        return _rows(cell, q, np.square(delta), found)


def _rows(cell: dict, q: np.ndarray, delta_squared: np.ndarray, found: Prediction) -> list[dict]:
    """The rows of one cell from its measurements (seeds, layers) and their prediction."""
    predicted, measured, mean_delta = found.second_moment.mean(axis=0), q.mean(axis=0), delta_squared.mean(axis=0)
    gradient = divided(mean_delta, mean_delta[-1])
    # standard errors of the ratio measured/predicted: q against each seed's own prediction, δ² against its own δ²_H
    residual = delta_squared - gradient * delta_squared[:, -1:]
    values = (
        predicted,
        measured,
        divided(measured, predicted) - 1,
        divided(_standard_error(q - found.second_moment), predicted),
        _factors(found.gradient),
        _factors(mean_delta),
        found.gradient,
        gradient,
        divided(gradient, found.gradient) - 1,
        divided(divided(_standard_error(residual), mean_delta[-1]), found.gradient),
    )
    told = zip(*(_of_layers(each, q.shape[1]) for each in (found.weight_variance, found.bias_variance)), strict=True)
    names = [column.name for column in BESIDE]
    rows = []
    for i, (layer, (weight, bias)) in enumerate(zip(zip(*values, strict=True), told, strict=True)):
        row = cell | {"weight_variance": weight, "bias_variance": bias, "seeds": len(q), "layer": i + 1}
        row |= dict(zip(names, map(float, layer), strict=True))
        rows.append({name: None if _undefined(value) else value for name, value in (row | _judged(row, found)).items()})
    return rows


def _of_layers(value, depth: int) -> list:
    """One value for each layer, from one for all of them or from theirs."""
    return [value] * depth if value is None else np.broadcast_to(np.asarray(value, float), depth).tolist()


def _judged(row: dict, found: Prediction) -> dict:
    """The columns within_tolerance and note of a row."""
    pairs = [(row[f"{what}_relative_error"], row[f"{what}_standard_error"]) for what in ("second_moment", "gradient")]
    within = _within(pairs) if found.judged else None
    notes = [*found.notes, GIVEN] if row["layer"] == 1 else list(found.notes)
    if within is None and found.judged:
        notes.append(
            "one seed: no standard error, not judged" if row["seeds"] == 1 else "zero or not finite: not judged"
        )
    return {"within_tolerance": within, "note": "; ".join(notes) or None}


def _standard_error(values: np.ndarray) -> np.ndarray:
    """Of the mean over the first axis; NaN for one value."""
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    return values.std(axis=0, ddof=1) / np.sqrt(len(values))


def _factors(values: np.ndarray) -> np.ndarray:
    """δ²_l/δ²_{l+1}; NaN for the last hidden layer."""
    return np.append(divided(values[:-1], values[1:]), np.nan)


def _within(pairs) -> bool | None:
    """Whether every (relative error, standard error) is within tolerance; None if one is undefined."""
    if any(_undefined(value) for pair in pairs for value in pair):
        return None
    return all(abs(error) <= TOLERANCE + 2 * spread for error, spread in pairs)


def _undefined(value) -> bool:
    return value is None or (isinstance(value, float) and not np.isfinite(value))
