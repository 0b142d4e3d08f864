"""The backward signal per layer at initialisation."""

from initbench.figures import figure
from initbench.figures.layers_at_start import draw


@figure("backward_signal", title="The backward signal at initialisation", section="signal", place=3, tables=("layers",))
def backward_signal(tables):
    """δ² per layer relative to the last hidden layer, log scale."""
    drawn, what = draw(
        tables, "delta_rms_gaussian", "δ² / δ² of the last hidden layer", square=True, only_hidden=True, relative=True
    )
    return drawn, (
        "The backward signal at initialisation: mean over seeds of the squared cotangent δ² at each layer, relative to "
        "the last hidden layer, for an independent Gaussian cotangent at the logits. Read from right to left: a falling "
        f"line is a vanishing gradient, a rising one exploding. A missing line is exactly zero. {what.capitalize()}, no "
        "normalisation; bands: middle half of the seeds."
    )
