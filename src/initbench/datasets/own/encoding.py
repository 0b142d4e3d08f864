"""Features of a table's columns: numbers as they are, one input a category; what is missing is left so for each seed to fill."""

import math
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from initbench.datasets.description import ColumnUse
from initbench.datasets.faults import feature_faults
from initbench.datasets.own.choice import Chosen
from initbench.datasets.own.text import Text, faults_of, first_row, is_date, numbers_of, text_of

RARE = 0.01  # share of rows below which a category is put to the others, and missing values have no input of their own
LEAST = 2  # rows of a category of its own
OTHER, ABSENT = "other", "missing"
FEW_CODES = 0.1  # of the rows: more different values than these may tell the label by chance


@dataclass(frozen=True)
class Encoding:
    """Features (N, F) float64, NaN where a number is missing, with their names; the columns they come from; faults.

    codes: (N,) integers of each column's values, by which a column that stands for the label is seen.
    """

    features: np.ndarray
    names: list[str]
    columns: tuple[ColumnUse, ...]
    faults: tuple[str, ...]
    codes: Mapping[str, np.ndarray] = field(default_factory=dict)

    @property
    def medians(self) -> np.ndarray:
        """(F,) of the values that are there."""
        return np.array([np.nanmedian(column) if np.isnan(column).any() else 0.0 for column in self.features.T])

    def suspected(self, labels: np.ndarray, choice: Chosen) -> Iterator[ColumnUse]:
        """The columns with what is no fault but hardly meant, the label's among them; labels are 0, 1, 2 …"""
        classes = int(labels.max()) + 1
        for column in self.columns:
            codes = self.codes.get(column.name)
            if codes is not None and _tells(codes, labels, classes):
                column = replace(column, notes=(*column.notes, "tells_label"))
            yield column
        if choice.label:
            yield ColumnUse(choice.label, "label", 0, classes, 0)


def _tells(codes: np.ndarray, labels: np.ndarray, classes: int) -> bool:
    """Whether each value of a column has one class, where there are too few values for that to be chance."""
    values = int(codes.max()) + 1
    few = 1 < values <= max(classes, FEW_CODES * len(labels))
    return few and len(np.unique(codes * classes + labels)) == values


@dataclass(frozen=True)
class _Part:
    """What becomes of one column."""

    use: ColumnUse
    features: Mapping[str, np.ndarray] = field(default_factory=dict)
    codes: np.ndarray | None = None
    faults: tuple[str, ...] = ()


def encoded(choice: Chosen, categories: Collection[str]) -> Encoding:
    """Encode the chosen columns; `categories` names those that are words whatever they hold."""
    arrays, faults = {name: _plain(name, column, name in categories) for name, column in choice.features.items()}, []
    texts = {name: text_of(a, name in categories) for name, a in arrays.items() if _is_text(a)}
    faults += faults_of(texts)
    faults += [str(array) for array in arrays.values() if isinstance(array, TypeError)]
    parts = []
    for name, array in arrays.items():
        if isinstance(array, TypeError) or (name in texts and texts[name].holds in ("grouped", "unit", "mixed")):
            continue
        parts.append(_part(name, array, texts.get(name), faults))
    faults += [fault for part in parts for fault in part.faults]
    made = [(name, values) for part in parts for name, values in part.features.items()]
    if not made and not faults:
        faults.append("no column is left to learn from")
    left = [ColumnUse(name, "left_out", 0, 0, 0, notes=("told",)) for name in choice.left_out]
    ordered = sorted([part.use for part in parts] + left, key=lambda use: choice.names.index(use.name))
    features = np.column_stack([values for _, values in made]) if made else np.empty((len(choice.labels), 0))
    codes = {part.use.name: part.codes for part in parts if part.codes is not None}
    return Encoding(features, [name for name, _ in made], tuple(ordered), tuple(faults), codes)


def _part(name: str, array: Any, text: Text | None, faults: list[str]) -> _Part:
    if text is not None and text.holds == "words":
        return _words(name, text)
    if text is None:
        return _numbers(name, np.asarray(array), ())
    if text.holds == "comma" and any(f"feature {name!r} " in fault for fault in faults):
        return _Part(ColumnUse(name, "number", 0, 0, 0))
    values = numbers_of(text).to_numpy(zero_copy_only=False)
    return _numbers(name, values, ("decimal_comma",) if text.holds == "comma" else ())


def _is_text(array: Any) -> bool:
    return not isinstance(array, np.ndarray | TypeError)


