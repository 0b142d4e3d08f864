"""The sections that show what happens: symmetry, signal and training, each with its figures."""

from initbench.report import section


@section("symmetry", title="Symmetry: what one value does to a layer", place=30)
def symmetry(paths, study):
    """Figures only."""
    return {}


@section("signal", title="Signal: vanishing and exploding", place=40)
def signal(paths, study):
    """Figures only."""
    return {}


@section("training", title="Training: what becomes of it", place=60)
def training(paths, study):
    """Figures only."""
    return {}
