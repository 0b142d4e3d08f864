"""initbench: how a neural network's parameters should start, measured.

study = initbench.load_study("config.yaml")
tables = initbench.train(study.cells[0], seeds=range(3), training=study.training)
weight, bias = initbench.draw("he_normal", numpy.random.default_rng(0), initbench.Layer(64, 64))
"""

import importlib

# what a type checker and an editor see of these names is written in __init__.pyi
_HOME = {
    "Cell": "study.cells",
    "Layer": "schemes",
    "Training": "study.cells",
    "draw": "schemes.draw",
    "load_study": "study.grid",
    "loss_and_gradients": "architectures.mlp",
    "rate_factors": "schemes.rates",
    "scheme": "schemes",
    "train": "tables.train",
}
__all__ = [*_HOME, "theory"]


def __getattr__(name: str):
    """Load a public name from its module on first use, so that a training job imports only what it needs."""
    if name == "__version__":
        return importlib.import_module("importlib.metadata").version("initbench")
    if name == "theory":
        return importlib.import_module("initbench.theory")
    if name not in _HOME:
        raise AttributeError(f"module 'initbench' has no attribute {name!r}")
    return getattr(importlib.import_module(f"initbench.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    """List the public names, loaded or not."""
    return sorted({*globals(), *__all__, "__version__"})
