"""Data sets, one a module; `loading` reads, splits and scales them.

A data set is a function registered by name that returns features (samples, features) and labels (samples,). A user's
own file needs no code: it is described in the study's config.
"""

from initbench.base.registry import Registry

DATASETS = Registry("data set", "initbench.datasets", check="initbench.datasets.check:check")


def dataset(name: str):
    """Register the decorated function as the data set `name`.

    Args:
        name: As studies write it.

    Returns:
        A decorator of a function without arguments, which returns (features, labels), of shapes (samples, features) and (samples,).

    Raises:
        ValueError: For a name that is taken or not allowed.
    """
    return DATASETS.register(name)
