"""What a shard and a data set's splits are made from, as digests: their description, and the code and data behind them.

A digest follows the things that a shard uses, its scheme, activation, architecture and optimiser, so that a change of
another scheme leaves it alone; and all probes. Shards are trained by modules that lie above this one, which is why these
are named and not imported.
"""

import hashlib
from collections.abc import Iterable, Mapping
from functools import lru_cache

from initbench.activations import ACTIVATIONS
from initbench.architectures import ARCHITECTURES
from initbench.base.fingerprint import behind, code_of, content_of
from initbench.datasets import DATASETS
from initbench.optimizers import OPTIMIZERS
from initbench.probes import PROBES
from initbench.schemes import SCHEMES
from initbench.schemes.label import parse_scheme
from initbench.study.cells import Shard
from initbench.study.grid import Study

TRAINING = ("initbench.engine.training", "initbench.tables.shards")


def made_from(study: Study, shard: Shard) -> str:
    """Digest of all that a shard's numbers depend on, whichever seeds and learning rates it has."""
    cell, source = shard.cell, study.source(shard.cell.dataset)
    code = _code_of_training(*_names(shard))
    training = {name: value for name, value in shard.training.to_dict().items() if name != "learning_rates"}
    described: tuple = (sorted(vars(cell).items()), sorted(training.items()))
    if study.seed_axes:  # what a seed is
        described = (*described, sorted(vars(study.seed_axes).items()), code_of("initbench.engine.crossed"))
    return hashlib.sha256(repr((described, source, code, data_code(source))).encode()).hexdigest()[:32]


def extensions_of(study: Study, shards: Iterable[Shard]) -> list[str]:
    """The study's extensions that shards are trained with, in the study's order."""
    names = dict.fromkeys(map(_names, shards))
    return behind([thing for used in names for thing in trained_by(*used)], study.config["extensions"])


def used_by(study: Study) -> list:
    """The registered things by which a study's cells are drawn, trained and measured: what its readers may look up."""
    names = dict.fromkeys(map(_names, study.shards))
    found = {id(thing): thing for used in names for thing in trained_by(*used) if not isinstance(thing, str)}
    return list(found.values())


def _names(shard: Shard) -> tuple[str, ...]:
    """The names of the registered things that a shard uses."""
    cell = shard.cell
    return parse_scheme(cell.scheme).name, cell.activation, cell.architecture, cell.optimizer


def trained_by(scheme: str, activation: str, architecture: str = "mlp", optimizer: str = "sgd") -> tuple:
    """The engine and the registered things by which a shard is drawn, trained and measured."""
    own = (SCHEMES[scheme], ACTIVATIONS[activation], ARCHITECTURES[architecture], OPTIMIZERS[optimizer])
    return *TRAINING, *own, *(PROBES[name] for name in PROBES)


@lru_cache(maxsize=4096)
def _code_of_training(*names: str) -> str:
    return code_of(*trained_by(*names))


def data_code(source: str | Mapping) -> str:
    """Digest of what makes a data set's splits: its function, or what reads a user's table, and the file.

    A table at OpenML is one by its name and version, which stand in the source.
    """
    file = None if isinstance(source, str) else source.get("path")
    return _code_of_data(source if isinstance(source, str) else None) + (content_of(file) if file else "")


@lru_cache(maxsize=256)
def _code_of_data(name: str | None) -> str:
    return code_of(*prepared_by(name))


def prepared_by(source: str | Mapping | None) -> tuple:
    """What makes the splits of a data set: splitting, and the function of a registered one or what reads users' tables."""
    own = (DATASETS[source], "initbench.datasets.named") if isinstance(source, str) else ("initbench.datasets.own",)
    return "initbench.datasets.prepared", *own
