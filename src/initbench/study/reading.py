"""A configuration as plain values: from a YAML file or a mapping, with today's names for keys that had another one."""

import logging
import os
import re
from collections.abc import Iterable, Mapping, Sequence
from numbers import Integral, Real
from typing import Any

from initbench.study.error import ConfigError
from initbench.study.strict_yaml import read_file

logger = logging.getLogger(__name__)
DECIMAL = re.compile(r"[-+]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][-+]?[0-9]+)?", re.ASCII)
STUDY = "study"  # what --config calls a study file
DEFAULT_STUDY = "config.yaml"
RENAMED = {"seeds_per_job": "seeds_per_shard", "rules": "thresholds"}


def read(config: str | os.PathLike | Mapping) -> dict[str, Any]:
    """Read a YAML file, or copy a mapping, into plain values with today's names of the keys.

    Raises ConfigError if the file is no mapping of plain values, or the old and the new name of a key are both given.
    """
    if not isinstance(config, str | os.PathLike | Mapping):
        raise ConfigError(f"a study is the path of a file or a mapping of keys to values, not {type(config).__name__}")
    if not isinstance(config, Mapping):
        config = read_file(config)
    try:
        return _renamed({str(key): plain(value) for key, value in config.items()})
    except RecursionError:
        raise ConfigError("configuration: a value holds itself") from None


def study_files(files: Iterable[str | os.PathLike], values: Mapping[str, Any]) -> list[str | os.PathLike]:
    """The files of --configfile, and that of `--config study=mine.yaml`; config.yaml without any. ConfigError if it is no path."""
    named = values.get(STUDY)
    if named is not None and not isinstance(named, str):
        raise ConfigError(f"{STUDY}: {named!r} is not the path of a study file")
    return [*files, *([named] if named else [])] or [DEFAULT_STUDY]


def given_to_snakemake(files: Iterable[str | os.PathLike], values: Mapping[str, Any]) -> dict[str, Any]:
    """The study of Snakemake's command line: later files over earlier ones, and --config over them."""
    own = {key: value for key, value in values.items() if key != STUDY}
    return _merged([*map(read_file, files), own])


def _merged(parts: Sequence[Mapping]) -> dict[str, Any]:
    """Later values over earlier ones, mappings key by key."""
    found: dict[str, Any] = {}
    for part in parts:
        for key, value in part.items():
            old = found.get(key)
            within = isinstance(old, Mapping) and isinstance(value, Mapping)
            found[key] = _merged([found[key], value]) if within else value
    return found


def plain(value: object) -> Any:
    """Mappings as dict, sequences as list, paths as text, NumPy's numbers as Python's."""
    if isinstance(value, Mapping):
        return {str(key): plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple | set | frozenset | range):
        return [plain(part) for part in value]
    if isinstance(value, os.PathLike):
        return os.fspath(value)
    if isinstance(value, bool | int | float | str):
        return value
    if isinstance(value, Integral):
        return int(value)
    return float(value) if isinstance(value, Real) else value


def _renamed(config: dict[str, Any]) -> dict[str, Any]:
    for old, new in RENAMED.items():
        if old in config and new in config:
            raise ConfigError(f"{old}: this key is now called {new}, which is given too: keep one of them")
        if old in config:
            logger.warning("initbench: configuration: %s is now called %s", old, new)
            config[new] = config.pop(old)
    return config


def number(value: object) -> object:
    """A number out of text, as Snakemake's --config hands it over; whatever else it is comes back as it was.

    Raises ValueError for a truth value, which Python would take for 0 or 1.
    """
    if isinstance(value, bool):
        raise ValueError(f"{str(value).lower()} is a truth value, not a number")
    if isinstance(value, str) and DECIMAL.fullmatch(value):
        return int(value) if value.lstrip("+-").isdigit() else float(value)
    return value


def whole_number(value: object) -> object:
    """`number`, and 2.0 as 2."""
    value = number(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
