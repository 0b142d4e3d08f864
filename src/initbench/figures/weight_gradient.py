"""The norm of the weight gradient, and what it hides."""

from initbench.figures import figure
from initbench.figures.per_layer import EMPTY, draw, hidden_layers, in_words, over_seeds
from initbench.figures.style import nothing


@figure("weight_gradient", title="The weight gradient, and what it hides", tables=("layers",))
def weight_gradient(tables):
    """Norm of the weight gradient per layer, to lay beside the backward signal."""
    frame = hidden_layers(tables, "gradient_norm")
    if frame.empty:
        return nothing(EMPTY)
    return draw(over_seeds(frame, frame["gradient_norm"]), "‖∂loss/∂W‖"), (
        "The norm of the weight gradient at initialisation, to lay beside the backward signal. It multiplies what comes "
        "back with what went forward, so where both shrink it is nearly flat across layers: a flat line here does not "
        "mean that the signal survives (Glorot & Bengio 2010, eq. 14). For one-value starts the loss's own cotangent "
        f"cancels, and what is shown is rounding. {in_words(frame)}, no normalisation; bands: middle half of the seeds."
    )
