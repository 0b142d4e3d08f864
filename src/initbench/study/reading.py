"""A configuration as plain values: from a YAML file or a mapping, with today's names for keys that had another one."""

import logging
import os
from collections.abc import Mapping
from numbers import Integral, Real
from pathlib import Path
from typing import Any

import yaml

logger = logging.getLogger(__name__)
RENAMED = {"seeds_per_job": "seeds_per_shard", "rules": "thresholds"}


class ConfigError(ValueError):
    """A configuration that cannot be run; the message names the key, the value and what is allowed."""


class _Loader(yaml.SafeLoader):
    """Safe YAML in which a key stands once."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict:
        seen: set[str] = set()
        for key, _ in node.value:
            if str(key.value) in seen:
                line = key.start_mark.line + 1
                raise ConfigError(f"{Path(self.name).name}, line {line}: the key {key.value!r} stands there twice")
            seen.add(str(key.value))
        return super().construct_mapping(node, deep)


def read(config: str | os.PathLike | Mapping) -> dict[str, Any]:
    """Read a YAML file, or copy a mapping, into plain values with today's names of the keys.

    Raises ConfigError if the file is no mapping, a key stands in it twice, or the old and the new name of a key are both
    given; OSError or yaml.YAMLError if the file cannot be read.
    """
    if not isinstance(config, Mapping):
        config = read_file(Path(config))
    try:
        return _renamed({str(key): plain(value) for key, value in config.items()})
    except RecursionError:
        raise ConfigError("configuration: a value holds itself") from None


def read_file(path: Path) -> Mapping:
    """Read a YAML file as it stands. Raises ConfigError if it is no mapping or a key stands in it twice."""
    with open(path, encoding="utf-8") as file:
        loader = _Loader(file)
        try:
            found = loader.get_single_data()
        finally:
            loader.dispose()
    if found is None:
        return {}
    if not isinstance(found, Mapping):
        kind = "a list" if isinstance(found, list) else f"the single value {found!r}"
        raise ConfigError(f"{path}: a study is a mapping of keys to values, such as 'depths: [1, 3]'; this is {kind}")
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
    if isinstance(value, str):
        for kind in (int, float):
            try:
                return kind(value)
            except ValueError:
                continue
    return value


def whole_number(value: object) -> object:
    """`number`, and 2.0 as 2."""
    value = number(value)
    return int(value) if isinstance(value, float) and value.is_integer() else value
