"""The backward signal per layer at initialisation."""

from initbench.figures import figure
from initbench.figures.per_layer import EMPTY, draw, hidden_layers, in_words, over_seeds, relative_to_last
from initbench.figures.style import nothing


@figure("backward_signal", title="The backward signal at initialisation", tables=("layers",))
def backward_signal(tables):
    """δ² per layer relative to the last hidden layer, log scale."""
    frame = hidden_layers(tables, "delta_rms_gaussian")
    if frame.empty:
        return nothing(EMPTY)
    summary = relative_to_last(over_seeds(frame, frame["delta_rms_gaussian"] ** 2))
    return draw(summary, "δ² / δ² of the last hidden layer"), (
        "The backward signal at initialisation: mean over seeds of the squared cotangent δ² at each layer, relative to "
        "the last hidden layer, for an independent Gaussian cotangent at the logits. Read from right to left: a falling "
        f"line is a vanishing gradient, a rising one exploding. A missing line is exactly zero. {in_words(frame)}, no "
        "normalisation; bands: middle half of the seeds."
    )
