"""How far activations spread over inputs, per layer."""

from initbench.figures import Drawn, figure
from initbench.figures.per_layer import draw, hidden_layers, in_words, over_seeds


@figure("activation_spread", tables=("layers",))
def activation_spread(tables, words):
    """Standard deviation of activations over inputs, per layer."""
    frame = hidden_layers(tables, "activation_std_over_inputs")
    if frame.empty:
        return None
    caption = (
        "Does the output reflect the input? Standard deviation of a unit's activation across inputs (root mean square "
        "over units) at initialisation. Zero (no line) means the layer says the same whatever it is shown. "
        f"{in_words(frame)}, no normalisation; bands: middle half of the seeds."
    )
    return Drawn(
        draw(over_seeds(frame, frame["activation_std_over_inputs"]), "spread of a over inputs"),
        words("title"),
        caption,
        words("title"),
    )
