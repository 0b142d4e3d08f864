"""The Parquet tables: their columns with units and meanings, and how shards become tables.

`assemble` unfolds the records of a shard file's runs. Undefined values are null, never NaN.
"""

from collections.abc import Iterable
from contextlib import ExitStack

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from initbench.base.files import write_atomically
from initbench.probes import columns as probe_columns
from initbench.study.thresholds import Thresholds
from initbench.tables import status as outcomes
from initbench.tables.shards import KEYS

ROW_GROUP = 100_000  # rows
FLOAT, INTEGER, TEXT, FLAG = pa.float64(), pa.int32(), pa.string(), pa.bool_()
_KEY_COLUMNS = {
    "dataset": (TEXT, "name of the data set"),
    "architecture": (TEXT, "mlp"),
    "width": (INTEGER, "units of a hidden layer"),
    "depth": (INTEGER, "number of hidden layers"),
    "activation": (TEXT, "φ"),
    "normalization": (TEXT, "none, batch or layer"),
    "optimizer": (TEXT, "sgd, with momentum"),
    "scheme": (TEXT, "how the parameters were drawn"),
    "learning_rate": (FLOAT, "step size; null if nothing was trained"),
    "seed": (INTEGER, "seed of split, draws and batch order"),
}
_LOSSES = {
    "train_loss": (FLOAT, "mean cross-entropy on the training split, nats"),
    "train_accuracy": (FLOAT, "share right on the training split"),
    "valid_loss": (FLOAT, "mean cross-entropy on the validation split, nats"),
    "valid_accuracy": (FLOAT, "share right on the validation split"),
}
_STEP = {"step": (INTEGER, "updates done")}


_TYPES = {float: FLOAT, int: INTEGER, bool: FLAG, str: TEXT}


COLUMNS = {
    "runs": _KEY_COLUMNS
    | {
        "status": (TEXT, "trained, slow, stalled, diverged or initial"),
        "steps": (INTEGER, "updates in the budget"),
        "diverged_step": (INTEGER, "updates after which loss or parameters were not finite; null if they stayed so"),
        "steps_to_target": (INTEGER, "first recorded step at the target training accuracy; null if never"),
    }
    | _LOSSES
    | {
        "test_loss": (FLOAT, "mean cross-entropy on the test split, nats"),
        "test_accuracy": (FLOAT, "share right on the test split"),
        "selected": (FLAG, "whether its learning rate was chosen for the cell, on validation"),
        "rounding_classes": (
            INTEGER,
            "distinct units that the rounding of the machine's matrix products can make of equal ones; null if not trained",
        ),
    },
    "history": _KEY_COLUMNS | _STEP | _LOSSES,
    "signal": _KEY_COLUMNS
    | _STEP
    | {
        "gradient_factor": (FLOAT, "χ̂: per-layer factor of δ² towards the input, independent cotangent"),
        "gradient_ratio": (FLOAT, "δ²_1 / δ²_H, independent cotangent"),
        "gradient_regime": (TEXT, "vanishing, stable, exploding or zero, from the ratio"),
        "forward_factor": (FLOAT, "per-layer factor of E[z²] towards the output"),
        "jacobian_max": (FLOAT, "largest singular value of ∂logits/∂inputs over 8 probe samples; step 0"),
        "jacobian_median": (FLOAT, "median singular value"),
        "jacobian_min": (FLOAT, "smallest singular value"),
    },
    "layers": _KEY_COLUMNS
    | _STEP
    | {
        "layer": (INTEGER, "1 … depth + 1, the last being the output layer"),
    }
    | {column.name: (_TYPES[column.type], column.meaning) for column in probe_columns("layers")},
    "theory": {name: _KEY_COLUMNS[name] for name in KEYS}
    | {
        "layer": (INTEGER, "1 … depth: the hidden layers, at step 0"),
        "seeds": (INTEGER, "draws that the measurement is a mean over"),
        "weight_variance": (
            FLOAT,
            "σ_w²: width × variance of a weight between hidden layers; null under normalisation",
        ),
        "bias_variance": (FLOAT, "σ_b²: variance of a bias; null under normalisation"),
        "predicted_second_moment": (FLOAT, "E[z²] by the mean-field recursion from the data's own first layer"),
        "measured_second_moment": (FLOAT, "E[z²], mean over seeds"),
        "second_moment_relative_error": (FLOAT, "measured/predicted − 1"),
        "second_moment_standard_error": (FLOAT, "standard error over seeds of the relative error"),
        "predicted_factor": (FLOAT, "δ²_l/δ²_{l+1}; null for the last hidden layer"),
        "measured_factor": (FLOAT, "δ²_l/δ²_{l+1}, each averaged over seeds first"),
        "predicted_gradient": (FLOAT, "δ²_l/δ²_H, H the last hidden layer"),
        "measured_gradient": (FLOAT, "δ²_l/δ²_H of an independent N(0, 1) cotangent, each averaged over seeds first"),
        "gradient_relative_error": (FLOAT, "measured/predicted − 1"),
        "gradient_standard_error": (FLOAT, "standard error over seeds of the relative error"),
        "within_tolerance": (
            FLAG,
            "whether both relative errors are within 2 % + 2 standard errors; null if not judged, as under batch normalisation",
        ),
        "note": (TEXT, "what limits the prediction or the judgement"),
    },
    "claims": {
        "id": (TEXT, "name of the claim"),
        "statement": (TEXT, "the claim as the literature states it, in English"),
        "statement_zh": (TEXT, "the claim in Chinese"),
        "rule": (TEXT, "endpoint, threshold and cells by which it is judged"),
        "verdict": (TEXT, "supported, supported only when, refuted or not tested"),
        "condition": (TEXT, "where it holds, if in some cells only; null otherwise"),
        "condition_zh": (TEXT, "the condition in Chinese"),
        "evidence": (TEXT, "the decisive numbers with their uncertainty"),
        "figure": (TEXT, "the figure that shows it"),
        "cells": (INTEGER, "cells in which it was judged"),
        "cells_holding": (INTEGER, "cells in which it holds"),
    },
}


