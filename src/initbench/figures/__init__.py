"""Figures, one a module: a function registered by name takes paths of tables and returns (figure, caption)."""

from initbench.registry import Registry

FIGURES = Registry("figure", "initbench.figures")


def figure(name: str):
    """Register the decorated function as the figure `name`; its module must have that name."""

    def register(function):
        FIGURES.add(name, function)
        return function

    return register
