"""The sections that show what happens: symmetry, signal and training, each with its figures."""

from initbench.report.sections import section


@section("symmetry", title="Symmetry: what one value does to a layer")
def symmetry(tables, study):
    """Figures only."""
    return {}


@section("signal", title="Signal: vanishing and exploding")
def signal(tables, study):
    """Figures only."""
    return {}


@section("training", title="Training: what becomes of it")
def training(tables, study):
    """Figures only."""
    return {}
