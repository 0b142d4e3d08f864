"""The backward signal per layer at initialisation."""

from initbench.figures import Drawn, figure
from initbench.figures.per_layer import draw, hidden_layers, in_words, over_seeds, relative_to_last


@figure("backward_signal", tables=("layers",))
def backward_signal(tables, words):
    """δ² per layer relative to the last hidden layer, log scale."""
    frame = hidden_layers(tables, "delta_rms_gaussian")
    if frame.empty:
        return None
    summary = relative_to_last(over_seeds(frame, frame["delta_rms_gaussian"] ** 2))
    caption = (
        "The backward signal at initialisation: mean over seeds of the squared cotangent δ² at each layer, relative to "
        "the last hidden layer, for an independent Gaussian cotangent at the logits. Read from right to left: a falling "
        f"line is a vanishing gradient, a rising one exploding. A missing line is exactly zero. {in_words(frame)}, no "
        "normalisation; bands: middle half of the seeds."
    )
    return Drawn(draw(summary, "δ² / δ² of the last hidden layer"), words("title"), caption, words("title"))
