"""Which columns of a table are the label and the features: as the study says, or all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from initbench.base.suggest import did_you_mean
from initbench.datasets.own.raw import FaultsError, Raw


@dataclass(frozen=True)
class Chosen:
    """The label's column and its values, one a row; the features, and the columns left out, by name as pyarrow arrays."""

    label: str | None
    labels: Sequence[Any]
    features: Mapping[str, Any]
    left_out: Mapping[str, Any]
    names: tuple[str, ...]


def chosen(raw: Raw, source: Mapping[str, Any]) -> Chosen:
    """Choose the columns of a table as `label`, `features` and `drop` of a study say.

    Raises FaultsError with all names that are missing, there twice, or nothing.
    """
    label, dropped = source.get("label") or raw.label, source.get("drop") or ()
    wanted = source.get("features") or raw.default_features
    others = [name for name in raw.names if name != label and name not in dropped]
    names = [name for name in wanted if name not in dropped] if wanted else others
    faults = [*_unknown(raw, [label, *names, *dropped, *(source.get("categories") or ())])]
    faults += _unnamed(raw, [name for name in dict.fromkeys([label, *names]) if name in raw.names])
    if not names:
        faults.append(f"there is no {raw.what} but the label {label!r}")
    if faults:
        raise FaultsError(*faults)
    columns = dict(zip(raw.names, raw.columns, strict=True))
    features = {name: columns[name] for name in names}
    left_out = {name: columns[name] for name in columns if name not in features and name != label}
    labels = [] if label is None else _values(columns[label])
    return Chosen(label, labels, features, left_out, tuple(columns))


def _values(column: Any) -> list:
    return [value.strip() if isinstance(value, str) else value for value in column.to_pylist()]


def _unknown(raw: Raw, names: Sequence[str | None]) -> Iterator[str]:
    held = ", ".join(map(repr, raw.names))
    for name in dict.fromkeys(names):
        if name is not None and name not in raw.names:
            yield f"there is no {raw.what} {name!r}{did_you_mean(name, raw.names)}; the file holds {held}"


def _unnamed(raw: Raw, names: Sequence[str]) -> Iterator[str]:
    for name in names:
        count = Counter(raw.names)[name]
        if not name.strip() or name.startswith("Unnamed: "):
            yield (
                f"the {raw.what} {name!r} has no name: an index perhaps; write the file without it, "
                f"or leave it out: drop: [{name!r}]"
            )
        elif count > 1:
            yield f"{count} {raw.what}s are called {name!r}"
