"""Replications of published experiments, a folder each: the study, its findings beside the paper's, and the figure.

A study chooses its replication by the key `replication`; its findings become a section of the report. The function gets
the study's tables and returns findings; every number of ours in them is computed from the tables, every published
one is quoted with its place in the paper, and the verdict follows from a rule that stands in the finding's `rule`.
"""

import pkgutil
from collections.abc import Callable
from dataclasses import dataclass

from initbench.base.registry import Registry, UnknownNameError

REPLICATIONS = Registry("replication", "initbench.replications", takes=("tables",))

TABLES = ("runs", "signal", "layers", "history")  # what a replication may read
REPRODUCED, PARTLY, NOT = "reproduced", "reproduced in part", "not reproduced"
UNTOLD, UNTESTED = "cannot be told", "not tested"


@dataclass(frozen=True)
class Finding:
    """One result of a paper beside ours.

    claim: what the paper finds. published: its figure or number, with the place. measured: ours, with the numbers. rule:
    when ours counts as the same. verdict: reproduced, reproduced in part, not reproduced, cannot be told or not tested.
    """

    claim: str
    published: str
    measured: str
    rule: str
    verdict: str


@dataclass(frozen=True)
class Replication:
    """A published experiment: `function(tables)` returns its findings from the tables of its study.

    paper: full reference. scaling: (what, in the paper, here) for everything that the study changes. consequence: what
    that does to the numbers. quoted: with which text the published words and numbers were compared.
    """

    name: str
    paper: str
    scaling: tuple[tuple[str, str, str], ...]
    consequence: str
    quoted: str
    function: Callable[..., list[Finding]]


def replication(
    name: str, *, paper: str, scaling: tuple[tuple[str, str, str], ...], consequence: str, quoted: str = ""
):
    """Register the decorated function as the replication `name`."""

    return REPLICATIONS.register(
        name, lambda function: Replication(name, paper, scaling, consequence, quoted, function)
    )


def check_replication(name: str | None) -> None:
    """Raise UnknownNameError, with the names that there are, unless a study may choose this replication, or none."""
    shipped = {module.name for module in pkgutil.iter_modules(__path__) if module.ispkg}  # without importing them
    known = sorted(shipped | set(REPLICATIONS.registered()))
    if name is not None and name not in known:
        raise UnknownNameError(f"replication: unknown replication {name!r}; there are: {', '.join(known)}")


def verdict(*parts: bool | None) -> str:
    """Of a finding with these parts: all hold, some do, none does; None is a part that the study could not test."""
    tested = [part for part in parts if part is not None]
    if not tested:
        return UNTESTED
    return REPRODUCED if all(tested) and len(tested) == len(parts) else PARTLY if any(tested) else NOT
