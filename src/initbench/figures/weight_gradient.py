"""The norm of the weight gradient, and what it hides."""

from initbench.figures import Drawn, figure
from initbench.figures.per_layer import draw, hidden_layers, in_words, over_seeds


@figure("weight_gradient", tables=("layers",))
def weight_gradient(tables, words):
    """Norm of the weight gradient per layer, to lay beside the backward signal."""
    frame = hidden_layers(tables, "gradient_norm")
    if frame.empty:
        return None
    caption = (
        "The norm of the weight gradient at initialisation, to lay beside the backward signal. It multiplies what comes "
        "back with what went forward, so where both shrink it is nearly flat across layers: a flat line here does not "
        "mean that the signal survives (Glorot & Bengio 2010, eq. 14). For one-value starts the loss's own cotangent "
        f"cancels, and what is shown is rounding. {in_words(frame)}, no normalisation; bands: middle half of the seeds."
    )
    return Drawn(draw(over_seeds(frame, frame["gradient_norm"]), "‖∂loss/∂W‖"), words("title"), caption, words("title"))
