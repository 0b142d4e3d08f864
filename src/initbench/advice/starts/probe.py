"""A measurement of my own: a number of each layer, at every step that is recorded."""

from initbench.extend import Column, probe

# A probe measures every run of a study, so a new one trains the study again. What it may look at: initbench.probes.snapshot.


@probe("my_name", columns=[Column("my_name", float, "largest less smallest pre-activation of the layer")])
def my_name(layer):
    """The column of the table layers: arrays lead with the networks that are trained together, (networks, samples, units)."""
    z = layer.preactivation
    return {"my_name": (z.max(axis=(1, 2)) - z.min(axis=(1, 2))).astype(float)}
