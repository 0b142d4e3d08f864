"""The door for extensions: the decorators by which a user's file adds things of every kind.

from initbench.extend import activation, analysis, architecture, claim, dataset, figure, optimizer, probe, scheme, section
from initbench.extend import Column, Drawn

A name is loaded from its module when it is asked for, so that a file which adds a scheme imports no plotting library.
"""

import importlib
from typing import Any

_HOME = {
    "scheme": "schemes",
    "activation": "activations",
    "architecture": "architectures",
    "optimizer": "optimizers",
    "dataset": "datasets",
    "probe": "probes",
    "analysis": "analyses",
    "claim": "claims",
    "figure": "figures",
    "Drawn": "figures",
    "section": "report.sections",
    "Column": "base.columns",
}
__all__ = sorted(_HOME)


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'initbench.extend' has no {name!r}; there are: {', '.join(__all__)}")
    return getattr(importlib.import_module(f"initbench.{_HOME[name]}"), name)
