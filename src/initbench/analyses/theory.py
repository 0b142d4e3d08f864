"""Prediction beside measurement: the table `theory`, from the table `layers` at step 0.

A cell is predicted if its scheme draws i.i.d. weights and it has two hidden layers at least. Without normalisation the
recursion starts from the measured q¹ of each seed, shared out among the probe samples by their input lengths, and uses
σ_w² and σ_b² as the scheme states them. Under batch normalisation the recursion is that of Yang et al. 2019.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd

from initbench.base.randomness import keyed
from initbench.datasets.splits import Splits
from initbench.network.normalization import EPSILON
from initbench.probes.batch import PROBE_SAMPLES
from initbench.schemes import Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import SchemeCall, parse_scheme
from initbench.tables.collect import COLUMNS
from initbench.tables.shards import KEYS
from initbench.theory.propagation import propagate_batchnorm
from initbench.theory.samples import propagate_samples

TOLERANCE = 0.02  # relative, to which two standard errors are added
ESTIMATION_DRAWS = 64  # layers drawn to estimate the variances of a scheme that does not state them
JUDGED = ("second_moment", "gradient")
MEASURED = ["preactivation_second_moment", "delta_rms_gaussian"]
GIVEN = "q of layer 1 is given: the recursion starts from it"


def compare(layers: pd.DataFrame | str | Path, lengths: Mapping[tuple[str, int], np.ndarray] | None = None):
    """The table `theory` (initbench.tables.collect.COLUMNS) of the cells in `layers`, a frame or a Parquet path.

    lengths: (data set, seed) → mean squared feature of each probe sample, as `probe_lengths` gives it. Without them all
    samples of a seed count as equally long, and `note` says so.
    """
    frame = _at_start(layers)
    parts = [_compare_cell(key, part, lengths or {}) for key, part in frame.groupby(KEYS, sort=True)]
    rows = [row for part in parts for row in part]
    return pd.DataFrame(rows, columns=list(COLUMNS["theory"]))


def probe_lengths(splits: Splits) -> dict[int, np.ndarray]:
    """Seed → ‖x‖²/features of the samples in its probe batch, (B,)."""
    return {int(seed): np.square(splits.of(seed).train_inputs[:PROBE_SAMPLES]).mean(axis=1) for seed in splits.seeds}


def _at_start(layers) -> pd.DataFrame:
    """Hidden layers of every seed at step 0, once whatever its learning rates."""
    columns = [*KEYS, "seed", "layer", "step", *MEASURED]
    if not isinstance(layers, pd.DataFrame):
        layers = pd.read_parquet(layers, columns=columns, filters=[("step", "==", 0)])
    frame = layers.loc[(layers["step"] == 0) & (layers["layer"] <= layers["depth"]) & (layers["depth"] > 1), columns]
    return frame.drop_duplicates([*KEYS, "seed", "layer"])


def _compare_cell(key, part: pd.DataFrame, lengths) -> list[dict]:
    """The rows of one cell; none if theory does not speak of it."""
    cell = dict(zip(KEYS, key, strict=True))
    scheme = parse_scheme(cell["scheme"])
    if not scheme.entry.iid or scheme.entry.calibrate is not None or cell["normalization"] == "layer":
        return []
    by_seed = part.pivot(index="seed", columns="layer", values=MEASURED)
    q, delta = (by_seed[name].to_numpy(dtype=float, na_value=np.nan) for name in MEASURED)  # (seeds, layers)
    delta_squared = np.square(delta)
    predict = _predict_batchnorm if cell["normalization"] == "batch" else _predict_plain
    prediction = predict(cell, scheme, q, [lengths.get((cell["dataset"], int(seed))) for seed in by_seed.index])
    return _rows(cell, q, delta_squared, prediction)


def _predict_plain(cell, scheme: SchemeCall, q, lengths) -> dict:
    """σ_w², σ_b², q of each seed and layer, δ² of each layer relative to the last, and what is to be noted."""
    width, depth = int(cell["width"]), int(cell["depth"])
    layer = Layer(width, width, 2, depth, cell["activation"])
    weight, bias, notes = _variances(scheme, layer)
    if any(r is None for r in lengths):
        shares = np.ones((len(q), 1))
        notes.append("all samples taken to be equally long")
    else:
        shares = np.stack([r / r.mean() for r in lengths])
    # a seed whose signal left the range of doubles is not predicted: null in, null out
    known = np.isfinite(q[:, 0])
    first = np.where(known, q[:, 0], 1.0)[:, None]
    # the bias adds the same to every sample; what the inputs add is shared out by their lengths
    start = np.maximum(first - bias, 0) * shares + np.minimum(first, bias)
    predicted_q, chi = propagate_samples(cell["activation"], width * weight, bias, depth, start)
    # δ² of a sample at layer l is in proportion to χ_l … χ_H, since the cotangents at the logits are alike
    logs = np.log(chi, out=np.full(chi.shape, -np.inf), where=chi > 0)
    with np.errstate(over="ignore"):  # becomes a null
        backward = np.exp(np.cumsum(logs[::-1], axis=0)[::-1]).mean(axis=(1, 2))
    return {
        "weight_variance": width * weight,
        "bias_variance": bias,
        "q": np.where(known[:, None], predicted_q.mean(axis=2).T, np.nan),
        "gradient": _divided(backward, backward[-1]),
        "judged": True,
        "notes": notes,
    }


def _predict_batchnorm(cell, scheme: SchemeCall, q, lengths) -> dict:
    """The same under batch normalisation, where all samples are alike; no tolerance is set for its δ²."""
    width, depth = int(cell["width"]), int(cell["depth"])
    weight, _, notes = _variances(scheme, Layer(width, width, 2, depth, cell["activation"], "batch"))
    start = float(q[:, 0].mean())
    predicted_q, factors = propagate_batchnorm(cell["activation"], width * weight, depth, EPSILON, start)
    gradient = np.cumprod(np.append(factors[:-1], 1.0)[::-1])[::-1]
    return {
        "weight_variance": width * weight,
        "bias_variance": None,
        "q": np.broadcast_to(predicted_q, q.shape),
        "gradient": gradient,
        "judged": False,
        "notes": [
            *notes,
            "batch normalisation sets E[z²]; δ² in the limit of depth, width and batch size: shown, not judged",
        ],
    }


def _variances(scheme: SchemeCall, layer: Layer) -> tuple[float, float, list[str]]:
    """Variance of a weight and of a bias in a hidden layer: as the scheme states them, else estimated from draws."""
    stated = scheme.variances(layer)
    if stated is not None:
        return *stated, []
    drawn = [draw(scheme, keyed(0, "theory", k, layer.fan_in), layer) for k in range(ESTIMATION_DRAWS)]
    weight, bias = (float(np.mean([np.square(pair[k]).mean() for pair in drawn])) for k in range(2))
    return weight, bias, [f"variances estimated from {ESTIMATION_DRAWS} drawn layers"]


def _rows(cell, q, delta_squared, prediction) -> list[dict]:
    """The rows of one cell from its measurements (seeds, layers) and their prediction."""
    predicted_q, gradient = prediction["q"].mean(axis=0), prediction["gradient"]
    measured_q, mean_delta = q.mean(axis=0), delta_squared.mean(axis=0)
    measured_gradient = _divided(mean_delta, mean_delta[-1])
    # standard errors of the ratio measured/predicted: q against each seed's own prediction, δ² against its own δ²_H
    residual = delta_squared - measured_gradient * delta_squared[:, -1:]
    columns = {
        "predicted_second_moment": predicted_q,
        "measured_second_moment": measured_q,
        "second_moment_relative_error": _divided(measured_q, predicted_q) - 1,
        "second_moment_standard_error": _divided(_standard_error(q - prediction["q"]), predicted_q),
        "predicted_factor": _factors(gradient),
        "measured_factor": _factors(mean_delta),
        "predicted_gradient": gradient,
        "measured_gradient": measured_gradient,
        "gradient_relative_error": _divided(measured_gradient, gradient) - 1,
        "gradient_standard_error": _divided(_divided(_standard_error(residual), mean_delta[-1]), gradient),
    }
    same = {name: prediction[name] for name in ("weight_variance", "bias_variance")} | {"seeds": len(q)}
    rows = []
    for place in range(q.shape[1]):
        row = {**cell, **same, "layer": place + 1} | {name: float(values[place]) for name, values in columns.items()}
        row |= _judgement(row, prediction)
        rows.append({name: None if _undefined(value) else value for name, value in row.items()})
    return rows


def _judgement(row, prediction) -> dict:
    """The columns within_tolerance and note of a row."""
    judged = [(row[f"{what}_relative_error"], row[f"{what}_standard_error"]) for what in JUDGED]
    within = _within(judged) if prediction["judged"] else None
    notes = list(prediction["notes"])
    if row["layer"] == 1:
        notes.append(GIVEN)
    if within is None and prediction["judged"]:
        notes.append(
            "one seed: no standard error, not judged" if row["seeds"] == 1 else "zero or not finite: not judged"
        )
    return {"within_tolerance": within, "note": "; ".join(notes) or None}


def _standard_error(values) -> np.ndarray:
    """Of the mean over the first axis; NaN for one value."""
    if len(values) < 2:
        return np.full(values.shape[1], np.nan)
    return values.std(axis=0, ddof=1) / np.sqrt(len(values))


def _divided(a, b) -> np.ndarray:
    """a/b, NaN where b is zero or a result would not be finite."""
    a, b = np.broadcast_arrays(np.asarray(a, float), np.asarray(b, float))
    good = np.isfinite(a) & np.isfinite(b) & (b != 0)
    with np.errstate(over="ignore"):  # becomes a null
        return np.divide(a, b, out=np.full(a.shape, np.nan), where=good)


def _factors(values) -> np.ndarray:
    """δ²_l/δ²_{l+1}; NaN for the last hidden layer."""
    return np.append(_divided(values[:-1], values[1:]), np.nan)


def _within(pairs) -> bool | None:
    """Whether every (relative error, standard error) is within tolerance; None if one is undefined."""
    if any(_undefined(value) for pair in pairs for value in pair):
        return None
    return all(abs(error) <= TOLERANCE + 2 * spread for error, spread in pairs)


def _undefined(value) -> bool:
    return value is None or (isinstance(value, float) and not np.isfinite(value))
