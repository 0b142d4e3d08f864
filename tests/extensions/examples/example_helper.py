"""A module beside an extension."""


def spread(gain, fan_in):
    """The scale of a Laplace distribution of variance gain² / fan_in."""
    return gain / (2 * fan_in) ** 0.5
