"""Replications of published experiments, a folder each: the study, its findings beside the paper's, and the figure.

A study chooses its replication by the key `replication`; its findings become a section of the report. The function gets
the study's tables and returns findings as data; every number of ours in them is computed from the tables, every published
one is quoted with its place in the paper, and the verdict follows from a rule that stands in the finding's `rule`. What is said
of them stands in the catalogue of words, in every language.
"""

import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from initbench.base.registry import Registry, UnknownNameError
from initbench.base.suggest import did_you_mean

REPLICATIONS = Registry("replication", "initbench.replications", takes=("tables",))

TABLES = ("runs", "signal", "layers", "history")  # what a replication may read
REPRODUCED, PARTLY, NOT = "reproduced", "reproduced in part", "not reproduced"
UNTOLD, UNTESTED = "cannot be told", "not tested"


@dataclass(frozen=True)
class Finding:
    """One result of a paper beside ours; its texts, in the catalogue of words, are called by `name`.

    They are `claim`, what the paper finds; `published`, its figure or number, with the place; `measured`, ours, with the
    numbers; `rule`, when ours counts as the same. values: what the texts are filled in with (initbench.replications.said).
    verdict: reproduced, reproduced in part, not reproduced, cannot be told or not tested. there: whether the study has a network
    of those that it takes; where it has none, a sentence that all share stands in the place of `measured`.
    """

    name: str
    verdict: str
    values: Mapping[str, object] = field(default_factory=dict)
    there: bool = True


@dataclass(frozen=True)
class Replication:
    """A published experiment: `function(tables)` returns its findings from the tables of its study.

    texts: language → its texts, for one that the catalogue of words lacks.
    """

    name: str
    function: Callable[..., list[Finding]]
    texts: Mapping[str, Mapping] | None = None


def replication(name: str, *, texts: Mapping[str, Mapping] | None = None):
    """Register the decorated function as the replication `name`.

    Its texts stand in the catalogue of words, `replications.<name>`: `paper`, the full reference; `consequence`, what the
    scaling does to the numbers; `quoted`, with which text the published words and numbers were compared; `scaling`, a table
    of `what`, `there` (in the paper) and `here` for everything that the study changes; and a table a finding. A replication of
    your own may give them as `texts`, {"en": {...}}.
    """
    return REPLICATIONS.register(name, lambda function: Replication(name, function, texts))


def check_replication(name: str | None) -> None:
    """Raise UnknownNameError, with the names that there are, unless a study may choose this replication, or none."""
    shipped = {module.name for module in pkgutil.iter_modules(__path__) if module.ispkg}  # without importing them
    known = sorted(shipped | set(REPLICATIONS.registered()))
    if name is not None and name not in known:
        raise UnknownNameError(
            f"replication: unknown replication {name!r}{did_you_mean(name, known)}; there are: {', '.join(known)}"
        )


def missing(name: str, **values: object) -> Finding:
    """A finding of which the study has no network; values: what its other texts are filled in with."""
    return Finding(name, UNTESTED, values, there=False)


def verdict(*parts: bool | None) -> str:
    """Of a finding with these parts: all hold, some do, none does; None is a part that the study could not test."""
    tested = [part for part in parts if part is not None]
    if not tested:
        return UNTESTED
    return REPRODUCED if all(tested) and len(tested) == len(parts) else PARTLY if any(tested) else NOT
