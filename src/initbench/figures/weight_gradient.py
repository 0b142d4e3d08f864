"""The norm of the weight gradient, and what it hides."""

from initbench.figures import figure
from initbench.figures.layers_at_start import draw


@figure(
    "weight_gradient", title="The weight gradient, and what it hides", section="signal", place=5, tables=("layers",)
)
def weight_gradient(tables):
    """Norm of the weight gradient per layer, to lay beside the backward signal."""
    drawn, what = draw(tables, "gradient_norm", "‖∂loss/∂W‖", square=False, only_hidden=True, relative=False)
    return drawn, (
        "The norm of the weight gradient at initialisation, to lay beside the backward signal. It multiplies what comes "
        "back with what went forward, so where both shrink it is nearly flat across layers: a flat line here does not "
        "mean that the signal survives (Glorot & Bengio 2010, eq. 14). For one-value starts the loss's own cotangent "
        f"cancels, and what is shown is rounding. {what.capitalize()}, no normalisation; bands: middle half of the seeds."
    )
