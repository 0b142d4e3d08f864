"""What a configuration names must exist, once: data sets, schemes and the rest, and files."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from initbench.activations import ACTIVATIONS
from initbench.architectures import ARCHITECTURES
from initbench.base.arguments import one_line
from initbench.base.registry import Registry
from initbench.base.suggest import did_you_mean
from initbench.base.time_limit import time_limit
from initbench.datasets import DATASETS
from initbench.network.normalization import NORMALIZATIONS
from initbench.optimizers import OPTIMIZERS
from initbench.schemes import SCHEMES, Layer
from initbench.schemes.draw import draw
from initbench.schemes.label import parse_scheme
from initbench.schemes.rates import rate_factors
from initbench.study.cells import Cell
from initbench.study.config import Config
from initbench.study.error import ConfigError, together
from initbench.study.seed_axes import SeedAxes

TRIAL_LAYER = (16, 12)  # fan-in and fan-out of the layer that every scheme must be able to draw: not square
WIDEST_TRIAL = 256  # layers between layers of that width or less are tried too
KINDS: dict[str, tuple[str, Collection[str] | Registry]] = {
    "architectures": ("architecture", ARCHITECTURES),
    "activations": ("activation", ACTIVATIONS),
    "normalizations": ("normalization", NORMALIZATIONS),
    "optimizers": ("optimizer", OPTIMIZERS),
}
DEFAULT_REFERENCE = Config.model_fields["reference"].default
FURTHER_GRIDS = ("further", "initial")  # trained as the study's own; measured at initialisation only


def grids(config: Mapping[str, Any]) -> list[tuple[str, Mapping[str, Any]]]:
    """The study's grid and the further ones, each with what stands before its keys in a message."""
    more = [(f"{key}[{i}].", grid) for key in FURTHER_GRIDS for i, grid in enumerate(config[key])]
    return [("", config), *more]


def own_files(config: Mapping[str, Any]) -> dict[str, dict]:
    """The described files, and data sets at OpenML, of all grids, by name."""
    described = [data for _, grid in grids(config) for data in grid.get("datasets", ()) if isinstance(data, dict)]
    return {data["name"]: data for data in described}


def data_sets_of(config: Mapping[str, Any]) -> list[str]:
    """The names of the data sets of the study's own grid, sorted."""
    return sorted(data if isinstance(data, str) else data["name"] for data in config["datasets"])


def check_files(config: Mapping[str, Any]) -> None:
    """Every file must be there, and no two data sets be called alike; a further grid may name a file described elsewhere."""
    files = own_files(config)
    together(
        partial(_check_file, f"{prefix}datasets", data, grid["datasets"], files)
        for prefix, grid in grids(config)
        for data in grid.get("datasets", ())
    )


def _check_file(key: str, data: str | dict, listed: list[str | dict], files: Mapping[str, dict]) -> None:
    names = [each if isinstance(each, str) else each["name"] for each in listed]
    name = data if isinstance(data, str) else data["name"]
    if names.count(name) > 1 or (isinstance(data, dict) and data != files[name]):
        raise ConfigError(f"{key}: two data sets are called {name!r}")
    if isinstance(data, dict) and name in DATASETS:
        raise ConfigError(f"{key}: {name!r} is the name of another data set: call the file otherwise")
    if isinstance(data, dict) and "path" in data and not Path(data["path"]).is_file():
        raise ConfigError(f"{key}: {name}: there is no file {data['path']!r} in {Path.cwd()}")


def check_names(config: Mapping[str, Any]) -> None:
    """Refuse, with the names that there are, what no data set, scheme, activation … of a grid is called."""
    files = own_files(config)
    checks: list[Callable[[], None]] = []
    for prefix, grid in grids(config):
        for axis, (kind, known) in KINDS.items():
            checks += [partial(_check_name, prefix + axis, kind, name, known) for name in grid.get(axis, ())]
        for name in grid.get("datasets", ()):
            if isinstance(name, str) and name not in files:
                checks.append(partial(_check_name, f"{prefix}datasets", "data set", name, [*DATASETS, *files]))
        checks.append(partial(_check_schemes, f"{prefix}schemes", grid.get("schemes", ())))
    together(checks)


def _check_schemes(key: str, labels: Iterable[str]) -> None:
    """Each label must be that of a scheme, and of another one than those before it."""
    known: dict[str, str] = {}

    def check(label: str) -> None:
        canonical = scheme_label(key, label)
        if canonical in known:
            raise ConfigError(
                f"{key}: {known[canonical]!r} and {label!r} are one scheme, which stands in the list twice"
            )
        known[canonical] = label

    together(partial(check, label) for label in labels)