def _plain(name: str, column: Any, words: bool) -> Any:
    """A column of numbers as float64 with NaN, one of text (or, for words, any other) as a pyarrow array of text.

    A TypeError, in words, for what is neither.
    """
    import pyarrow as pa

    array = column.combine_chunks() if isinstance(column, pa.ChunkedArray) else column
    if pa.types.is_dictionary(array.type):
        array = array.cast(array.type.value_type)
    kind = array.type
    if pa.types.is_null(kind):
        return np.full(len(array), np.nan)
    if pa.types.is_string(kind) or pa.types.is_large_string(kind) or pa.types.is_string_view(kind):
        return array
    if words and (pa.types.is_boolean(kind) or pa.types.is_integer(kind) or pa.types.is_floating(kind)):
        return array.cast(pa.string())
    if pa.types.is_boolean(kind):
        array = array.cast(pa.int8())
    elif not (pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind)):
        days = (
            ": give numbers, such as days since the first" if pa.types.is_temporal(kind) else ": give numbers or text"
        )
        return TypeError(f"feature {name!r} holds {kind}{days}, or leave it out: drop: [{name}]")
    return array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False)


def _numbers(name: str, values: np.ndarray, notes: tuple[str, ...]) -> _Part:
    """A column of numbers, and an input that says where they are missing if that is not rare."""
    values = values.astype(float)
    missing = np.isnan(values)
    known, codes = np.unique(values[~missing], return_inverse=True)
    count, rows = int(missing.sum()), len(values)
    use = ColumnUse(name, "number", 0, len(known), count, notes=notes)
    if np.isinf(known).any():
        return _Part(use, faults=tuple(feature_faults(np.where(missing, 0.0, values)[:, None], [name])))
    if rows - count < max(1, RARE * rows):
        return _Part(replace(use, kind="left_out", notes=("empty",)))
    often = count >= RARE * rows
    features = {name: values} if len(known) > 1 else {}
    features |= {f"{name} ({ABSENT})": missing.astype(float)} if often and count else {}
    if not features:
        return _Part(replace(use, kind="left_out", notes=("constant",)))
    notes += ("filled",) if count and name in features else ()
    notes += ("indicator",) if often and count else ()
    notes += _identifies(known, values) if not count else ()
    return _Part(replace(use, inputs=len(features), notes=notes), features, None if count else codes)


def _identifies(known: np.ndarray, values: np.ndarray) -> tuple[str, ...]:
    if len(values) > 1 and np.array_equal(values - values[0], np.arange(len(values))):
        return ("counts_rows",)
    whole = len(known) == len(values) and np.isfinite(known).all() and np.array_equal(known, np.round(known))
    return ("identifier",) if whole else ()


def _words(name: str, text: Text) -> _Part:
    """A column of categories: an input each, one input for two, and one for all that are rare."""
    from sklearn.preprocessing import OneHotEncoder

    encoded = text.values.fill_null(ABSENT).dictionary_encode()
    words, order = np.unique(np.array(encoded.dictionary.to_pylist(), str), return_inverse=True)
    codes = order[encoded.indices.to_numpy(zero_copy_only=False)]
    counts, least = np.bincount(codes, minlength=len(words)), max(LEAST, math.ceil(RARE * len(codes)))
    rare = counts < least
    absent = text.values.null_count
    use = ColumnUse(name, "category", 0, len(words) - bool(absent), absent)
    if absent == len(codes):
        return _Part(replace(use, kind="left_out", notes=("empty",)))
    if len(words) == 1:
        return _Part(replace(use, kind="left_out", notes=("constant",)))
    if counts[rare].sum() > len(codes) / 2:
        return _Part(use, faults=(_too_many(name, words, text),))
    encoder = OneHotEncoder(drop="if_binary", min_frequency=least, sparse_output=False)
    inputs = encoder.fit_transform(codes[:, None])
    called = [code.removeprefix("x0_") for code in encoder.get_feature_names_out()]
    called = [str(words[int(code)]) if code.isdigit() else OTHER for code in called]
    features = {f"{name} = {word}": inputs[:, k] for k, word in enumerate(called)}
    grouped = int(rare.sum()) if rare.sum() > 1 else 0
    notes = (("missing_category",) if absent else ()) + (("grouped",) if grouped else ())
    return _Part(replace(use, inputs=len(features), grouped=grouped, notes=notes), features, codes)


def _too_many(name: str, words: np.ndarray, text: Text) -> str:
    row, value = first_row(text.values, r"(?s).+")
    what = "dates" if is_date(value) else "different texts"
    why = "give numbers, such as days since the first" if what == "dates" else "an identifier, or free text"
    return (
        f"feature {name!r} holds {len(words):,} {what} in {len(text.values):,} rows, such as {value!r} in row {row}: {why}; "
        f"leave it out: drop: [{name}]"
    )