def schema(table: str) -> pa.Schema:
    """The Arrow schema of a table, each column's meaning and unit in its metadata."""
    return pa.schema([pa.field(n, t, metadata={"meaning": m}) for n, (t, m) in COLUMNS[table].items()])


def assemble(shards: pa.Table, thresholds: Thresholds) -> dict[str, pa.Table]:
    """The tables runs, history, signal and layers of the shards of some cells of one shape, trained in one way.

    Rows are sorted by scheme, learning rate, seed, step, layer.
    """
    by = ("scheme", "learning_rate", "seed")
    shards = shards.combine_chunks().sort_by([(name, "ascending") for name in by])
    runs = shards.num_rows
    steps = np.array(shards["step"][0].as_py())
    depth = shards["depth"][0].as_py()

    def values(name):
        column = shards[name].combine_chunks()
        if not pa.types.is_fixed_size_list(column.type):
            return column.to_numpy(zero_copy_only=False)
        return column.flatten().to_numpy(zero_copy_only=False).reshape(runs, len(steps), -1)

    key = {name: shards[name] for name in _KEY_COLUMNS}
    history = {name: values(name)[:, :, 0] for name in _LOSSES}
    final = {
        name: values(name)
        for name in ("test_loss", "test_accuracy", "diverged_step", "label_entropy", "rounding_classes")
    }
    summary = outcomes.judge(history, final, steps, thresholds)
    summary["selected"] = outcomes.select(values("scheme"), values("learning_rate"), summary)
    signal = {name: values(name)[:, :, 0] for name in ("gradient_factor", "forward_factor", "log_gradient_ratio")}
    signal |= {f"jacobian_{part}": values(f"jacobian_{part}")[:, :, 0] for part in ("max", "median", "min")}
    signal |= outcomes.gradient_regime(signal.pop("log_gradient_ratio"), thresholds)
    names = [name for name in COLUMNS["layers"] if name not in _KEY_COLUMNS and name not in ("step", "layer")]
    layers = {name: values(name) for name in names}
    layers["layer"] = np.broadcast_to(np.arange(1, depth + 2), (runs, len(steps), depth + 1))
    step = np.broadcast_to(steps, (runs, len(steps)))
    return {
        "runs": _table("runs", key, summary, 1),
        "history": _table("history", key, history | {"step": step}, len(steps)),
        "signal": _table("signal", key, signal | {"step": step}, len(steps)),
        "layers": _table(
            "layers", key, layers | {"step": np.repeat(step, depth + 1, axis=1)}, len(steps) * (depth + 1)
        ),
    }


def _table(name: str, key, columns, rows_each: int) -> pa.Table:
    """Columns as the schema has them; keys repeated for each of a run's rows."""
    rows = np.repeat(np.arange(len(key["seed"])), rows_each)
    arrays = []
    for field in schema(name):
        if field.name in key:
            arrays.append(key[field.name].take(rows).cast(field.type))
        else:
            arrays.append(_array(np.asarray(columns[field.name]).ravel(), field.type))
    return pa.table(arrays, schema=schema(name))


def _array(values: np.ndarray, kind) -> pa.Array:
    if values.dtype.kind == "f":
        finite = np.isfinite(values)
        if kind != FLOAT:
            values = np.where(finite, values, 0).astype(kind.to_pandas_dtype())
        return pa.array(values, kind, mask=~finite)
    return pa.array(values, kind)


class _Writer:
    """A Parquet file in row groups of ROW_GROUP rows, whatever the pieces that it is written in."""

    def __init__(self, path: str, name: str):
        self.file = pq.ParquetWriter(path, schema(name), compression="zstd")
        self.waiting = schema(name).empty_table()

    def write(self, table: pa.Table) -> None:
        self.waiting = pa.concat_tables([self.waiting, table])
        while self.waiting.num_rows >= ROW_GROUP:
            self.file.write_table(self.waiting.slice(0, ROW_GROUP))
            self.waiting = self.waiting.slice(ROW_GROUP)

    def close(self) -> None:
        if self.waiting.num_rows:
            self.file.write_table(self.waiting)
        self.file.close()


def collect(cells: Iterable[list[str]], outputs: dict[str, str], thresholds: Thresholds) -> None:
    """Write the four tables from shard files, those of cells of one shape and way of training together, in that order."""
    with ExitStack() as files:
        writers = {name: _Writer(files.enter_context(write_atomically(path)), name) for name, path in outputs.items()}
        for paths in cells:
            shards = pa.concat_tables([pq.ParquetFile(path).read() for path in paths])
            for name, table in assemble(shards, thresholds).items():
                writers[name].write(table)
        for writer in writers.values():
            writer.close()
