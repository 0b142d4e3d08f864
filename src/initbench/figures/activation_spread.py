"""How far activations spread over inputs, per layer."""

from initbench.figures import figure
from initbench.figures.layers_at_start import draw


@figure(
    "activation_spread", title="How much activations depend on the input", section="signal", place=4, tables=("layers",)
)
def activation_spread(tables):
    """Standard deviation of activations over inputs, per layer."""
    drawn, what = draw(
        tables, "activation_std_over_inputs", "spread of a over inputs", square=False, only_hidden=True, relative=False
    )
    return drawn, (
        "Does the output reflect the input? Standard deviation of a unit's activation across inputs (root mean square "
        "over units) at initialisation. Zero (no line) means the layer says the same whatever it is shown. "
        f"{what.capitalize()}, no normalisation; bands: middle half of the seeds."
    )