def reference(config: Mapping[str, Any]) -> str:
    """The label of the scheme that the others are compared with: the one given, xavier_tanh, or the first of the study."""
    labels = [scheme_label("schemes", label) for _, grid in grids(config) for label in grid.get("schemes", ())]
    if config["reference"] is None:
        return DEFAULT_REFERENCE if DEFAULT_REFERENCE in labels else labels[0]
    given = scheme_label("reference", config["reference"])
    if given not in labels:
        known = list(dict.fromkeys(labels))
        raise ConfigError(
            f"reference: {given!r} is not among the schemes of the study{did_you_mean(given, known)}: {', '.join(known)}"
        )
    return given


def check_numbers(config: Mapping[str, Any]) -> None:
    """Vanishing must lie below exploding, and the learning rates be numbers in the precision of the training."""
    thresholds, dtype = config["thresholds"], np.dtype(config["training"]["dtype"])
    low, high = thresholds["vanishing_ratio"], thresholds["exploding_ratio"]
    if low >= high:
        raise ConfigError(f"thresholds.vanishing_ratio: {low:g} must be below exploding_ratio, {high:g}")
    for rate in config["learning_rates"]:
        if not float(np.finfo(dtype).tiny) <= rate <= float(np.finfo(dtype).max):
            raise ConfigError(f"learning_rates: {rate:g} is no number in {dtype}, the precision of the training")


def check_seed_axes(config: Mapping[str, Any]) -> None:
    """Scoring seeds that cross axes must be as many as the axes cross, in trained grids alone."""
    axes = SeedAxes.of(config)
    if axes is None:
        return
    for prefix, grid in grids(config):
        seeds = grid.get("seeds", config["seeds"])
        if seeds != axes.seeds:
            raise ConfigError(
                f"{prefix}seeds: {seeds} is not what seed_axes cross: {axes.split} × {axes.draw} × {axes.order} = {axes.seeds}"
            )
    if config["initial"] or not config["training"]["steps"]:
        raise ConfigError(
            "seed_axes: they cross trained runs; leave out initial grids, and let training.steps be 1 or more"
        )


def _check_name(key: str, kind: str, name: str, known: Collection[str] | Registry) -> None:
    if name not in known:
        raise ConfigError(f"{key}: unknown {kind} {name!r}{did_you_mean(name, known)}; there are: {', '.join(known)}")


def scheme_label(key: str, label: str) -> str:
    """The canonical label of a scheme, such as constant(0.1); ConfigError that says what is wrong with it."""
    if label.count("(") > label.count(")") or ("=" in label and "(" not in label):
        raise ConfigError(f"{key}: {label!r}: a comma in brackets cuts it; put it in quotes: 'constant(0.1,bias=0.1)'")
    name, _, rest = label.partition(" ")
    if name in SCHEMES and rest and "(" not in label:
        raise ConfigError(f"{key}: {label!r}: a scheme's values stand in brackets: '{name}({rest.strip()})'")
    _check_name(key, "scheme", label.partition("(")[0].strip(), SCHEMES)
    try:
        return parse_scheme(label).label
    except ValueError as error:
        raise ConfigError(f"{key}: {error}") from None


def check_cells(cells: Iterable[Cell]) -> None:
    """Each cell must have a folder of its own, and every scheme draw a small layer with each activation of its cells."""
    cells = list(cells)
    slugs: dict[str, Cell] = {}
    for cell in cells:
        if slugs.setdefault(cell.slug, cell) != cell:
            raise ConfigError(f"schemes: {cell.scheme!r} and {slugs[cell.slug].scheme!r} would share one folder")
    between = {cell.width for cell in cells if cell.depth > 1 and cell.width <= WIDEST_TRIAL}
    layers = [TRIAL_LAYER, *((width, width) for width in sorted(between))]
    pairs = sorted({(cell.scheme, cell.activation) for cell in cells})
    together(partial(_check_draws, *pair, layers) for pair in pairs)
    together(partial(_check_rates, *pair) for pair in sorted({(cell.scheme, cell.optimizer) for cell in cells}))


def _check_draws(label: str, activation: str, layers: Iterable[tuple[int, int]]) -> None:
    """The scheme must draw layers of these fans before the activation."""
    for fans in layers:
        try:
            with time_limit(f"drawing by the scheme {label}"):
                draw(label, np.random.default_rng(0), Layer(*fans, index=2, depth=2, activation=activation))
        except Exception as error:
            known = one_line(error).removeprefix(f"scheme {label}: ")
            raise ConfigError(
                f"schemes: {label} with {activation}, on a layer of {fans[0]} × {fans[1]}: {known}"
            ) from error


def _check_rates(label: str, optimizer: str) -> None:
    """The scheme must know its learning rates for the optimiser, if it states any."""
    try:
        rate_factors(label, Layer(*TRIAL_LAYER, index=2, depth=2), optimizer)
    except Exception as error:
        raise ConfigError(f"schemes: {label} with {optimizer}: {one_line(error)}") from error
